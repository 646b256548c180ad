/** Stacked columns over time. Pointing at a column, or walking along with the arrow keys, reads out its numbers. */
import { type KeyboardEvent, type PointerEvent, useState } from "react";
import { Grid, Spotlight, Stacks, Ticks } from "./column-picture.tsx";
import { type Column, columnAt, HEIGHT, plotOf, type Series } from "./plot.ts";
import { useWidth } from "./use-width.ts";

interface ColumnsProps {
  /** What the columns say, in a sentence. */
  summary: string;
  columns: Column[];
  series: Series[];
  format: (value: number) => string;
}

export function Columns({ summary, columns, series, format }: ColumnsProps) {
  const [frame, width] = useWidth<HTMLDivElement>();
  const [chosen, setChosen] = useState<number | null>(null);
  const plot = plotOf(columns, series, width);
  const column = chosen === null ? undefined : columns[chosen];

  const point = (event: PointerEvent<SVGSVGElement>) =>
    setChosen(columnAt(plot, columns, event.clientX - event.currentTarget.getBoundingClientRect().left));
  const leave = () => setChosen(null);

  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for controls, and there are none
    <div
      className="columns"
      role="group"
      aria-label="Hour by hour: the arrow keys read out the numbers"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys need the focus
      tabIndex={0}
      ref={frame}
      onKeyDown={(event) => setChosen(walked(event, chosen, columns.length))}
      onBlur={leave}
    >
      {/* biome-ignore format: one line a handler would hide what is drawn */}
      <svg width={width} height={HEIGHT} role="img" aria-label={summary} onPointerDown={point} onPointerMove={point} onPointerLeave={leave}>
        <Grid plot={plot} format={format} />
        {chosen === null ? null : <Spotlight plot={plot} on={chosen} />}
        <Stacks plot={plot} series={series} />
        <Ticks plot={plot} columns={columns} />
      </svg>
      <p className="readout" aria-live="polite">
        {column === undefined ? <Invitation /> : <Readout column={column} series={series} format={format} />}
      </p>
    </div>
  );
}

/** The next column to the left or right; from nowhere, the first in that direction. */
function walked(event: KeyboardEvent, from: number | null, length: number): number | null {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (step === undefined) return from;
  event.preventDefault();
  const next = (from ?? (step > 0 ? -1 : length)) + step;
  return Math.min(length - 1, Math.max(0, next));
}

function Invitation() {
  return <span className="quiet">Point at a column, or use the arrow keys, to read its numbers.</span>;
}

function Readout({ column, series, format }: Pick<ColumnsProps, "series" | "format"> & { column: Column }) {
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
