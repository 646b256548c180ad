/** Visible seconds add up: no second is told twice, none is lost, and hidden ones do not count. */
import { expect, test } from "vitest";
import { VisibleTime } from "./visible-time";

function stopwatch(): { time: VisibleTime; at: (milliseconds: number) => void } {
  let now = 0;
  const at = (milliseconds: number): void => {
    now = milliseconds;
  };
  return { time: new VisibleTime(() => now), at };
}

test("each hidden period tells the visible seconds since the one before", () => {
  const { time, at } = stopwatch();
  time.shown();
  at(12_340);
  expect(time.hidden()).toBe(12.3);
  at(60_000);
  time.shown();
  at(61_500);
  expect(time.hidden()).toBe(1.5);
});

test("pagehide after visibilitychange tells nothing more", () => {
  const { time, at } = stopwatch();
  time.shown();
  at(5_000);
  expect(time.hidden()).toBe(5);
  expect(time.hidden()).toBeNull();
});

test("a page opened in the background has not been seen", () => {
  const { time, at } = stopwatch();
  at(9_000);
  expect(time.hidden()).toBeNull();
});

test("rounding does not lose time over many short looks", () => {
  const { time, at } = stopwatch();
  let told = 0;
  for (let look = 1; look <= 100; look += 1) {
    time.shown();
    at(look * 1_040);
    told += time.hidden() ?? 0;
  }
  expect(told).toBeCloseTo(104, 5);
});
