/** Where things lie in a chart of stacked columns: the arithmetic, without the drawing. */
import { type ScaleBand, type ScaleLinear, scaleBand, scaleLinear } from "d3-scale";
import { stack } from "d3-shape";
import type { Tone } from "../../compute/tones.ts";

export interface Column {
  /** At the axis: "14:00". */
  tick: string;
  /** One per series. */
  values: number[];
  total: number;
}

export interface Series {
  name: string;
  tone: Tone;
}

export interface Plot {
  width: number;
  x: ScaleBand<number>;
  y: ScaleLinear<number, number>;
  /** One per series, and in it for each column where its segment begins and ends. */
  layers: [from: number, to: number][][];
  /** Every how many columns there is room for a tick. */
  every: number;
}

export const HEIGHT = 220;
export const MARGIN = { top: 12, right: 4, bottom: 24, left: 44 };

const WIDTH_OF_TICK = 56;
// An axis of one event must not show halves of events.
const LEAST_AT_TOP = 4;

export function plotOf(columns: Column[], series: Series[], width: number): Plot {
  const inner = Math.max(width - MARGIN.left - MARGIN.right, 1);
  const places = columns.map((_, index) => index);
  const most = Math.max(...columns.map((column) => column.total), LEAST_AT_TOP);
  const layers = stack<Column, number>()
    .keys(series.map((_, index) => index))
    .value((column, key) => column.values[key] ?? 0)(columns);
  return {
    width,
    x: scaleBand(places, [MARGIN.left, MARGIN.left + inner]).padding(0.25),
    y: scaleLinear([0, most], [HEIGHT - MARGIN.bottom, MARGIN.top]).nice(4),
    layers: layers.map((layer) => layer.map(([from, to]) => [from, to])),
    every: Math.max(1, Math.ceil((columns.length * WIDTH_OF_TICK) / inner)),
  };
}

/** The column under a point, by its distance from the left edge of the chart; null beside all columns. */
export function columnAt(plot: Plot, columns: Column[], left: number): number | null {
  // A column reaches half-way over the gaps on both its sides.
  const first = MARGIN.left + plot.x.step() * (plot.x.paddingOuter() - plot.x.paddingInner() / 2);
  const index = Math.floor((left - first) / plot.x.step());
  return index >= 0 && index < columns.length ? index : null;
}
