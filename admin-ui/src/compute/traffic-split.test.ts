/** The split editor's arithmetic. */
import { expect, test } from "vitest";
import { equalSplit, percentOf, total, withoutVariant, withPercent, withVariant } from "./traffic-split.ts";

const rows = (...percents: string[]) => percents.map((percent, row) => ({ row, name: `v${row}`, percent }));
const percents = (variants: { percent: string }[]) => variants.map((variant) => variant.percent);

test("an equal split totals 100 for every number of variants", () => {
  for (let size = 2; size <= 20; size += 1) {
    expect(total(equalSplit(rows(...Array(size).fill("0"))))).toBe(100);
  }
  expect(percents(equalSplit(rows("", "", "")))).toEqual(["34", "33", "33"]);
});

test("only whole percents from 0 to 100 count", () => {
  const read = (percent: string) => percentOf({ row: 0, name: "a", percent });
  expect(["0", "100", " 7 ", "", "101", "-1", "1.5", "1e2", "abc"].map(read)).toEqual([
    0,
    100,
    7,
    null,
    null,
    null,
    null,
    null,
    null,
  ]);
});

test("moving one keeps the total, the others in their proportions", () => {
  expect(percents(withPercent(rows("50", "50"), 0, "51"))).toEqual(["51", "49"]);
  expect(percents(withPercent(rows("20", "40", "40"), 0, "40"))).toEqual(["40", "30", "30"]);
  expect(percents(withPercent(rows("50", "30", "20"), 0, "0"))).toEqual(["0", "60", "40"]);
  expect(percents(withPercent(rows("100", "0", "0"), 0, "99"))).toEqual(["99", "1", "0"]);
});

test("what was chosen stays as long as the others can give", () => {
  const first = withPercent(rows("34", "33", "33"), 0, "20");
  expect(percents(first)).toEqual(["20", "40", "40"]);
  const second = withPercent(first, 1, "30");
  expect(percents(second)).toEqual(["20", "30", "50"]);
  expect(percents(withPercent(second, 2, "10"))).toEqual(["36", "54", "10"]);
  expect(percents(withPercent(second, 1, "90"))).toEqual(["10", "90", "0"]);
});

test("what is no percent yet moves nobody", () => {
  expect(percents(withPercent(rows("50", "50"), 0, ""))).toEqual(["", "50"]);
  expect(percents(withPercent(rows("50", "50"), 0, "101"))).toEqual(["101", "50"]);
});

test("who goes leaves their share to the others", () => {
  expect(percents(withoutVariant(rows("50", "30", "20"), 0))).toEqual(["60", "40"]);
  expect(percents(withoutVariant(rows("100", "0", "0"), 0))).toEqual(["50", "50"]);
});

test("whatever is moved in whatever order, it totals 100", () => {
  for (let size = 2; size <= 20; size += 1) {
    let variants = equalSplit(rows(...Array(size).fill("0")));
    for (let move = 0; move < 400; move += 1) {
      // Steps that share no factor with 101 or most sizes come by every pair sooner or later.
      variants = withPercent(variants, (move * 7) % size, String((move * 37) % 101));
      expect(total(variants)).toBe(100);
      expect(variants.every((variant) => percentOf(variant) !== null)).toBe(true);
    }
  }
});

test("a new row never takes over the place of a removed one", () => {
  const three = withVariant(rows("50", "50"));
  const afterRemoval = withVariant(three.filter((variant) => variant.row !== 1));
  expect(afterRemoval.map((variant) => variant.row)).toEqual([0, 2, 3]);
});
