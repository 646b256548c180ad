/** What results need to be drawn: pure, without a browser. */
import type { Comparison, Recommendation, Results, Timeline } from "./api.ts";

/** An interval on a picture; an end that is null has no bound. */
export interface Span {
  name: string;
  low: number | null;
  high: number | null;
  at: number | null;
}

/** The deciding interval of every variant. */
export const spansOf = (comparisons: Comparison[]): Span[] =>
  comparisons.map((one) => ({
    name: one.variant,
    low: one.always_valid.relative_interval?.[0] ?? null,
    high: one.always_valid.relative_interval?.[1] ?? null,
    at: one.relative_lift,
  }));

// Beyond these a picture shows an arrow: an interval of an hour's visitors would squeeze all others to a line.
const FARTHEST = 2;
const NEAREST = 0.05;

/** Half the width of an axis around 0 that shows these ends, as far as they are of interest. */
export function reachOf(ends: (number | null)[]): number {
  const finite = ends.filter((end): end is number => end !== null).map(Math.abs);
  return Math.min(FARTHEST, Math.max(NEAREST, ...finite) * 1.1);
}

/** A lift as people read it: with its sign, and the digits that it deserves. */
export function lift(fraction: number | null): string {
  if (fraction === null) return "–";
  const hundredths = Math.abs(fraction * 100);
  const text = hundredths.toFixed(hundredths < 10 ? 1 : 0);
  if (Number(text) === 0) return "0 %";
  return `${fraction < 0 ? "−" : "+"}${text} %`;
}

/** An interval of lifts in words. */
export function lifts(low: number | null, high: number | null): string {
  if (low === null && high === null) return "may be anything";
  if (high === null) return `at least ${lift(low)}`;
  if (low === null) return `at most ${lift(high)}`;
  return `${lift(low)} to ${lift(high)}`;
}

/** A p-value: small ones as powers of ten. */
export function pValue(p: number | null): string {
  if (p === null) return "–";
  if (p < 1e-300) return "< 1e-300";
  return p < 0.001 ? p.toExponential(1) : p.toFixed(3);
}

/** A chance: never "100 %", because nothing is. */
export function chance(fraction: number | null): string {
  if (fraction === null) return "–";
  if (fraction > 0.999) return "> 99.9 %";
  if (fraction < 0.001) return "< 0.1 %";
  return `${(fraction * 100).toFixed(1)} %`;
}

const PHASES: Record<Recommendation["phase"], { word: string; mood: string }> = {
  collecting: { word: "Collecting", mood: "is-quiet" },
  running: { word: "Running", mood: "is-running" },
  decided: { word: "Decided", mood: "is-decided" },
  invalid: { word: "Invalid", mood: "is-invalid" },
};

/** The word and the look of a phase. Green is for what is decided by a success, and for nothing else. */
export function phaseOf({ phase, severity }: Recommendation): { word: string; mood: string } {
  const known = PHASES[phase];
  return phase === "decided" && severity === "success" ? { ...known, mood: "is-won" } : known;
}

export interface Band {
  at: Date;
  low: number | null;
  high: number | null;
  mid: number | null;
}

/** How one variant's interval narrowed. */
export const bandOf = (timeline: Timeline, variant: string): Band[] =>
  timeline.points.map((point) => {
    const one = point.comparisons.find((comparison) => comparison.variant === variant);
    return {
      at: new Date(point.at),
      low: one?.relative_interval?.[0] ?? null,
      high: one?.relative_interval?.[1] ?? null,
      mid: one?.relative_lift ?? null,
    };
  });

/** The revision to go back to, if the present one shipped a variant. */
export function shippedFrom(results: Results): number | null {
  const revisions = results.timeline.revisions;
  const [before, last] = revisions.slice(-2);
  return last?.action === "shipped" && before !== undefined ? before.revision : null;
}

const ACTIONS: Record<string, string> = {
  created: "created",
  variants_changed: "variants changed",
  split_changed: "split changed",
  shipped: "a variant shipped",
  restored: "taken back",
};

export const actionOf = (action: string): string => ACTIONS[action] ?? action;

/** Whole days as people say them. */
export function days(value: number | null): string {
  if (value === null) return "–";
  if (value > 60) return "more than 60 days";
  return value === 1 ? "1 day" : `${value} days`;
}
