import { expect, test, vi } from "vitest";
import { BOLT_MS, brightness, MOST_BOLTS, Storm } from "./storm";

test("a bolt flares, flickers, fades and is gone", () => {
  expect(brightness(-1)).toBe(0);
  expect(brightness(0)).toBe(1);
  expect(brightness(60)).toBeLessThan(brightness(100));
  expect(brightness(500)).toBeLessThan(brightness(300));
  expect(brightness(BOLT_MS)).toBe(0);
});

test("the air is empty again when the last bolt has faded", () => {
  const storm = new Storm();
  storm.add([]);
  storm.add([], 80);
  expect(storm.step(BOLT_MS)).toBe(true);
  expect(storm.inTheAir).toHaveLength(1);
  expect(storm.step(80)).toBe(false);
  expect(storm.inTheAir).toHaveLength(0);
});

test("what is struck is told once, when the bolt arrives", () => {
  const struck = vi.fn();
  const storm = new Storm();
  storm.add([], 80, struck);
  storm.step(79);
  expect(struck).not.toHaveBeenCalled();
  storm.step(1);
  storm.step(1);
  expect(struck).toHaveBeenCalledTimes(1);
});

test("hundreds of presses keep a few bolts, and each still strikes what it was meant for", () => {
  const struck = vi.fn();
  const storm = new Storm();
  for (let press = 0; press < 300; press += 1) storm.add([], 80, struck);
  expect(storm.inTheAir).toHaveLength(MOST_BOLTS);
  storm.step(80);
  expect(struck).toHaveBeenCalledTimes(300);
});
