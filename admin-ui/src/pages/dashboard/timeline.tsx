/** The last 24 hours, by variant or by type. */
import { useState } from "react";
import type { Stats } from "../../api/events.ts";
import { Chart } from "../../components/charts/chart.tsx";
import { Columns } from "../../components/charts/columns.tsx";
import { Choices } from "../../components/choices.tsx";
import { type Fetched, Loaded, Panel } from "../../components/panel.tsx";
import { count, counted, hour } from "../../compute/format.ts";
import { ranked } from "../../compute/stats.ts";
import { NO_VARIANT, timeline } from "../../compute/timeline.ts";
import { toneAt, typeTone } from "../../compute/tones.ts";

type By = "variant" | "event_type";

const CHOICES = [
  ["variant", "By variant"],
  ["event_type", "By type"],
] as const;

// A tone no variant has as long as there are seven or fewer of them.
const NO_VARIANT_TONE = 7;

export function TimelinePanel({ stats, variants }: { stats: Fetched<Stats>; variants: string[] }) {
  const [by, setBy] = useState<By>("variant");
  return (
    <Panel
      title="The last 24 hours"
      className="is-wide"
      actions={<Choices label="Colours of the columns" choices={CHOICES} chosen={by} onChoose={setBy} />}
    >
      <Loaded isQuiet of={stats} empty={(value) => (value.timeline.length === 0 ? <QuietDay /> : null)}>
        {(value) => <TimelineChart stats={value} by={by} variants={variants} />}
      </Loaded>
    </Panel>
  );
}

function TimelineChart({ stats, by, variants }: { stats: Stats; by: By; variants: string[] }) {
  const names = by === "variant" ? variants : ranked(stats.events_by_type).map((type) => type.name);
  const { series, hours } = timeline(stats.timeline, by, names, new Date());
  const coloured = series.map((name) => ({ name, tone: toneOf(name, by, variants) }));
  const total = hours.reduce((sum, slot) => sum + slot.total, 0);
  return (
    <Chart
      name="The last 24 hours"
      legend={coloured}
      columns={["Hour", ...series, "all"]}
      rows={hours.toReversed().map((slot) => [hour(slot.start), ...slot.counts.map(count), count(slot.total)])}
    >
      <Columns
        summary={`${counted(total, "event")} in the last 24 hours, by hour and ${by === "variant" ? "variant" : "type"}`}
        columns={hours.map((slot) => ({ tick: hour(slot.start), values: slot.counts, total: slot.total }))}
        series={coloured}
        format={count}
      />
    </Chart>
  );
}

function toneOf(name: string, by: By, variants: string[]): number {
  if (by === "event_type") return typeTone(name);
  return name === NO_VARIANT ? NO_VARIANT_TONE : toneAt(variants.indexOf(name));
}

function QuietDay() {
  return (
    <p>
      <strong>A quiet day.</strong>
      <br />
      No event was recorded in the last 24 hours.
    </p>
  );
}
