/** A device is slow when most of its frames are, not when one is. */
import { expect, test } from "vitest";
import { Watchdog } from "./watchdog";

/** Whether any of these frames made it bark. */
function barks(dog: Watchdog, lengths: number[]): boolean {
  return lengths.map((length) => dog.frame(length)).some(Boolean);
}
const second = (lengthMs: number): number[] => Array.from({ length: 48 }, () => lengthMs);

test("sixty frames a second are left alone", () => {
  expect(barks(new Watchdog(), [...second(16.7), ...second(16.7)])).toBe(false);
});

test("thirty frames a second are noticed, once a second", () => {
  const dog = new Watchdog();
  const answers = [...second(33), ...second(33)].map((length) => dog.frame(length));
  expect(answers.filter(Boolean)).toHaveLength(2);
});

test("a few long frames among short ones condemn nobody", () => {
  const bumpy = second(16.7).map((length, index) => (index % 4 === 0 ? 400 : length));
  expect(barks(new Watchdog(), bumpy)).toBe(false);
});

test("a pause is no frame", () => {
  expect(barks(new Watchdog(), second(5_000))).toBe(false);
});

test("what was seen before a reset does not count", () => {
  const dog = new Watchdog();
  barks(dog, second(33).slice(1));
  dog.reset();
  expect(dog.frame(33)).toBe(false);
});
