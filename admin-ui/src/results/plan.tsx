/** How long it takes: what a decision needs, and what has come. */
import { count, percent } from "../compute/format.ts";
import { type ExperimentPlan, planText } from "../plan/draft.ts";
import type { Plan } from "./api.ts";
import { days, lift } from "./compute.ts";
import "./results.css";

interface PlanProps {
  plan: Plan;
  visitors: number;
  /** What was planned before the start; null where nothing was. Left out where that is not asked. */
  planned?: ExperimentPlan | null;
  /** Decided: nothing is left to wait for. */
  isOver?: boolean;
}

export function PlanFigures({ plan, visitors, planned, isOver = false }: PlanProps) {
  const { fixed_visitors_total: typical, always_valid_max_visitors_total: most } = plan;
  if (typical === null || most === null) {
    return (
      <p className="quiet">
        A plan needs a rate of control above 0 %, and a split that sends visitors to two variants.
      </p>
    );
  }
  const isBeforeStart = visitors === 0;
  return (
    <>
      {planned === undefined ? null : (
        <p className="quiet small">
          {planned === null
            ? "Nothing was planned before the start: judged with what is usual, a lift of 10 %, found with 80 %, and 5 % false alarms."
            : `Planned before the start: ${planText(planned)}.`}
        </p>
      )}
      {isBeforeStart ? null : (
        <svg
          className="bar-track plan-bar"
          viewBox="0 0 100 10"
          preserveAspectRatio="none"
          role="img"
          aria-label={`${percent(plan.progress)} of the visitors of the plan`}
        >
          <rect className="bar-groove" width="100" height="10" />
          <rect className="bar-fill tone-1" width={(plan.progress ?? 0) * 100} height="10" />
          <rect className="plan-mark" x={(100 * typical) / most} width="0.6" height="10" />
        </svg>
      )}
      <dl className="figures">
        {isBeforeStart ? null : <Figure name="Visitors so far" value={count(visitors)} />}
        <Figure
          name="Typically decided at"
          value={count(typical)}
          note={`to find ${lift(plan.mde_relative)} over ${percent(plan.baseline_rate)}`}
        />
        <Figure name="At the latest at" value={count(most)} />
        <Figure
          name="Visitors a day"
          value={plan.visitors_per_day === null ? "–" : count(Math.round(plan.visitors_per_day))}
        />
        <Figure name="Days left, typically" value={isOver ? "none: decided" : days(plan.days_to_fixed)} />
        <Figure name="Days left, at most" value={isOver ? "none: decided" : days(plan.days_to_max)} />
        {isBeforeStart ? null : <Figure name="Smallest lift one would see now" value={lift(plan.mde_relative_now)} />}
      </dl>
    </>
  );
}

function Figure({ name, value, note }: { name: string; value: string; note?: string }) {
  return (
    <div className="figure">
      <dt>{name}</dt>
      <dd>{value}</dd>
      {note === undefined ? null : <dd className="quiet small">{note}</dd>}
    </div>
  );
}
