/** One experiment, to be changed or deleted. Only what was changed here is sent. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useLocation } from "wouter";
import { type Experiment, experimentQuery, useUpdateExperiment } from "../api/experiments.ts";
import { CallError } from "../api/problem.ts";
import { useAnnounce } from "../components/announcer.tsx";
import { ExperimentForm } from "../components/experiment-form.tsx";
import { Page } from "../components/page.tsx";
import { Loaded } from "../components/panel.tsx";
import { changesOf, draftOf, removedVariants } from "../compute/experiment-draft.ts";
import { paths } from "../paths.ts";
import { DeleteExperiment } from "./experiments/delete-experiment.tsx";
import { NotFound } from "./not-found.tsx";

export default function EditExperiment({ id }: { id: string }) {
  // Read once: a later answer must not overwrite what is being typed.
  const experiment = useQuery({ ...experimentQuery(id), staleTime: 0, gcTime: 0, refetchOnWindowFocus: false });
  // Deleted, or an address that was mistyped: asking again would not help.
  if (experiment.error instanceof CallError && [400, 404, 422].includes(experiment.error.status)) return <NotFound />;
  const back = (
    <Link className="button" href={paths.experiments}>
      All experiments
    </Link>
  );
  return (
    <Page
      title={experiment.data?.name ?? "Experiment"}
      lead={<code className="small">{id}</code>}
      actions={back}
      isNarrow
    >
      <Loaded of={experiment}>{(loaded) => <EditForm key={loaded.id} experiment={loaded} />}</Loaded>
    </Page>
  );
}

function EditForm({ experiment }: { experiment: Experiment }) {
  const { before, draft, setDraft, update, save, undo } = useEditing(experiment);
  const [isDoomed, setDoomed] = useState(false);
  const [, navigate] = useLocation();

  return (
    <>
      <ExperimentForm
        draft={draft}
        onChange={setDraft}
        onSubmit={save}
        action="Save the changes"
        isBusy={update.isPending}
        error={update.error}
        notice={<RemovalNotice removed={removedVariants(before, draft)} />}
      >
        <button type="button" className="button" onClick={undo}>
          Undo my changes
        </button>
        <span className="grow" />
        <button type="button" className="button is-danger" onClick={() => setDoomed(true)}>
          Delete…
        </button>
      </ExperimentForm>
      {isDoomed ? (
        <DeleteExperiment
          experiment={before}
          onClose={() => setDoomed(false)}
          onDeleted={() => navigate(paths.experiments)}
        />
      ) : null}
    </>
  );
}

/** What is typed, and what the service last said the experiment is. */
function useEditing(experiment: Experiment) {
  const [before, setBefore] = useState(experiment);
  const [draft, setDraft] = useState(() => draftOf(experiment));
  const update = useUpdateExperiment();
  const announce = useAnnounce();

  function show(saved: Experiment) {
    setBefore(saved);
    setDraft(draftOf(saved));
    announce(`“${saved.name}” is saved.`);
  }

  function save() {
    const change = changesOf(before, draft);
    if (Object.keys(change).length === 0) announce("Nothing was changed.");
    else update.mutate({ id: experiment.id, change }, { onSuccess: show });
  }

  function undo() {
    setDraft(draftOf(before));
    update.reset();
  }

  return { before, draft, setDraft, update, save, undo };
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
