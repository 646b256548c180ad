/** One experiment in the list, with what can be done at once. */

import { Link } from "wouter";
import { type Experiment, useUpdateExperiment } from "../api/experiments.ts";
import { ago, dayAndTime } from "../compute/format.ts";
import { paths } from "../paths.ts";
import { useAnnounce } from "./announcer.tsx";
import { Prose } from "./prose.tsx";
import { Sentence } from "./sentence.tsx";
import { SplitBar } from "./split-bar.tsx";

export function ExperimentCard({ experiment, onDelete }: { experiment: Experiment; onDelete: () => void }) {
  const update = useUpdateExperiment();
  const announce = useAnnounce();
  const { id, name, is_active: isActive } = experiment;

  function turn() {
    const done = isActive ? `“${name}” is paused.` : `“${name}” is active.`;
    update.mutate({ id, change: { is_active: !isActive }, tag: null }, { onSuccess: () => announce(done) });
  }

  return (
    <article className="panel experiment">
      <header className="row">
        <h2 className="grow">
          <Link href={paths.experiment(id)}>{name}</Link>
        </h2>
        <span className={isActive ? "badge is-on" : "badge"}>{isActive ? "Active" : "Paused"}</span>
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
      <p className="quiet small">
        Created <Moment of={experiment.created_at} />, changed <Moment of={experiment.updated_at} />
      </p>
      <Actions experiment={experiment} isBusy={update.isPending} onTurn={turn} onDelete={onDelete} />
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
  onTurn: () => void;
  onDelete: () => void;
}

function Actions({ experiment: { id, name, is_active: isActive }, isBusy, onTurn, onDelete }: ActionsProps) {
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
      <button
        type="button"
        className="button is-small"
        aria-label={`${isActive ? "Pause" : "Activate"} ${name}`}
        disabled={isBusy}
        onClick={onTurn}
      >
        {isActive ? "Pause" : "Activate"}
      </button>
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
