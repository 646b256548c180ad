/** What is sent of a draft, and what is wrong with it. */
import { expect, test } from "vitest";
import { anExperiment } from "../testing/samples.ts";
import { changesOf, draftOf, experimentOf, mistakes, newDraft, removedVariants } from "./experiment-draft.ts";

const rows = (...percents: string[]) => percents.map((percent, row) => ({ row, name: `v${row}`, percent }));

test("mistakes stand under the pointers that the service uses", () => {
  const draft = { ...newDraft(), variants: rows("50", "x") };
  draft.variants[1] = { row: 1, name: " v0 ", percent: "x" };
  expect([...mistakes(draft)]).toEqual([
    ["/name", ["an experiment needs a name"]],
    ["/variants/1", ["variant 1 has this name already"]],
    ["/traffic_split/1", ["a whole percent from 0 to 100"]],
    ["/traffic_split", ["must total 100, is 50"]],
  ]);
  expect(mistakes({ ...newDraft(), name: "Colours" }).size).toBe(0);
});

test("what is sent is trimmed and complete", () => {
  const draft = { ...newDraft(), name: " Colours " };
  expect(experimentOf(draft)).toEqual({
    name: "Colours",
    description: "",
    variants: ["control", "variant"],
    traffic_split: { control: 50, variant: 50 },
    plan: null,
    variant_content: {},
    is_active: true,
  });
});

test("only what was changed is sent, variants and split together", () => {
  const before = anExperiment();
  const draft = draftOf(before);
  expect(changesOf(before, draft)).toEqual({});
  expect(changesOf(before, { ...draft, description: "why" })).toEqual({ description: "why" });
  const shifted = draft.variants.map((variant, index) => ({ ...variant, percent: index === 0 ? "60" : "40" }));
  expect(changesOf(before, { ...draft, variants: shifted })).toEqual({ traffic_split: { neon: 60, synthwave: 40 } });
  const renamed = draft.variants.map((variant, index) => (index === 0 ? { ...variant, name: "dusk" } : variant));
  expect(changesOf(before, { ...draft, variants: renamed })).toEqual({
    variants: ["dusk", "synthwave"],
    traffic_split: { dusk: 50, synthwave: 50 },
  });
  expect(removedVariants(before, { ...draft, variants: renamed })).toEqual(["neon"]);
});

test("another order of the variants is a change: the assignment rule walks them in order", () => {
  const before = anExperiment();
  const draft = draftOf(before);
  expect(changesOf(before, { ...draft, variants: draft.variants.toReversed() }).variants).toEqual([
    "synthwave",
    "neon",
  ]);
});
