/** What floats covers no call to action. */
import { expect, test } from "vitest";
import { type Box, clearance } from "./clearance";

const PILL: Box = { left: 296, top: 736, right: 344, bottom: 784 };
const button = (top: number, left = 20, right = 340): Box => ({ left, top, right, bottom: top + 52 });

test("it stays where it is when nothing lies under it", () => {
  expect(clearance(PILL, [], 0)).toBe(0);
  expect(clearance(PILL, [button(200), button(800)], 0)).toBe(0);
  expect(clearance(PILL, [button(740, 20, 200)], 0), "a button beside it").toBe(0);
});

test("it rises over a button, with a gap", () => {
  expect(clearance(PILL, [button(740)], 0)).toBe(784 - 740 + 8);
});

test("risen over one button it does not cover the next, in whatever order they are named", () => {
  const two = [button(690), button(750)];
  expect(clearance(PILL, two, 0)).toBe(784 - 690 + 8);
  expect(clearance(PILL, [...two].reverse(), 0)).toBe(784 - 690 + 8);
});

test("it does not leave the window: without room it stays", () => {
  expect(clearance({ ...PILL, top: 100 }, [button(90)], 0)).toBe(0);
});
