/** A plan while it is being typed: percents on the screen, fractions on the wire. Pure. */
import type { components } from "../api/generated/abtest.ts";

type Schemas = components["schemas"];
export type ExperimentPlan = Schemas["ExperimentPlan"];
export type NewPlan = Schemas["NewPlan"];

/** All as typed, in percent; without an expected rate there is no plan. */
export interface PlanDraft {
  baseline: string;
  lift: string;
  power: string;
  alpha: string;
}

export const NO_PLAN: PlanDraft = { baseline: "", lift: "10", power: "80", alpha: "5" };

interface Range {
  field: keyof PlanDraft;
  pointer: string;
  low: number;
  high: number;
}

const RANGES: readonly Range[] = [
  { field: "baseline", pointer: "/plan/baseline_rate", low: 0.0001, high: 99.9999 },
  { field: "lift", pointer: "/plan/mde_relative", low: 0.1, high: 10_000 },
  { field: "power", pointer: "/plan/power", low: 50.1, high: 99.9 },
  { field: "alpha", pointer: "/plan/alpha", low: 0.0001, high: 50 },
];

/** 5 of 0.05, without the dust of binary fractions. */
const percentText = (fraction: number): string => String(Number((fraction * 100).toPrecision(12)));

const fraction = (text: string): number => Number((Number(text.trim()) / 100).toPrecision(12));

export function planDraftOf(plan: ExperimentPlan | null): PlanDraft {
  if (plan === null) return NO_PLAN;
  const { baseline_rate: baseline, mde_relative: lift, power, alpha } = plan;
  return {
    baseline: percentText(baseline),
    lift: percentText(lift),
    power: percentText(power),
    alpha: percentText(alpha),
  };
}

/** What is wrong, under the pointers that the service uses. */
export function planMistakes(draft: PlanDraft): [string, string][] {
  if (draft.baseline.trim() === "") return [];
  return RANGES.filter(({ field, low, high }) => {
    const text = draft[field].trim();
    const number = Number(text);
    return !/^\d+(\.\d+)?$/.test(text) || number < low || number > high;
  }).map(({ pointer, low, high }) => [pointer, `a number from ${low} to ${high}`]);
}

/** What is sent; null for no plan. */
export function planOf(draft: PlanDraft): NewPlan | null {
  if (draft.baseline.trim() === "") return null;
  return {
    baseline_rate: fraction(draft.baseline),
    mde_relative: fraction(draft.lift),
    power: fraction(draft.power),
    alpha: fraction(draft.alpha),
  };
}

export const isSamePlan = (one: NewPlan | null, other: NewPlan | null): boolean =>
  JSON.stringify(valuesOf(one)) === JSON.stringify(valuesOf(other));

const valuesOf = (plan: NewPlan | null) =>
  plan === null ? null : [plan.baseline_rate, plan.mde_relative, plan.power, plan.alpha];

/** A plan as it reads on the screen. */
export const planText = (plan: NewPlan | null): string =>
  plan === null
    ? "none"
    : `a lift of ${percentText(plan.mde_relative ?? 0.1)} % over ${percentText(plan.baseline_rate)} %, found with ${percentText(
        plan.power ?? 0.8,
      )} %, ${percentText(plan.alpha ?? 0.05)} % false alarms`;
