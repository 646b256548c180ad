/** Stacked columns over time. Hovering a column, or walking along with the arrow keys, reads out its numbers. */
import { scaleBand, scaleLinear } from "d3-scale";
import { stack } from "d3-shape";
import { type KeyboardEvent, type PointerEvent, useState } from "react";
import type { Tone } from "../../compute/tones.ts";
import { useWidth } from "./use-width.ts";

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

interface ColumnsProps {
  /** What the columns say, in a sentence. */
  summary: string;
  columns: Column[];
  series: Series[];
  format: (value: number) => string;
}

const HEIGHT = 220;
const MARGIN = { top: 12, right: 4, bottom: 24, left: 44 };
const WIDTH_OF_TICK = 56;

export function Columns({ summary, columns, series, format }: ColumnsProps) {
  const [frame, width] = useWidth<HTMLDivElement>();
  const [chosen, setChosen] = useState<number | null>(null);
  const x = scaleBand(
    columns.map((_, index) => index),
    [MARGIN.left, Math.max(width - MARGIN.right, MARGIN.left + 1)],
  ).padding(0.25);
  const most = Math.max(...columns.map((column) => column.total), 4);
  const y = scaleLinear([0, most], [HEIGHT - MARGIN.bottom, MARGIN.top]).nice(4);
  const layers = stack<Column, number>()
    .keys(series.map((_, index) => index))
    .value((column, key) => column.values[key] ?? 0)(columns);
  const every = Math.max(1, Math.ceil((columns.length * WIDTH_OF_TICK) / Math.max(width - MARGIN.left, 1)));

  function choose(event: PointerEvent<SVGSVGElement>) {
    const at = event.clientX - event.currentTarget.getBoundingClientRect().left - MARGIN.left;
    const index = Math.floor(at / x.step());
    setChosen(index >= 0 && index < columns.length ? index : null);
  }

  function walk(event: KeyboardEvent) {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const from = chosen ?? (step > 0 ? -1 : columns.length);
    setChosen(Math.min(columns.length - 1, Math.max(0, from + step)));
  }

  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for controls, and there are none
    <div
      className="columns"
      role="group"
      aria-label="Hour by hour: the arrow keys read out the numbers"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys need the focus
      tabIndex={0}
      ref={frame}
      onKeyDown={walk}
      onBlur={() => setChosen(null)}
    >
      <svg
        width={width}
        height={HEIGHT}
        role="img"
        aria-label={summary}
        onPointerDown={choose}
        onPointerMove={choose}
        onPointerLeave={() => setChosen(null)}
      >
        {y
          .ticks(4)
          .filter(Number.isInteger)
          .map((tick) => (
            <g key={tick} transform={`translate(0 ${y(tick)})`}>
              <line className="grid" x1={MARGIN.left} x2={width - MARGIN.right} />
              <text className="axis" x={MARGIN.left - 8} dy="0.35em" textAnchor="end">
                {format(tick)}
              </text>
            </g>
          ))}
        {chosen === null ? null : (
          <rect
            className="column-chosen"
            x={x(chosen)}
            width={x.bandwidth()}
            y={MARGIN.top}
            height={HEIGHT - MARGIN.top - MARGIN.bottom}
          />
        )}
        {layers.map((layer, at) => (
          <g key={series[at]?.name} className={`bar-fill tone-${series[at]?.tone}`}>
            {layer.map(([from, to], index) =>
              to === from ? null : (
                // biome-ignore lint/suspicious/noArrayIndexKey: a column is its place on the axis
                <rect key={index} x={x(index)} width={x.bandwidth()} y={y(to)} height={y(from) - y(to)} />
              ),
            )}
          </g>
        ))}
        {columns.map((column, index) =>
          (columns.length - 1 - index) % every === 0 ? (
            <text
              // biome-ignore lint/suspicious/noArrayIndexKey: as above, and two ticks may read the same
              key={index}
              className="axis"
              x={(x(index) ?? 0) + x.bandwidth() / 2}
              y={HEIGHT - 6}
              textAnchor={index === columns.length - 1 ? "end" : "middle"}
            >
              {column.tick}
            </text>
          ) : null,
        )}
      </svg>
      <p className="readout" aria-live="polite">
        {chosen === null ? (
          <span className="quiet">Point at a column, or use the arrow keys, to read its numbers.</span>
        ) : (
          <Readout column={columns[chosen]} series={series} format={format} />
        )}
      </p>
    </div>
  );
}

function Readout({
  column,
  series,
  format,
}: {
  column: Column | undefined;
  series: Series[];
  format: (value: number) => string;
}) {
  if (column === undefined) return null;
  return (
    <>
      <strong>
        {column.tick}: {format(column.total)}
      </strong>
      {series.map((one, index) => (
        <span key={one.name} className={`name tone-${one.tone}`}>
          {one.name} {format(column.values[index] ?? 0)}
        </span>
      ))}
    </>
  );
}
