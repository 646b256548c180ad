/** The last 24 hours, hour by hour: the service leaves out hours without events, a chart must not. */
import type { Stats } from "../api/events.ts";

export interface Hour {
  start: Date;
  /** One count per series, in the order of the series. */
  counts: number[];
  total: number;
}

export interface Timeline {
  series: string[];
  hours: Hour[];
}

/** What events without a variant are called in the legend. */
export const NO_VARIANT = "no variant";

const HOUR_MS = 3_600_000;
const HOURS = 24;

/** `series` in the order wanted; those that never occur are left out, so that a legend names only what is drawn. */
export function timeline(
  entries: Stats["timeline"],
  by: "variant" | "event_type",
  series: readonly string[],
  now: Date,
): Timeline {
  const nameOf = (entry: Stats["timeline"][number]) =>
    by === "variant" ? (entry.variant ?? NO_VARIANT) : entry.event_type;
  const present = [...series, NO_VARIANT].filter((name) => entries.some((entry) => nameOf(entry) === name));
  const position = new Map(present.map((name, index) => [name, index]));
  const hours = slots(entries, now);
  for (const entry of entries) {
    const hour = hours.get(Date.parse(entry.hour));
    const index = position.get(nameOf(entry));
    if (hour === undefined || index === undefined) continue;
    hour.counts[index] = (hour.counts[index] ?? 0) + entry.count;
    hour.total += entry.count;
  }
  // Each slot began without counts, because the number of series was not yet known.
  const filled = [...hours.values()].map((hour) => ({
    ...hour,
    counts: present.map((_, index) => hour.counts[index] ?? 0),
  }));
  return { series: present, hours: filled };
}

/** 24 hours up to now, and the one before if the last 24 hours began inside it. */
function slots(entries: Stats["timeline"], now: Date): Map<number, Hour> {
  const last = Math.floor(now.getTime() / HOUR_MS) * HOUR_MS;
  const usual = last - (HOURS - 1) * HOUR_MS;
  const first = entries.some((entry) => Date.parse(entry.hour) === usual - HOUR_MS) ? usual - HOUR_MS : usual;
  const starts = Array.from({ length: (last - first) / HOUR_MS + 1 }, (_, index) => first + index * HOUR_MS);
  return new Map(starts.map((start) => [start, { start: new Date(start), counts: [], total: 0 }]));
}
