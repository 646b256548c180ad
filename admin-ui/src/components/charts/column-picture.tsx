/** The drawing of stacked columns: grid, columns, ticks. What lies where comes from `plot.ts`. */
import { type Column, HEIGHT, MARGIN, type Plot, type Series } from "./plot.ts";

export function Grid({ plot, format }: { plot: Plot; format: (value: number) => string }) {
  const whole = plot.y.ticks(4).filter(Number.isInteger);
  return whole.map((tick) => (
    <g key={tick} transform={`translate(0 ${plot.y(tick)})`}>
      <line className="grid" x1={MARGIN.left} x2={plot.width - MARGIN.right} />
      <text className="axis" x={MARGIN.left - 8} dy="0.35em" textAnchor="end">
        {format(tick)}
      </text>
    </g>
  ));
}

export function Stacks({ plot, series }: { plot: Plot; series: Series[] }) {
  const { layers, x, y } = plot;
  return layers.map((layer, at) => (
    <g key={series[at]?.name} className={`bar-fill tone-${series[at]?.tone}`}>
      {layer.map(([from, to], index) =>
        to === from ? null : (
          // biome-ignore lint/suspicious/noArrayIndexKey: a column is its place on the axis
          <rect key={index} x={x(index)} width={x.bandwidth()} y={y(to)} height={y(from) - y(to)} />
        ),
      )}
    </g>
  ));
}

/** The last column always has its tick: it is the present. */
export function Ticks({ plot, columns }: { plot: Plot; columns: Column[] }) {
  const { x, every } = plot;
  const last = columns.length - 1;
  return columns.map((column, index) =>
    (last - index) % every === 0 ? (
      <text
        // biome-ignore lint/suspicious/noArrayIndexKey: two ticks may read the same, as 07:00 today and yesterday
        key={index}
        className="axis"
        x={(x(index) ?? 0) + x.bandwidth() / 2}
        y={HEIGHT - 6}
        textAnchor={index === last ? "end" : "middle"}
      >
        {column.tick}
      </text>
    ) : null,
  );
}

export function Spotlight({ plot, on }: { plot: Plot; on: number }) {
  const height = HEIGHT - MARGIN.top - MARGIN.bottom;
  return <rect className="column-chosen" x={plot.x(on)} width={plot.x.bandwidth()} y={MARGIN.top} height={height} />;
}
