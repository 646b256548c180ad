/** Where an experiment stands in its life, what can be done about that at once, and what everybody sees once it is over. */
import { useId } from "react";
import type { Experiment, ExperimentChange } from "../api/experiments.ts";
import { statusWord, stepsFrom } from "../compute/lifecycle.ts";

interface LifecycleRowProps {
  experiment: Experiment;
  isBusy: boolean;
  onChange: (change: ExperimentChange, done: string) => void;
}

export function LifecycleRow({ experiment, isBusy, onChange }: LifecycleRowProps) {
  const id = useId();
  const isOver = experiment.status === "completed";
  return (
    <section className="panel row" aria-label="Status">
      <span className={experiment.is_active ? "badge is-on" : "badge"}>{statusWord(experiment)}</span>
      {stepsFrom(experiment).map((step) => (
        <button
          key={step.label}
          type="button"
          className="button is-small"
          disabled={isBusy}
          onClick={() => onChange(step.change, step.done)}
        >
          {step.label}
        </button>
      ))}
      {isOver ? (
        <>
          <label htmlFor={id}>Everybody is shown</label>
          <select
            id={id}
            className="input is-inline"
            disabled={isBusy}
            value={experiment.winner ?? ""}
            onChange={(event) => {
              const winner = event.target.value || null;
              onChange({ winner }, winner === null ? "has no winner" : `is won by ${winner}`);
            }}
          >
            <option value="">what other experiments decide</option>
            {experiment.variants.map((variant) => (
              <option key={variant}>{variant}</option>
            ))}
          </select>
        </>
      ) : null}
    </section>
  );
}
