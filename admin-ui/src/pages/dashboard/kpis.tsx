/** The four figures at the top. */
import type { Stats } from "../../api/events.ts";
import { type Fetched, Loaded } from "../../components/panel.tsx";
import { count, counted, percent } from "../../compute/format.ts";
import { kpis } from "../../compute/stats.ts";

export function KpiRow({ stats }: { stats: Fetched<Stats> }) {
  return (
    <section aria-label="Key figures">
      <Loaded of={stats}>
        {(value) => {
          const figures = kpis(value);
          const views = counted(figures.views, "visitor who viewed", "visitors who viewed");
          return (
            <dl className="kpis">
              <Kpi name="Events" value={count(figures.events)} note="recorded in all" tone={2} />
              <Kpi name="Visitors" value={count(figures.visitors)} note="different browsers" tone={1} />
              <Kpi
                name="Click rate"
                value={percent(figures.clickRate)}
                note={`${count(figures.clicks)} of ${views}`}
                tone={0}
              />
              <Kpi
                name="Submit rate"
                value={percent(figures.submitRate)}
                note={`${count(figures.submissions)} of ${views}`}
                tone={3}
              />
            </dl>
          );
        }}
      </Loaded>
    </section>
  );
}

function Kpi({ name, value, note, tone }: { name: string; value: string; note: string; tone: number }) {
  return (
    <div className={`kpi tone-${tone}`}>
      <dt>{name}</dt>
      <dd className="kpi-figure">{value}</dd>
      <dd className="quiet small">{note}</dd>
    </div>
  );
}
