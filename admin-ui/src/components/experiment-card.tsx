/** One experiment in the list, with what can be done at once. */

import { Link } from "wouter";
import { type Experiment, useUpdateExperiment } from "../api/experiments.ts";
import { ago, dayAndTime } from "../compute/format.ts";
import { type Step, statusWord, stepsFrom } from "../compute/lifecycle.ts";
import { paths } from "../paths.ts";
import { useAnnounce } from "./announcer.tsx";
import { ExperimentStanding } from "./experiment-standing.tsx";
import { Prose } from "./prose.tsx";
import { Sentence } from "./sentence.tsx";
import { SplitBar } from "./split-bar.tsx";

export function ExperimentCard({ experiment, onDelete }: { experiment: Experiment; onDelete: () => void }) {
  const update = useUpdateExperiment();
  const announce = useAnnounce();
  const { id, name } = experiment;

  function bring({ change, done }: Step) {
    update.mutate({ id, change, tag: null }, { onSuccess: () => announce(`“${name}” ${done}.`) });
  }

  return (
    <article className="panel experiment">
      <header className="row">
        <h2 className="grow">
          <Link href={paths.experiment(id)}>{name}</Link>
        </h2>
        <span className={experiment.is_active ? "badge is-on" : "badge"}>{statusWord(experiment)}</span>
      </header>
      {experiment.description === "" ? null : (
        <p className="experiment-description">
          <Prose text={experiment.description} />
        </p>
      )}
      <SplitBar
        shares={experiment.variants.map((variant) => ({
          name: variant,
          percent: experiment.traffic_split[variant] ?? 0,
        }))}
      />
      <ExperimentStanding id={id} />
      <p className="quiet small">
        Created <Moment of={experiment.created_at} />, changed <Moment of={experiment.updated_at} />
      </p>
      <Actions experiment={experiment} isBusy={update.isPending} onStep={bring} onDelete={onDelete} />
      {update.error === null ? null : (
        <p className="mistake" role="alert">
          <Sentence of={update.error} />
        </p>
      )}
    </article>
  );
}

interface ActionsProps {
  experiment: Experiment;
  isBusy: boolean;
  onStep: (step: Step) => void;
  onDelete: () => void;
}

function Actions({ experiment, isBusy, onStep, onDelete }: ActionsProps) {
  const { id, name } = experiment;
  return (
    <footer className="row">
      <Link className="button is-small" href={paths.results(id)} aria-label={`Results of ${name}`}>
        Results
      </Link>
      <Link className="button is-small" href={`${paths.dashboard}?experiment=${id}`} aria-label={`Numbers of ${name}`}>
        Numbers
      </Link>
      <Link className="button is-small" href={paths.experiment(id)} aria-label={`Edit ${name}`}>
        Edit
      </Link>
      {stepsFrom(experiment).map((step) => (
        <button
          key={step.label}
          type="button"
          className="button is-small"
          aria-label={`${step.label} ${name}`}
          disabled={isBusy}
          onClick={() => onStep(step)}
        >
          {step.label}
        </button>
      ))}
      <span className="grow" />
      <button
        type="button"
        className="button is-small is-danger is-plain"
        aria-label={`Delete ${name}`}
        onClick={onDelete}
      >
        Delete
      </button>
    </footer>
  );
}

function Moment({ of }: { of: string }) {
  const moment = new Date(of);
  return (
    <time dateTime={of} title={dayAndTime(moment)}>
      {ago(moment, new Date())}
    </time>
  );
}
