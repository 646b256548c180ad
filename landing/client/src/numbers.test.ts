/** A number that runs ends exactly where the markup said. */
import { expect, test } from "vitest";
import { between, eased } from "./numbers";

test("a run begins at its beginning, ends at its goal, and stays there", () => {
  expect([0, 1, 1.7].map((progress) => between(0, 365, progress))).toEqual([0, 365, 365]);
  expect([0, 1].map((progress) => between(99, 0, progress))).toEqual([99, 0]);
});

test("it never turns back", () => {
  const way = Array.from({ length: 50 }, (_, index) => eased(index / 49));
  expect(way).toEqual([...way].sort((a, b) => a - b));
});
