/** Events by type, and by variant with the types as segments. */
import type { Stats } from "../../api/events.ts";
import { Bars } from "../../components/charts/bars.tsx";
import { Chart } from "../../components/charts/chart.tsx";
import { type Fetched, Loaded, Panel } from "../../components/panel.tsx";
import { count } from "../../compute/format.ts";
import { breakdown, ranked } from "../../compute/stats.ts";
import { typeTone } from "../../compute/tones.ts";
import { NothingYet } from "./nothing-yet.tsx";

export function ByTypePanel({ stats }: { stats: Fetched<Stats> }) {
  return (
    <Panel title="Events by type">
      <Loaded isQuiet of={stats} empty={(value) => (value.total_events === 0 ? <NothingYet /> : null)}>
        {(value) => {
          const types = ranked(value.events_by_type);
          const bars = types.map(({ name, count: number }) => ({
            name,
            label: count(number),
            segments: [{ name, value: number, tone: typeTone(name) }],
          }));
          const summary = `Events by type: ${types.map((type) => `${type.name} ${count(type.count)}`).join(", ")}`;
          return (
            <Chart
              name="Events by type"
              columns={["Type", "Events"]}
              rows={types.map((type) => [type.name, count(type.count)])}
            >
              <Bars summary={summary} bars={bars} />
            </Chart>
          );
        }}
      </Loaded>
    </Panel>
  );
}

export function ByVariantPanel({ stats, variants }: { stats: Fetched<Stats>; variants: string[] }) {
  return (
    <Panel title="Events by variant">
      <Loaded isQuiet of={stats} empty={() => (variants.length === 0 ? <NothingYet /> : null)}>
        {(value) => {
          const { types, rows } = breakdown(value, variants);
          const bars = rows.map((row) => ({
            name: row.variant,
            label: count(row.total),
            segments: types.map((name, index) => ({ name, value: row.counts[index] ?? 0, tone: typeTone(name) })),
          }));
          const summary = `Events by variant: ${rows.map((row) => `${row.variant} ${count(row.total)}`).join(", ")}`;
          return (
            <Chart
              name="Events by variant"
              legend={types.map((name) => ({ name, tone: typeTone(name) }))}
              columns={["Variant", ...types, "all"]}
              rows={rows.map((row) => [row.variant, ...row.counts.map(count), count(row.total)])}
            >
              <Bars summary={summary} bars={bars} />
            </Chart>
          );
        }}
      </Loaded>
    </Panel>
  );
}
