import { expect, test } from "vitest";
import { calculationOf, type Draft, FIRST, mistakeOf, numberOf, withoutRow, withRow } from "./draft.ts";

const typed = (part: Partial<Draft["rows"][number]>): Draft => ({
  ...FIRST,
  rows: FIRST.rows.map((row, index) => (index === 0 ? { ...row, ...part } : row)),
});

test("numbers are read as people write them", () => {
  expect([numberOf("10 000"), numberOf("10,000"), numberOf("2.5"), numberOf(""), numberOf("1e9")]).toEqual([
    10000,
    10000,
    2.5,
    null,
    null,
  ]);
});

test("what is wrong is named", () => {
  expect(mistakeOf(FIRST)).toBeNull();
  expect(mistakeOf(typed({ conversions: "10001" }))).toBe("A: more conversions than visitors.");
  expect(mistakeOf(typed({ visitors: "-1" }))).toBe("A: visitors must be a whole number.");
  expect(mistakeOf(typed({ percent: "half" }))).toBe("A: the share must be a number.");
  expect(mistakeOf({ ...FIRST, lift: "0" })).toBe("The smallest lift must be a number, and not 0.");
  expect(calculationOf(typed({ visitors: "x" }))).toBeNull();
});

test("what is asked leaves out what is not said", () => {
  expect(calculationOf(FIRST)).toEqual({
    variants: [
      { key: "A", visitors: 10000, conversions: 500 },
      { key: "B", visitors: 10000, conversions: 580 },
    ],
    traffic_split: [50, 50],
    mde_relative: 0.1,
  });
  expect(calculationOf({ ...FIRST, baseline: "5", daily: "2 000" })).toMatchObject({
    baseline_rate: 0.05,
    visitors_per_day: 2000,
  });
});

test("rows come and go, and two stay", () => {
  const three = withRow(FIRST);
  expect(three.rows.map((row) => [row.name, row.percent])).toEqual([
    ["A", "33.33"],
    ["B", "33.33"],
    ["C", "33.33"],
  ]);
  expect(withoutRow(three, 0).rows.map((row) => row.name)).toEqual(["B", "C"]);
  expect(withoutRow(FIRST, 0)).toBe(FIRST);
});
