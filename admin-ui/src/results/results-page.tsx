/** Results of one experiment: the verdict first, then what it rests on. */
import { useQuery } from "@tanstack/react-query";
import { Link, useSearchParams } from "wouter";
import { experimentQuery } from "../api/experiments.ts";
import { CallError } from "../api/problem.ts";
import { Page } from "../components/page.tsx";
import { Loaded, Panel, StaleBanner } from "../components/panel.tsx";
import { RefreshControl, useRefresh } from "../components/refresh.tsx";
import { counted, day } from "../compute/format.ts";
import { NotFound } from "../pages/not-found.tsx";
import { paths } from "../paths.ts";
import { type Results, resultsQuery } from "./api.ts";
import { actionOf, spansOf } from "./compute.ts";
import { GoalsPanel } from "./goals.tsx";
import { HealthPanel } from "./health.tsx";
import { Intervals } from "./intervals.tsx";
import { NarrowingPanel } from "./narrowing.tsx";
import { AllNumbers } from "./numbers.tsx";
import { PlanFigures } from "./plan.tsx";
import { VariantTable } from "./variants.tsx";
import { Verdict } from "./verdict.tsx";
import "./results.css";

// The live stream tells plain counts; results are asked for.
const EVERY_MS = 5_000;

export default function ResultsPage({ id }: { id: string }) {
  const refresh = useRefresh();
  const [search, setSearch] = useSearchParams();
  const goal = search.get("goal");
  const experiment = useQuery(experimentQuery(id));
  const results = useQuery(resultsQuery(id, goal, refresh.every && EVERY_MS));
  if (experiment.error instanceof CallError && [400, 404, 422].includes(experiment.error.status)) return <NotFound />;
  const choose = (chosen: string) => setSearch(chosen === "" ? {} : { goal: chosen });
  return (
    <Page
      title={experiment.data === undefined ? "Results" : `${experiment.data.name}: results`}
      actions={
        <>
          <RefreshControl refresh={refresh} updatedAt={results.dataUpdatedAt} />
          <Links id={id} />
        </>
      }
    >
      <StaleBanner of={results} />
      {goal === null ? null : (
        <div className="banner" role="status">
          <span className="grow">This is not the primary goal: it explains, and does not decide.</span>
          <button type="button" className="button is-small" onClick={() => choose("")}>
            Back to the primary goal
          </button>
        </div>
      )}
      <Loaded of={results}>{(value) => <Everything results={value} onChoose={choose} />}</Loaded>
    </Page>
  );
}

function Links({ id }: { id: string }) {
  return (
    <>
      <Link className="button" href={paths.experiment(id)}>
        Edit
      </Link>
      <Link className="button" href={paths.goals(id)}>
        Goals
      </Link>
      <Link className="button" href={paths.calculator}>
        Calculator
      </Link>
      <Link className="button" href={paths.help}>
        What the numbers mean
      </Link>
    </>
  );
}

function Everything({ results, onChoose }: { results: Results; onChoose: (goal: string) => void }) {
  const visitors = results.traffic.visitors.reduce((sum, one) => sum + one, 0);
  const control = results.variants[0]?.key ?? "control";
  return (
    <>
      <Verdict results={results} />
      <div className="results-grid">
        <Panel title={`“${results.goal.name}” against ${control}`} className="is-wide">
          <Intervals
            name="Intervals"
            spans={spansOf(results.comparisons)}
            control={control}
            better={results.recommendation.phase === "decided" ? results.goal.direction : null}
          />
          <p className="hint">
            These intervals are already widened for checking as often as you like; the moment one leaves zero, the
            result stands.
          </p>
          <AllNumbers comparisons={results.comparisons} />
        </Panel>
        <Panel title="Variants" className="is-wide">
          <VariantTable variants={results.variants} />
          {results.notes.map((note) => (
            <p key={note.code + note.path} className="hint">
              {note.text}
            </p>
          ))}
        </Panel>
        <NarrowingPanel results={results} />
        <HealthPanel results={results} />
        <Panel title="How long it takes">
          <PlanFigures
            plan={results.plan}
            planned={results.planned}
            visitors={visitors}
            isOver={results.recommendation.phase === "decided"}
          />
        </Panel>
        <GoalsPanel results={results} onChoose={onChoose} />
        <Revisions results={results} />
      </div>
    </>
  );
}

function Revisions({ results }: { results: Results }) {
  const revisions = results.timeline.revisions.toReversed();
  return (
    <Panel title="Revisions" className="is-wide">
      <ol className="revisions">
        {revisions.map((one) => (
          <li key={one.revision}>
            <strong>{one.revision}</strong> {actionOf(one.action)}, {day(new Date(one.opened_at))}:{" "}
            {Object.entries(one.traffic_split)
              .map(([variant, percents]) => `${variant} ${percents} %`)
              .join(", ")}
          </li>
        ))}
      </ol>
      <p className="hint">
        {counted(revisions.length, "period")} with unchanged variants and split. Variants are compared within each, and
        the comparisons are combined: a changed split makes no difference of its own.
      </p>
    </Panel>
  );
}
