import { expect, test } from "vitest";
import { chance, days, lift, lifts, phaseOf, pValue, reachOf } from "./compute.ts";

test("numbers are read with the digits they deserve", () => {
  expect([lift(0.16), lift(-0.0396), lift(0), lift(null), lift(-0.0001)]).toEqual([
    "+16 %",
    "−4.0 %",
    "0 %",
    "–",
    "0 %",
  ]);
  expect(lifts(-0.04, 0.41)).toBe("−4.0 % to +41 %");
  expect([lifts(null, null), lifts(0.1, null), lifts(null, 0.2)]).toEqual([
    "may be anything",
    "at least +10 %",
    "at most +20 %",
  ]);
  expect([pValue(0.0421), pValue(2e-7), pValue(0), pValue(null)]).toEqual(["0.042", "2.0e-7", "< 1e-300", "–"]);
  expect([days(1), days(9), days(61)]).toEqual(["1 day", "9 days", "more than 60 days"]);
});

test("nothing is certain", () =>
  expect([chance(1), chance(0), chance(0.5)]).toEqual(["> 99.9 %", "< 0.1 %", "50.0 %"]));

test("an axis has room for what is of interest, and not for everything", () => {
  expect(reachOf([null, null])).toBeCloseTo(0.055);
  expect(reachOf([-0.1, 0.4])).toBeCloseTo(0.44);
  expect(reachOf([-1, 900])).toBe(2);
});

test("green is earned: only by a success that is decided", () => {
  const one = { state: "winner", variant: "b", headline: "", body: "", next_step: "", cautions: [] } as const;
  const mood = (phase: "running" | "decided", severity: "info" | "success") =>
    phaseOf({ ...one, cautions: [], phase, severity }).mood;
  expect(mood("decided", "success")).toBe("is-won");
  expect(mood("decided", "info")).toBe("is-decided");
  expect(mood("running", "success")).toBe("is-running");
});
