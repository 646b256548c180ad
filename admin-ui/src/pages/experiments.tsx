/** All experiments, newest first. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "wouter";
import { type Experiment, experimentsQuery } from "../api/experiments.ts";
import { ExperimentCard } from "../components/experiment-card.tsx";
import { Icon } from "../components/icon.tsx";
import { Page } from "../components/page.tsx";
import { Loaded, StaleBanner } from "../components/panel.tsx";
import { counted } from "../compute/format.ts";
import { paths } from "../paths.ts";
import { DeleteExperiment } from "./experiments/delete-experiment.tsx";
import "./experiments.css";

export default function Experiments() {
  const experiments = useQuery(experimentsQuery);
  const [doomed, setDoomed] = useState<Experiment | null>(null);
  const create = (
    <Link className="button is-main" href={paths.newExperiment}>
      <Icon name="plus" />
      New experiment
    </Link>
  );
  return (
    <Page title="Experiments" lead={summary(experiments.data)} actions={create}>
      <StaleBanner of={experiments} />
      <Loaded of={experiments} empty={(list) => (list.length === 0 ? <NoExperiments /> : null)}>
        {(list) => <Lists list={list} onDelete={setDoomed} />}
      </Loaded>
      {doomed === null ? null : <DeleteExperiment experiment={doomed} onClose={() => setDoomed(null)} />}
    </Page>
  );
}

/** What is archived is out of sight, and one click away. */
function Lists({ list, onDelete }: { list: Experiment[]; onDelete: (experiment: Experiment) => void }) {
  const isArchived = ({ status }: Experiment) => status === "archived";
  const archived = list.filter(isArchived);
  return (
    <>
      <Cards list={list.filter((experiment) => !isArchived(experiment))} onDelete={onDelete} />
      {archived.length === 0 ? null : (
        <details>
          <summary>{counted(archived.length, "archived experiment")}</summary>
          <Cards list={archived} onDelete={onDelete} />
        </details>
      )}
    </>
  );
}

function Cards({ list, onDelete }: { list: Experiment[]; onDelete: (experiment: Experiment) => void }) {
  return (
    <ul className="experiments">
      {list.map((experiment) => (
        <li key={experiment.id}>
          <ExperimentCard experiment={experiment} onDelete={() => onDelete(experiment)} />
        </li>
      ))}
    </ul>
  );
}

function summary(list: Experiment[] | undefined): string {
  if (list === undefined) return "Questions, and the traffic that answers them.";
  const running = list.filter((experiment) => experiment.is_active).length;
  return `${counted(list.length, "experiment")}, ${running} running`;
}

function NoExperiments() {
  return (
    <p>
      <strong>No experiment yet.</strong>
      <br />
      An experiment shows each visitor one of several variants and keeps to it.
    </p>
  );
}
