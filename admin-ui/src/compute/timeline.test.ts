/** The hours of the chart. */
import { expect, test } from "vitest";
import { NO_VARIANT, timeline } from "./timeline.ts";

const now = new Date("2026-01-02T12:34:56Z");
const at = (hour: string, variant: string | null, count: number, event_type = "click") => ({
  hour: `2026-01-${hour}:00:00Z`,
  variant,
  event_type,
  count,
});

test("hours without events are there, with zeros", () => {
  const { hours } = timeline([at("02T12", "neon", 3)], "variant", ["neon"], now);
  expect(hours).toHaveLength(24);
  expect(hours.at(-1)).toEqual({ start: new Date("2026-01-02T12:00:00Z"), counts: [3], total: 3 });
  expect(hours[0]).toEqual({ start: new Date("2026-01-01T13:00:00Z"), counts: [0], total: 0 });
});

test("the hour in which the 24 began is drawn when something happened in it", () => {
  const { hours } = timeline([at("01T12", "neon", 1)], "variant", ["neon"], now);
  expect(hours).toHaveLength(25);
  expect(hours[0]?.total).toBe(1);
});

test("types of one variant are added up; events without a variant are not lost", () => {
  const entries = [at("02T10", "neon", 1), at("02T10", "neon", 2, "scroll"), at("02T10", null, 4)];
  const { series, hours } = timeline(entries, "variant", ["synthwave", "neon"], now);
  expect(series).toEqual(["neon", NO_VARIANT]);
  expect(hours.find((hour) => hour.total > 0)).toMatchObject({ counts: [3, 4], total: 7 });
});

test("the same entries by type", () => {
  const entries = [at("02T10", "neon", 1), at("02T10", null, 2, "scroll")];
  expect(timeline(entries, "event_type", ["scroll", "click"], now).series).toEqual(["scroll", "click"]);
});
