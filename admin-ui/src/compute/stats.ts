/** From the counts of the metrics service to what the dashboard draws. */
import type { Stats } from "../api/events.ts";

/** One bar, one slice, one line of a legend. */
export interface Counted {
  name: string;
  count: number;
}

export interface Kpis {
  events: number;
  visitors: number;
  views: number;
  clicks: number;
  submissions: number;
  clickRate: number | null;
  submitRate: number | null;
}

export interface ConversionRow {
  variant: string;
  views: number;
  clicks: number;
  submissions: number;
  clickRate: number | null;
  submitRate: number | null;
}

/** A part of a whole; of nothing there is no part. May exceed 1: a visitor can click without a recorded view. */
export const rate = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);

/** Largest first; equal counts by name, so that nothing jumps when numbers are read again. */
export const ranked = (counts: Record<string, number>): Counted[] =>
  Object.entries(counts)
    .map(([name, count]) => ({ name, count }))
    .sort((a, b) => b.count - a.count || a.name.localeCompare(b.name));

/** What enters no result, always in this order: a figure that is zero says something, too. */
export const leftOut = ({ excluded, erased }: Stats): Counted[] => [
  { name: "robots", count: excluded.robot },
  { name: "previews", count: excluded.preview },
  { name: "not recorded on request", count: excluded.no_track },
  { name: "erased", count: erased.events },
];

/** All variants together: visitors are summed over variants, as each visitor has one. */
export function kpis(stats: Stats): Kpis {
  const rows = Object.values(stats.conversion_by_variant);
  const sum = (of: "views" | "clicks" | "submissions") => rows.reduce((total, row) => total + row[of], 0);
  const [views, clicks, submissions] = [sum("views"), sum("clicks"), sum("submissions")];
  return {
    events: stats.total_events,
    visitors: stats.unique_visitors,
    views,
    clicks,
    submissions,
    clickRate: rate(clicks, views),
    submitRate: rate(submissions, views),
  };
}

/** Every variant that has a number or is known, the known ones first and in the experiment's order. */
export function variantsOf(stats: Stats, known: readonly string[]): string[] {
  const seen = [
    ...Object.keys(stats.events_by_variant),
    ...stats.timeline.flatMap((entry) =>
      entry.variant === null || entry.variant === undefined ? [] : [entry.variant],
    ),
  ];
  const others = [...new Set(seen)].filter((name) => !known.includes(name)).sort((a, b) => a.localeCompare(b));
  return [...known.filter((name) => seen.includes(name)), ...others];
}

export function conversions(stats: Stats, variants: readonly string[]): ConversionRow[] {
  return variants.flatMap((variant) => {
    const numbers = stats.conversion_by_variant[variant];
    if (numbers === undefined) return [];
    const { views, clicks, submissions } = numbers;
    return [
      { variant, views, clicks, submissions, clickRate: rate(clicks, views), submitRate: rate(submissions, views) },
    ];
  });
}

export interface Breakdown {
  /** The types, most frequent first: the order of the segments. */
  types: string[];
  /** One row per variant, one count per type. */
  rows: { variant: string; total: number; counts: number[] }[];
}

export function breakdown(stats: Stats, variants: readonly string[]): Breakdown {
  const types = ranked(stats.events_by_type).map((type) => type.name);
  const rows = variants.map((variant) => {
    const own = stats.variant_breakdown.filter((entry) => entry.variant === variant);
    const counts = types.map((type) => own.find((entry) => entry.event_type === type)?.count ?? 0);
    return { variant, total: stats.events_by_variant[variant] ?? 0, counts };
  });
  return { types, rows };
}
