/** One experiment, to be changed or deleted. Only what was changed here is sent. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useLocation } from "wouter";
import {
  type Experiment,
  type ExperimentChange,
  taggedExperimentQuery,
  useUpdateExperiment,
} from "../api/experiments.ts";
import { CallError, staleOf, type Tagged } from "../api/problem.ts";
import { useAnnounce } from "../components/announcer.tsx";
import { ConflictDialog } from "../components/conflict-dialog.tsx";
import { ExperimentForm } from "../components/experiment-form.tsx";
import { LifecycleRow } from "../components/lifecycle-row.tsx";
import { Page } from "../components/page.tsx";
import { Loaded } from "../components/panel.tsx";
import { Sentence } from "../components/sentence.tsx";
import { differences } from "../compute/differences.ts";
import {
  changesOf,
  changesOnTop,
  described,
  draftOf,
  experimentOf,
  removedVariants,
} from "../compute/experiment-draft.ts";
import { paths } from "../paths.ts";
import { resultsQuery } from "../results/api.ts";
import { DeleteExperiment } from "./experiments/delete-experiment.tsx";
import { NotFound } from "./not-found.tsx";

export default function EditExperiment({ id }: { id: string }) {
  // Read once: a later answer must not overwrite what is being typed.
  const experiment = useQuery({ ...taggedExperimentQuery(id), staleTime: 0, gcTime: 0, refetchOnWindowFocus: false });
  // Deleted, or an address that was mistyped: asking again would not help.
  if (experiment.error instanceof CallError && [400, 404, 422].includes(experiment.error.status)) return <NotFound />;
  const back = (
    <Link className="button" href={paths.experiments}>
      All experiments
    </Link>
  );
  return (
    <Page title={experiment.data?.value.name ?? "Experiment"} lead={<code className="small">{id}</code>} actions={back}>
      <Loaded of={experiment}>{(loaded) => <EditForm key={id} loaded={loaded} />}</Loaded>
    </Page>
  );
}

function EditForm({ loaded }: { loaded: Tagged<Experiment> }) {
  const { before, draft, setDraft, update, life, bring, stale, save, saveOnTop, show, undo } = useEditing(loaded);
  const [isDoomed, setDoomed] = useState(false);
  // Somebody was exposed. Whether anybody is assigned without having seen the page, the service knows.
  const results = useQuery(resultsQuery(before.value.id, null, false));
  const isPlanFixed = (results.data?.started_at ?? null) !== null;
  const [, navigate] = useLocation();
  const change = changesOf(before.value, draft);

  return (
    <>
      <LifecycleRow experiment={before.value} isBusy={life.isPending} onChange={bring} />
      {life.error === null ? null : (
        <p className="mistake" role="alert">
          <Sentence of={life.error} />
        </p>
      )}
      <ExperimentForm
        draft={draft}
        onChange={setDraft}
        onSubmit={save}
        action="Save the changes"
        isBusy={update.isPending}
        isPlanFixed={isPlanFixed}
        trial={Object.keys(change).length === 0 ? null : { id: before.value.id, body: change }}
        error={stale === null ? update.error : null}
        notice={<RemovalNotice removed={removedVariants(before.value, draft)} />}
      >
        <button type="button" className="button" onClick={undo}>
          Undo my changes
        </button>
        <span className="grow" />
        <button type="button" className="button is-danger" onClick={() => setDoomed(true)}>
          Delete…
        </button>
      </ExperimentForm>
      {stale === null ? null : (
        <ConflictDialog
          name={before.value.name}
          differences={differences(described(before.value), described(experimentOf(draft)), described(stale.value))}
          onKeepMine={() => saveOnTop(stale)}
          onTakeTheirs={() => show(stale, `“${stale.value.name}” is shown as it is saved.`)}
          onClose={update.reset}
        />
      )}
      {isDoomed ? (
        <DeleteExperiment
          experiment={before.value}
          tag={before.tag}
          onClose={() => setDoomed(false)}
          onDeleted={() => navigate(paths.experiments)}
        />
      ) : null}
    </>
  );
}

/** What is typed, and what the service last said the experiment is. */
function useEditing(loaded: Tagged<Experiment>) {
  const [before, setBefore] = useState(loaded);
  const [draft, setDraft] = useState(() => draftOf(loaded.value));
  const update = useUpdateExperiment();
  const life = useUpdateExperiment();
  const announce = useAnnounce();
  const { id } = loaded.value;

  function show(saved: Tagged<Experiment>, words: string) {
    setBefore(saved);
    setDraft(draftOf(saved.value));
    update.reset();
    announce(words);
  }

  /** At once, and right in whatever state it is; what is being typed stays. */
  function bring(change: ExperimentChange, done: string) {
    const onSuccess = (saved: Tagged<Experiment>) => {
      setBefore(saved);
      setDraft((typed) => ({ ...typed, isActive: saved.value.is_active }));
      announce(`“${saved.value.name}” ${done}.`);
    };
    life.mutate({ id, change, tag: before.tag }, { onSuccess });
  }

  const onSuccess = (saved: Tagged<Experiment>) => show(saved, `“${saved.value.name}” is saved.`);

  function save() {
    const change = changesOf(before.value, draft);
    if (Object.keys(change).length === 0) announce("Nothing was changed.");
    else update.mutate({ id, change, tag: before.tag }, { onSuccess });
  }

  /** For the state that was shown beside it, and no later one: who was quicker again is shown again. */
  function saveOnTop(stale: Tagged<Experiment>) {
    update.mutate({ id, change: changesOnTop(before.value, draft), tag: stale.tag }, { onSuccess });
  }

  function undo() {
    setDraft(draftOf(before.value));
    update.reset();
  }

  return {
    before,
    draft,
    setDraft,
    update,
    life,
    bring,
    stale: staleOf<Experiment>(update.error),
    save,
    saveOnTop,
    show,
    undo,
  };
}

function RemovalNotice({ removed }: { removed: string[] }) {
  if (removed.length === 0) return null;
  const names = removed.map((name) => `“${name}”`).join(", ");
  return (
    <div className="banner" role="status">
      {names} will be gone: visitors who had it are assigned anew when they come back. All others keep the variant they
      have.
    </div>
  );
}
