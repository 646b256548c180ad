/** Sparks come from the selected text, are never too many, and all go out. */
import { expect, test } from "vitest";
import { fall, MOST_SPARKS, strike } from "./sparks";

const LINES = [
  { left: 100, top: 50, width: 200, height: 20 },
  { left: 20, top: 70, width: 80, height: 20 },
];

test("each spark begins inside a selected line", () => {
  for (const { x, y } of strike(LINES)) {
    const inside = LINES.some((l) => x >= l.left && x <= l.left + l.width && y >= l.top && y <= l.top + l.height);
    expect(inside, `${x}, ${y}`).toBe(true);
  }
});

test("a word strikes a few, a page no more than there may be, nothing none", () => {
  expect(strike(LINES)).toHaveLength(20);
  expect(strike([{ left: 0, top: 0, width: 90_000, height: 20 }])).toHaveLength(MOST_SPARKS);
  expect(strike([])).toHaveLength(0);
});

test("they fall, and go out", () => {
  let sparks = strike(LINES, () => 0.5);
  const before = sparks[0]?.vy ?? 0;
  sparks = fall(sparks, 100);
  expect(sparks[0]?.vy).toBeGreaterThan(before);
  for (let tick = 0; tick < 10; tick += 1) sparks = fall(sparks, 100);
  expect(sparks).toEqual([]);
});
