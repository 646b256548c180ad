/** Many calls become few, and the last one is not lost. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { atMostEvery } from "./at-most-every.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test("the first call acts at once, those within the pause once at its end", () => {
  const work = vi.fn();
  const paced = atMostEvery(100, work);
  paced();
  expect(work).toHaveBeenCalledTimes(1);
  paced();
  paced();
  vi.advanceTimersByTime(99);
  expect(work).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(1);
  expect(work).toHaveBeenCalledTimes(2);
  // The one at the end begins a pause of its own; nothing more was asked for.
  vi.advanceTimersByTime(1_000);
  expect(work).toHaveBeenCalledTimes(2);
  paced();
  expect(work).toHaveBeenCalledTimes(3);
});

test("nothing comes after it was cancelled", () => {
  const work = vi.fn();
  const paced = atMostEvery(100, work);
  paced();
  paced();
  paced.cancel();
  vi.advanceTimersByTime(1_000);
  expect(work).toHaveBeenCalledTimes(1);
});
