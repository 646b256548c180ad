/** Intervals around "no difference", one line for each variant: what is right of the middle is better, as far as it is sure.
 * An interval that leaves the picture ends in an arrow. */
import { scaleLinear } from "d3-scale";
import { Chart } from "../components/charts/chart.tsx";
import { useWidth } from "../components/charts/use-width.ts";
import { lift, lifts, reachOf, type Span } from "./compute.ts";

const LINE = 44;
const TOP = 10;
const AXIS = 26;

interface IntervalsProps {
  name: string;
  spans: Span[];
  control: string;
  /** Which way is better, once that is decided; null before: then nothing is coloured as good or bad. */
  better: "increase" | "decrease" | null;
}

export function Intervals({ name, spans, control, better }: IntervalsProps) {
  const rows = spans.map((span) => [span.name, lift(span.at), lifts(span.low, span.high)]);
  return (
    <Chart name={name} columns={["Variant", "Best guess", "True change"]} rows={rows}>
      <Picture spans={spans} control={control} better={better} />
    </Chart>
  );
}

function Picture({ spans, control, better }: Omit<IntervalsProps, "name">) {
  const [frame, width] = useWidth<HTMLDivElement>();
  const reach = reachOf(spans.flatMap((span) => [span.low, span.high]));
  const x = scaleLinear([-reach, reach], [8, Math.max(width - 8, 9)]);
  const height = TOP + spans.length * LINE + AXIS;
  const said = spans.map((span) => `${span.name}: ${lifts(span.low, span.high)}`).join("; ");
  return (
    <div ref={frame}>
      <svg width={width} height={height} role="img" aria-label={`True change against ${control}. ${said}.`}>
        {x.ticks(width < 500 ? 4 : 7).map((tick) => (
          <g key={tick}>
            <line className={tick === 0 ? "zero" : "grid"} x1={x(tick)} x2={x(tick)} y1={TOP} y2={height - AXIS + 4} />
            <text className="axis" x={x(tick)} y={height - 6} textAnchor="middle">
              {lift(tick)}
            </text>
          </g>
        ))}
        {spans.map((span, index) => (
          <Line key={span.name} span={span} x={x} reach={reach} top={TOP + index * LINE} better={better} />
        ))}
      </svg>
    </div>
  );
}

interface LineProps {
  span: Span;
  x: (value: number) => number;
  reach: number;
  top: number;
  better: IntervalsProps["better"];
}

function Line({ span, x, reach, top, better }: LineProps) {
  const middle = top + 30;
  const low = span.low === null || span.low < -reach ? null : span.low;
  const high = span.high === null || span.high > reach ? null : span.high;
  const [from, to] = [x(low ?? -reach), x(high ?? reach)];
  return (
    <g className={moodOf(span, better)}>
      <text className="span-name" x={8} y={top + 14}>
        {span.name}
      </text>
      <line className="span" x1={from} x2={to} y1={middle} y2={middle} />
      {low === null ? (
        <path className="span-end" d={`M${from + 8} ${middle - 6} l-8 6 l8 6`} />
      ) : (
        <End at={from} on={middle} />
      )}
      {high === null ? (
        <path className="span-end" d={`M${to - 8} ${middle - 6} l8 6 l-8 6`} />
      ) : (
        <End at={to} on={middle} />
      )}
      {span.at === null || Math.abs(span.at) > reach ? null : (
        <circle className="span-guess" cx={x(span.at)} cy={middle} r="5" />
      )}
    </g>
  );
}

function End({ at, on }: { at: number; on: number }) {
  return <line className="span-end" x1={at} x2={at} y1={on - 6} y2={on + 6} />;
}

/** Coloured only where 0 is outside, and that is decided: before that nothing is better or worse. */
function moodOf(span: Span, better: IntervalsProps["better"]): string {
  const side = span.low !== null && span.low > 0 ? 1 : span.high !== null && span.high < 0 ? -1 : 0;
  if (better === null || side === 0) return "is-open";
  return side > 0 === (better === "increase") ? "is-better" : "is-worse";
}
