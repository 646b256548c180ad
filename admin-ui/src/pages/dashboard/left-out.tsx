/** What enters no result, and what is no longer there at all. */
import type { Stats } from "../../api/events.ts";
import { Bars } from "../../components/charts/bars.tsx";
import { Chart } from "../../components/charts/chart.tsx";
import { type Fetched, Loaded, Panel } from "../../components/panel.tsx";
import { count } from "../../compute/format.ts";
import { leftOut } from "../../compute/stats.ts";

export function LeftOutPanel({ stats }: { stats: Fetched<Stats> }) {
  return (
    <Panel title="Left out" className="is-wide">
      <Loaded isQuiet of={stats}>
        {(value) => {
          const parts = leftOut(value);
          const bars = parts.map((part, index) => ({
            name: part.name,
            label: count(part.count),
            segments: [{ name: part.name, value: part.count, tone: index }],
          }));
          const summary = `Left out: ${parts.map((part) => `${part.name} ${count(part.count)}`).join(", ")}`;
          return (
            <>
              <p className="quiet small left-out-words">
                Robots and previews are counted here and enter no result. Of visitors who ask not to be recorded, and of
                those who were erased, only the number is known.
              </p>
              <Chart
                name="Left out"
                columns={["Why", "Events"]}
                rows={parts.map((part) => [part.name, count(part.count)])}
              >
                <Bars summary={summary} bars={bars} />
              </Chart>
            </>
          );
        }}
      </Loaded>
    </Panel>
  );
}
