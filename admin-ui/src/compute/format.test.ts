/** Numbers and moments as people read them. */
import { expect, test } from "vitest";
import { ago, count, counted, fileSize, logTime, percent, playingTime } from "./format.ts";

test("nobody exposed is not a rate of zero", () => {
  expect(percent(null)).toBe("–");
  expect(percent(0)).toBe("0.0 %");
  expect(percent(0.4567)).toBe("45.7 %");
});

test("large numbers are grouped, and one thing is not called things", () => {
  expect(count(1_234_567)).toBe("1,234,567");
  expect(count(null)).toBe("–");
  expect([counted(1, "event"), counted(2, "event"), counted(0, "query", "queries")]).toEqual([
    "1 event",
    "2 events",
    "0 queries",
  ]);
});

test("what is seconds away is now, in either direction", () => {
  const now = new Date("2026-01-02T03:04:05Z");
  const before = (seconds: number) => ago(new Date(now.getTime() - seconds * 1000), now);
  expect([before(-20), before(59), before(60), before(7200), before(86_400 * 3)]).toEqual([
    "just now",
    "just now",
    "1 minute ago",
    "2 hours ago",
    "3 days ago",
  ]);
});

test("a track's length never shows sixty seconds", () => {
  expect([playingTime(59.6), playingTime(184), playingTime(null)]).toEqual(["1:00", "3:04", "–"]);
});

test("sizes are decimal, as file managers count", () => {
  expect([fileSize(999), fileSize(1261), fileSize(1_261_000), fileSize(null)]).toEqual([
    "999 B",
    "1 kB",
    "1.3 MB",
    "–",
  ]);
});

test("the log names the day only when it is not today", () => {
  const now = new Date(2026, 0, 2, 12);
  expect(logTime(new Date(2026, 0, 2, 3, 4, 5), now)).toBe("03:04:05");
  expect(logTime(new Date(2026, 0, 1, 3, 4, 5), now)).toBe("1 Jan, 03:04:05");
});
