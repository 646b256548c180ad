/** Each quarter is reached once, in order, however the visitor moves. */
import { expect, test } from "vitest";
import { ScrollDepth } from "./scroll";

test("each quarter is told once, also when passed twice", () => {
  const depth = new ScrollDepth();
  expect([0, 300, 260, 520, 100, 800, 1_000].map((top) => depth.reached(top, 1_000))).toEqual([
    [],
    [25],
    [],
    [50],
    [],
    [75],
    [100],
  ]);
});

test("a jump to the end passes all quarters", () => {
  expect(new ScrollDepth().reached(1_000, 1_000)).toEqual([25, 50, 75, 100]);
});

test("the end counts although browsers stop a fraction short of it", () => {
  expect(new ScrollDepth().reached(999.4, 1_000)).toContain(100);
});

test("a page that fits the window has no depth", () => {
  expect(new ScrollDepth().reached(0, 0)).toEqual([]);
});
