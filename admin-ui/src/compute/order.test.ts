/** Moving one thing within a list. */
import { expect, test } from "vitest";
import { moved } from "./order.ts";

const list = ["a", "b", "c"];

test("up, down, and to the ends", () => {
  expect([moved(list, 1, 0), moved(list, 1, 2), moved(list, 0, 2)]).toEqual([
    ["b", "a", "c"],
    ["a", "c", "b"],
    ["b", "c", "a"],
  ]);
});

test("a move that changes nothing gives the very same list", () => {
  expect([moved(list, 1, 1), moved(list, 0, -1), moved(list, 2, 3), moved(list, 7, 0)]).toEqual([
    list,
    list,
    list,
    list,
  ]);
  expect(moved(list, 0, -1)).toBe(list);
});
