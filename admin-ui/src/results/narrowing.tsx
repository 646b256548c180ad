/** How one variant's interval narrowed over time. The dashed lines are where a new revision began. */
import { scaleLinear, scaleTime } from "d3-scale";
import { area, line } from "d3-shape";
import { useState } from "react";
import { Chart } from "../components/charts/chart.tsx";
import { useWidth } from "../components/charts/use-width.ts";
import { Panel } from "../components/panel.tsx";
import { count, day, dayAndTime, hour } from "../compute/format.ts";
import type { Results, Timeline } from "./api.ts";
import { actionOf, type Band, bandOf, lift, lifts, reachOf } from "./compute.ts";

const HEIGHT = 240;
const MARGIN = { top: 14, right: 8, bottom: 26, left: 54 };

export function NarrowingPanel({ results }: { results: Results }) {
  const variants = results.comparisons.map((one) => one.variant);
  const [chosen, setChosen] = useState<string | null>(null);
  const variant = chosen !== null && variants.includes(chosen) ? chosen : (variants[0] ?? "");
  const band = bandOf(results.timeline, variant);
  const choice =
    variants.length < 2 ? null : (
      <select
        className="input narrow-choice"
        aria-label="Variant"
        value={variant}
        onChange={(e) => setChosen(e.target.value)}
      >
        {variants.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
    );
  return (
    <Panel title="How sure, over time" className="is-wide" actions={choice}>
      {band.length < 2 ? (
        <div className="state">
          <p>
            The first line appears when there are two {results.timeline.step === "hour" ? "hours" : "days"} of visitors.
          </p>
        </div>
      ) : (
        <Chart
          name="How sure, over time"
          columns={["Until", "Visitors", "Best guess", "True change"]}
          rows={rowsOf(results.timeline, band)}
        >
          <Picture band={band} timeline={results.timeline} variant={variant} />
          <p className="hint">
            The band holds the true change of {variant} against {results.variants[0]?.key}. It narrows as visitors come;
            the moment it leaves the middle line, the result stands. A dashed line is where a new revision began.
          </p>
        </Chart>
      )}
    </Panel>
  );
}

function rowsOf(timeline: Timeline, band: Band[]): string[][] {
  return band
    .map((one, index) => [
      dayAndTime(one.at),
      count(timeline.points[index]?.visitors ?? null),
      lift(one.mid),
      lifts(one.low, one.high),
    ])
    .reverse();
}

function Picture({ band, timeline, variant }: { band: Band[]; timeline: Timeline; variant: string }) {
  const [frame, width] = useWidth<HTMLDivElement>();
  const bounded = band.filter((one) => one.low !== null && one.high !== null);
  // The first hours know nothing: what matters is how wide it is later.
  const later = bounded.slice(Math.floor(bounded.length / 4));
  const reach = reachOf(later.flatMap((one) => [one.low, one.high]));
  const first = band[0]?.at ?? new Date(0);
  const last = band.at(-1)?.at ?? new Date(0);
  const x = scaleTime([first, last], [MARGIN.left, Math.max(width - MARGIN.right, MARGIN.left + 1)]);
  const y = scaleLinear([-reach, reach], [HEIGHT - MARGIN.bottom, MARGIN.top]).clamp(true);
  const shape = area<Band>(
    (one) => x(one.at),
    (one) => y(one.low ?? -reach),
    (one) => y(one.high ?? reach),
  );
  const guess = line<Band>(
    (one) => x(one.at),
    (one) => y(one.mid ?? 0),
  ).defined((one) => one.mid !== null);
  const now = band.at(-1);
  const tick = timeline.step === "hour" ? hour : day;
  return (
    <div ref={frame}>
      <svg
        width={width}
        height={HEIGHT}
        role="img"
        aria-label={`${variant}, now: ${lifts(now?.low ?? null, now?.high ?? null)}.`}
      >
        {y.ticks(5).map((value) => (
          <g key={value}>
            <line
              className={value === 0 ? "zero" : "grid"}
              x1={MARGIN.left}
              x2={width - MARGIN.right}
              y1={y(value)}
              y2={y(value)}
            />
            <text className="axis" x={MARGIN.left - 8} y={y(value)} dy="0.35em" textAnchor="end">
              {lift(value)}
            </text>
          </g>
        ))}
        <path className="band" d={shape(band) ?? ""} />
        <path className="band-guess" d={guess(band) ?? ""} />
        {timeline.revisions.slice(1).map((revision) => {
          const at = new Date(revision.opened_at);
          if (at < first || at > last) return null;
          return (
            <line
              key={revision.revision}
              className="revision-mark"
              x1={x(at)}
              x2={x(at)}
              y1={MARGIN.top}
              y2={HEIGHT - MARGIN.bottom}
            >
              <title>{`Revision ${revision.revision}: ${actionOf(revision.action)}`}</title>
            </line>
          );
        })}
        {x.ticks(Math.max(2, Math.floor(width / 150))).map((at) => (
          <text key={at.getTime()} className="axis" x={x(at)} y={HEIGHT - 6} textAnchor="middle">
            {tick(at)}
          </text>
        ))}
      </svg>
    </div>
  );
}
