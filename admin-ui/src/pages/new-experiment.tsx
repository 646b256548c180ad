/** A new experiment. */
import { useState } from "react";
import { Link, useLocation } from "wouter";
import { useCreateExperiment } from "../api/experiments.ts";
import { useAnnounce } from "../components/announcer.tsx";
import { ExperimentForm } from "../components/experiment-form.tsx";
import { Page } from "../components/page.tsx";
import { experimentOf, newDraft } from "../compute/experiment-draft.ts";
import { paths } from "../paths.ts";

export default function NewExperiment() {
  const [draft, setDraft] = useState(newDraft);
  const [, navigate] = useLocation();
  const create = useCreateExperiment();
  const announce = useAnnounce();

  function submit() {
    create.mutate(experimentOf(draft), {
      onSuccess: (experiment) => {
        announce(`“${experiment.name}” is created.`);
        navigate(paths.experiments);
      },
    });
  }

  return (
    <Page title="New experiment" lead="Two to twenty variants; the split totals 100 %.">
      <ExperimentForm
        draft={draft}
        onChange={setDraft}
        onSubmit={submit}
        action="Create the experiment"
        isNew
        isBusy={create.isPending}
        error={create.error}
        // Before it has a name there is nothing to be judged.
        trial={draft.name.trim() === "" ? null : { id: null, body: experimentOf(draft) }}
      >
        <Link className="button" href={paths.experiments}>
          Cancel
        </Link>
      </ExperimentForm>
    </Page>
  );
}
