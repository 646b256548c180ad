/** The goals of one experiment: what counts as success, what is shown beside, what must not get worse. */
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Link } from "wouter";
import { type Experiment, taggedExperimentQuery, useUpdateExperiment } from "../api/experiments.ts";
import { CallError, staleOf, type Tagged } from "../api/problem.ts";
import { useAnnounce } from "../components/announcer.tsx";
import { ConflictDialog } from "../components/conflict-dialog.tsx";
import { Icon } from "../components/icon.tsx";
import { Page } from "../components/page.tsx";
import { Loaded } from "../components/panel.tsx";
import { Sentence } from "../components/sentence.tsx";
import { differences } from "../compute/differences.ts";
import { NotFound } from "../pages/not-found.tsx";
import { paths } from "../paths.ts";
import { described, draftsOf, type GoalDraft, goalsOf, MEASURED, mistakeOf, newGoal, withPrimary } from "./draft.ts";
import { GoalFields } from "./goal-fields.tsx";
import "./goals.css";

const MOST_GOALS = 20;

export default function GoalsPage({ id }: { id: string }) {
  // Read once: a later answer must not overwrite what is being typed.
  const experiment = useQuery({ ...taggedExperimentQuery(id), staleTime: 0, gcTime: 0, refetchOnWindowFocus: false });
  if (experiment.error instanceof CallError && [400, 404, 422].includes(experiment.error.status)) return <NotFound />;
  const back = (
    <Link className="button" href={paths.results(id)}>
      Results
    </Link>
  );
  return (
    <Page
      title={experiment.data === undefined ? "Goals" : `${experiment.data.value.name}: goals`}
      lead="A visitor reaches a goal once, after having seen a variant. The primary goal decides, secondary ones are shown beside, and guardrails must not get worse."
      actions={back}
    >
      <Loaded of={experiment}>{(loaded) => <GoalsForm key={id} loaded={loaded} />}</Loaded>
    </Page>
  );
}

function GoalsForm({ loaded }: { loaded: Tagged<Experiment> }) {
  const [before, setBefore] = useState(loaded);
  const [drafts, setDrafts] = useState(() => draftsOf(loaded.value.goals));
  const [mistake, setMistake] = useState<string | null>(null);
  const update = useUpdateExperiment();
  const announce = useAnnounce();
  const stale = staleOf<Experiment>(update.error);

  function save(event: FormEvent) {
    event.preventDefault();
    const wrong = mistakeOf(drafts);
    setMistake(wrong);
    if (wrong !== null) return;
    send(before.tag);
  }

  function send(tag: string | null) {
    update.mutate({ id: loaded.value.id, change: { goals: goalsOf(drafts) }, tag }, { onSuccess: saved });
  }

  function saved(experiment: Tagged<Experiment>) {
    setBefore(experiment);
    announce("The goals are saved. New ones are counted from the events of before, too.");
  }

  function takeTheirs(stale: Tagged<Experiment>) {
    setBefore(stale);
    setDrafts(draftsOf(stale.value.goals));
    update.reset();
  }

  const replace = (changed: GoalDraft) => setDrafts(drafts.map((one) => (one.key === changed.key ? changed : one)));
  const add = (role: GoalDraft["role"]) => setDrafts([...drafts, newGoal(role)]);

  return (
    <form className="stack" onSubmit={save} noValidate>
      {drafts.map((goal) => (
        <GoalFields
          key={goal.key}
          goal={goal}
          onChange={replace}
          onPrimary={() => setDrafts(withPrimary(drafts, goal.key))}
          onRemove={() => setDrafts(drafts.filter((one) => one.key !== goal.key))}
        />
      ))}
      <div className="row">
        <Add
          word="Another goal"
          isFull={drafts.length >= MOST_GOALS}
          onAdd={() => add(drafts.length === 0 ? "primary" : "secondary")}
        />
        <Add word="A guardrail" isFull={drafts.length >= MOST_GOALS} onAdd={() => add("guardrail")} />
        {MEASURED.map(({ word, goal }) => (
          <Add
            key={word}
            word={word}
            isFull={drafts.length === 0 || drafts.length >= MOST_GOALS}
            onAdd={() => setDrafts([...drafts, goal()])}
          />
        ))}
        <span className="grow" />
        <button type="submit" className="button is-main" disabled={update.isPending}>
          {update.isPending ? "Saving…" : "Save the goals"}
        </button>
      </div>
      {stale === null ? null : (
        <ConflictDialog
          name={before.value.name}
          differences={differences(
            described(before.value.goals),
            described(goalsOf(drafts)),
            described(stale.value.goals),
          )}
          onKeepMine={() => send(stale.tag)}
          onTakeTheirs={() => takeTheirs(stale)}
          onClose={update.reset}
        />
      )}
      {mistake === null && (update.error === null || stale !== null) ? null : (
        <p className="mistake" role="alert">
          {mistake ?? <Sentence of={update.error} />}
        </p>
      )}
    </form>
  );
}

function Add({ word, isFull, onAdd }: { word: string; isFull: boolean; onAdd: () => void }) {
  return (
    <button type="button" className="button" disabled={isFull} onClick={onAdd}>
      <Icon name="plus" />
      {word}
    </button>
  );
}
