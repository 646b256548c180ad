/** What two people changed, side by side. */
import { expect, test } from "vitest";
import { differences } from "./differences.ts";

const before = { Name: "Hero", Split: "50/50", Status: "active" };

test("a field of either side is shown, one that nobody touched is not", () => {
  const found = differences(before, { ...before, Name: "Heroine" }, { ...before, Split: "10/90" });
  expect(found).toEqual([
    { label: "Name", yours: "Heroine", theirs: "Hero", isTheirChange: false },
    { label: "Split", yours: null, theirs: "10/90", isTheirChange: true },
  ]);
});

test("a field that both changed is shown once, unless both made it the same", () => {
  const both = differences(before, { ...before, Name: "Zeus" }, { ...before, Name: "Hera" });
  expect(both).toEqual([{ label: "Name", yours: "Zeus", theirs: "Hera", isTheirChange: true }]);
  expect(differences(before, { ...before, Name: "Hera" }, { ...before, Name: "Hera" })).toEqual([]);
});
