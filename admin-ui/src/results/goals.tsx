/** The goals that do not decide: each variant's change, and whether it harms. */
import { Panel } from "../components/panel.tsx";
import { percent } from "../compute/format.ts";
import type { Results } from "./api.ts";
import { lift, lifts, pValue } from "./compute.ts";
import { MeansPanel, mean } from "./means.tsx";

const ROLES = { primary: "primary", secondary: "", guardrail: "guardrail" } as const;

export function GoalsPanel({ results, onChoose }: { results: Results; onChoose: (goal: string) => void }) {
  if (results.other_goals.length === 0) return null;
  return (
    <Panel title="Other goals" className="is-wide">
      <section className="table-frame" aria-label="Table: other goals">
        <table className="table goals-table">
          <thead>
            <tr>
              <th scope="col">Goal</th>
              <th scope="col">Variant</th>
              <th scope="col" className="number">
                Rate or mean
              </th>
              <th scope="col" className="number">
                Change
              </th>
              <th scope="col">True change</th>
              <th scope="col" className="number">
                p
              </th>
            </tr>
          </thead>
          <tbody>
            {results.other_goals.flatMap((goal) =>
              goal.comparisons.map((one) => (
                <tr key={`${goal.id} ${one.variant}`} className={one.is_harmful ? "is-harmful" : undefined}>
                  <th scope="row">
                    {goal.measure === null ? (
                      <button type="button" className="button is-small is-plain" onClick={() => onChoose(goal.id)}>
                        {goal.name}
                      </button>
                    ) : (
                      goal.name
                    )}{" "}
                    <span className="quiet small">
                      {ROLES[goal.role]}
                      {goal.is_counting ? " still counting" : ""}
                      {one.is_harmful ? " harmed" : ""}
                      {one.coverage_differs ? " not comparable: measured more often in one variant" : ""}
                    </span>
                  </th>
                  <td>{one.variant}</td>
                  <td className="number">
                    <Amount goal={goal} one={one} />
                  </td>
                  <td className="number">{lift(one.relative_lift)}</td>
                  <td>{lifts(one.relative_interval?.[0] ?? null, one.relative_interval?.[1] ?? null)}</td>
                  <td className="number">{pValue(one.p_value_adjusted)}</td>
                </tr>
              )),
            )}
          </tbody>
        </table>
      </section>
      <MeansPanel results={results} />
      <p className="hint">Choose a goal to see everything about it. Only the primary goal decides.</p>
    </Panel>
  );
}

type OtherGoal = Results["other_goals"][number];
type OtherComparison = OtherGoal["comparisons"][number];

/** A share of visitors, or the mean of their numbers with how many have one. */
function Amount({ goal, one }: { goal: OtherGoal; one: OtherComparison }) {
  if (goal.measure === null) {
    return (
      <>
        {percent(one.rate)} <span className="quiet small">against {percent(one.control_rate)}</span>
      </>
    );
  }
  const covered = one.mean === null ? null : percent(one.mean.coverage);
  return (
    <>
      {mean(one.mean)} <span className="quiet small">against {mean(one.control_mean)}</span>
      {goal.measure.absent_is_zero || covered === null ? null : (
        <span className="quiet small"> (known of {covered})</span>
      )}
    </>
  );
}
