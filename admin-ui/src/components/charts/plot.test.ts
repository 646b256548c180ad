/** Where columns lie. */
import { expect, test } from "vitest";
import { columnAt, HEIGHT, MARGIN, plotOf } from "./plot.ts";

const columns = [
  { tick: "01:00", values: [1, 2], total: 3 },
  { tick: "02:00", values: [0, 8], total: 8 },
];
const series = [
  { name: "neon", tone: 0 },
  { name: "synthwave", tone: 1 },
];

test("segments of one column stand on each other, and the highest one fits", () => {
  const { layers, y } = plotOf(columns, series, 400);
  expect(layers).toEqual([
    [
      [0, 1],
      [0, 0],
    ],
    [
      [1, 3],
      [0, 8],
    ],
  ]);
  expect(y(0)).toBe(HEIGHT - MARGIN.bottom);
  expect(y(8)).toBeGreaterThanOrEqual(MARGIN.top);
});

test("a point belongs to the column under it, or to none", () => {
  const plot = plotOf(columns, series, 400);
  const middle = (index: number) => (plot.x(index) ?? 0) + plot.x.bandwidth() / 2;
  const lefts = [0, middle(0), middle(1), plot.x(1) ?? 0, 5000];
  expect(lefts.map((left) => columnAt(plot, columns, left))).toEqual([null, 0, 1, 1, null]);
});

test("a chart that has no width yet breaks nothing", () => {
  const plot = plotOf(columns, series, 0);
  expect(plot.x.bandwidth()).toBeGreaterThan(0);
  expect(plot.every).toBeGreaterThan(1);
});
