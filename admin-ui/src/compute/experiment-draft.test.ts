/** The split editor's arithmetic, and what is sent of a draft. */
import { expect, test } from "vitest";
import { anExperiment } from "../testing/samples.ts";
import {
  changesOf,
  draftOf,
  equalSplit,
  experimentOf,
  mistakes,
  newDraft,
  percentOf,
  removedVariants,
  total,
  withRest,
  withVariant,
} from "./experiment-draft.ts";

const rows = (...percents: string[]) => percents.map((percent, row) => ({ row, name: `v${row}`, percent }));
const percents = (variants: { percent: string }[]) => variants.map((variant) => variant.percent);

test("an equal split totals 100 for every number of variants", () => {
  for (let size = 2; size <= 20; size += 1) {
    expect(total(equalSplit(rows(...Array(size).fill("0"))))).toBe(100);
  }
  expect(percents(equalSplit(rows("", "", "")))).toEqual(["34", "33", "33"]);
});

test("only whole percents from 0 to 100 count", () => {
  const read = (percent: string) => percentOf({ row: 0, name: "a", percent });
  expect(["0", "100", " 7 ", "", "101", "-1", "1.5", "1e2", "abc"].map(read)).toEqual([
    0,
    100,
    7,
    null,
    null,
    null,
    null,
    null,
    null,
  ]);
});

test("the rest completes the split and is never negative", () => {
  expect(percents(withRest(rows("30", "30", "0"), 2))).toEqual(["30", "30", "40"]);
  expect(percents(withRest(rows("80", "80"), 1))).toEqual(["80", "20"]);
  expect(percents(withRest(rows("100", "80", "5"), 2))).toEqual(["100", "80", "0"]);
});

test("a new row never takes over the place of a removed one", () => {
  const three = withVariant(rows("50", "50"));
  const afterRemoval = withVariant(three.filter((variant) => variant.row !== 1));
  expect(afterRemoval.map((variant) => variant.row)).toEqual([0, 2, 3]);
});

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
