/** All experiments, newest first. */
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { Link, useSearchParams } from "wouter";
import { type Experiment, experimentsQuery } from "../api/experiments.ts";
import { ExperimentCard } from "../components/experiment-card.tsx";
import { Icon } from "../components/icon.tsx";
import { InParts } from "../components/in-parts.tsx";
import { Page } from "../components/page.tsx";
import { Loaded, StaleBanner } from "../components/panel.tsx";
import { addressOf, type ExperimentFilter, filterOf, listed, STATUS_FILTERS } from "../compute/experiment-list.ts";
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

/** How many cards are drawn at a time. */
const PART = 24;

interface ListsProps {
  list: Experiment[];
  onDelete: (experiment: Experiment) => void;
}

function Lists({ list, onDelete }: ListsProps) {
  const [address, setAddress] = useSearchParams();
  const filter = useMemo(() => filterOf(address), [address]);
  const found = useMemo(() => listed(list, filter), [list, filter]);
  const narrow = (part: Partial<ExperimentFilter>) => setAddress(addressOf({ ...filter, ...part }), { replace: true });
  return (
    <>
      <div className="row experiments-filter">
        <input
          className="input is-inline grow"
          type="search"
          aria-label="Search the experiments"
          placeholder="Name, description or variant"
          maxLength={255}
          value={filter.words}
          onChange={(event) => narrow({ words: event.target.value })}
        />
        <select
          className="input is-inline"
          aria-label="Which experiments"
          value={filter.status}
          onChange={(event) => narrow({ status: event.target.value as ExperimentFilter["status"] })}
        >
          {STATUS_FILTERS.map(({ value, label }) => (
            <option key={value} value={value}>
              {label} ({listed(list, { words: "", status: value }).length})
            </option>
          ))}
        </select>
      </div>
      {found.length === 0 ? <p>No experiment fits.</p> : null}
      <InParts key={JSON.stringify(filter)} list={found} part={PART}>
        {(shown) => (
          <ul className="experiments">
            {shown.map((experiment) => (
              <li key={experiment.id}>
                <ExperimentCard experiment={experiment} onDelete={() => onDelete(experiment)} />
              </li>
            ))}
          </ul>
        )}
      </InParts>
    </>
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
