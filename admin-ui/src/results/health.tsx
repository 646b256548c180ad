/** Whether the results may be believed: the traffic against what was configured, how fresh, and what is left out. */
import { Panel } from "../components/panel.tsx";
import { ago, count, percent } from "../compute/format.ts";
import type { Results, Traffic } from "./api.ts";
import { pValue } from "./compute.ts";

const STATUSES: Record<Traffic["status"], { mark: string; text: string }> = {
  ok: { mark: "✓", text: "Visitors are shared out as configured." },
  too_small: { mark: "…", text: "Too few visitors to tell whether they are shared out as configured." },
  warn: { mark: "▲", text: "Something about the visitors is worth a look." },
  fail: { mark: "✕", text: "Visitors are not shared out as configured: these results are not to be used." },
};

export function HealthPanel({ results }: { results: Results }) {
  const { traffic } = results;
  const { mark, text } = STATUSES[traffic.status];
  const isFresh = Date.parse(results.computed_at) - Date.parse(results.data_through) < 60_000;
  return (
    <Panel title="Health">
      <ul className="checks">
        <li className={`check is-${traffic.status}`}>
          <span aria-hidden="true">{mark}</span>
          <div>
            {text}
            <p className="hint">
              {results.variants
                .map((one, index) => {
                  const [seen, due] = [traffic.observed_share[index] ?? null, traffic.expected_share[index] ?? null];
                  return `${one.key}: ${percent(seen)} of the visitors, ${percent(due)} expected`;
                })
                .join("; ")}
              . p = {pValue(traffic.p_value_always_valid)} (always valid), {pValue(traffic.p_value)} (one look).
            </p>
          </div>
        </li>
        <li className={`check is-${isFresh ? "ok" : "warn"}`}>
          <span aria-hidden="true">{isFresh ? "✓" : "▲"}</span>
          <div>
            {isFresh ? "Every event up to now is counted." : "Events are still being counted."}
            <p className="hint">Counted until {ago(new Date(results.data_through), new Date(results.computed_at))}.</p>
          </div>
        </li>
        <LeftOut traffic={traffic} />
      </ul>
    </Panel>
  );
}

function LeftOut({ traffic: { excluded } }: { traffic: Traffic }) {
  const left: [number, string][] = [
    [excluded.multiple_variants, "visitors who saw two variants, and count in none"],
    [excluded.other_claims, "visitors with events that claimed a variant not theirs; those events count for nothing"],
    [excluded.robots, "events of robots"],
    [excluded.previews, "events of previews, in all experiments since this one began"],
    [excluded.no_track, "events of visitors who asked not to be recorded, in all since this one began"],
  ];
  const there = left.filter(([number]) => number > 0);
  return (
    <li className="check is-ok">
      <span aria-hidden="true">–</span>
      <div>
        {there.length === 0 ? "Nothing is left out." : "Left out of the comparison:"}
        {there.map(([number, what]) => (
          <p key={what} className="hint">
            {count(number)} {what}
          </p>
        ))}
        {excluded.claimed_only === 0 ? null : (
          <p className="hint">
            {count(excluded.claimed_only)} visitors count by what their events say, because no assignment is stored.
          </p>
        )}
      </div>
    </li>
  );
}
