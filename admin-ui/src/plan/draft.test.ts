/** A plan while it is being typed. */
import { expect, test } from "vitest";
import { isSamePlan, NO_PLAN, planDraftOf, planMistakes, planOf, planText } from "./draft.ts";

const PLAN = { baseline_rate: 0.07, mde_relative: 0.1, power: 0.8, alpha: 0.05, tuning_visitors: 43_000 };

test("percents are typed and fractions are sent, and both ways lose nothing", () => {
  expect(planDraftOf(PLAN)).toEqual({ baseline: "7", lift: "10", power: "80", alpha: "5" });
  expect(planOf(planDraftOf(PLAN))).toEqual({ baseline_rate: 0.07, mde_relative: 0.1, power: 0.8, alpha: 0.05 });
  expect(isSamePlan(planOf(planDraftOf(PLAN)), PLAN)).toBe(true);
  for (let tenths = 1; tenths < 999; tenths += 1) {
    const plan = { ...PLAN, baseline_rate: tenths / 1000 };
    expect(planOf(planDraftOf(plan))?.baseline_rate).toBe(plan.baseline_rate);
  }
});

test("without an expected rate there is no plan, whatever else is typed", () => {
  expect(planOf(NO_PLAN)).toBeNull();
  expect(planDraftOf(null)).toEqual(NO_PLAN);
  expect(planMistakes({ ...NO_PLAN, lift: "much" })).toEqual([]);
});

test("mistakes stand under the pointers that the service uses", () => {
  const mistakes = planMistakes({ baseline: "5%", lift: "0", power: "50", alpha: "" });
  expect(mistakes.map(([pointer]) => pointer)).toEqual([
    "/plan/baseline_rate",
    "/plan/mde_relative",
    "/plan/power",
    "/plan/alpha",
  ]);
});

test("a plan reads as a sentence", () => {
  expect(planText(PLAN)).toBe("a lift of 10 % over 7 %, found with 80 %, 5 % false alarms");
  expect(planText(null)).toBe("none");
});
