/** Asks before an experiment is deleted, and says what goes with it. */

import { useUndoDeletion } from "../../api/audit.ts";
import { type Experiment, useDeleteExperiment } from "../../api/experiments.ts";
import { staleOf } from "../../api/problem.ts";
import { useAnnounce } from "../../components/announcer.tsx";
import { ConfirmDialog } from "../../components/dialog.tsx";
import { focusTitle } from "../../components/page.tsx";

const CHANGED = new Error("somebody changed it after you opened it: read it again before you delete it");

interface DeleteExperimentProps {
  experiment: Experiment;
  /** The state that whoever deletes it has seen; without it, whichever is there. */
  tag?: string | null;
  onClose: () => void;
  /** Where the deleted experiment was the screen itself. */
  onDeleted?: () => void;
}

export function DeleteExperiment({ experiment, tag = null, onClose, onDeleted }: DeleteExperimentProps) {
  const remove = useDeleteExperiment();
  const undo = useUndoDeletion("experiment");
  const announce = useAnnounce();
  const stale = staleOf<Experiment>(remove.error);

  function bringBack() {
    // A promise, as this dialog is closed by then.
    undo.mutateAsync(experiment.id).then(
      () => announce(`“${experiment.name}” is back, and so are its visitors.`),
      () => announce(`“${experiment.name}” could not be brought back: try again under Changes.`),
    );
  }

  function confirm() {
    remove.mutate(
      { id: experiment.id, tag },
      {
        onSuccess: () => {
          announce(`“${experiment.name}” is deleted.`, { label: "Undo", act: bringBack });
          onClose();
          if (onDeleted === undefined) focusTitle();
          else onDeleted();
        },
      },
    );
  }

  return (
    <ConfirmDialog
      title={`Delete “${experiment.name}”?`}
      action="Delete the experiment"
      isBusy={remove.isPending}
      error={stale === null ? remove.error : CHANGED}
      onConfirm={confirm}
      onClose={onClose}
    >
      <p>Lost at once: nobody is part of it any more, and the page does without it.</p>
      <p>
        Can be undone: for a moment right here, and for a week under <strong>Changes</strong>, with the variant of each
        visitor and all its splits. After that week these are cleared, and only the experiment itself can come back.
      </p>
      <p>Kept: every event recorded for it, in the event log and in the numbers.</p>
      {experiment.is_active ? (
        <p>It is running: visitors are being assigned right now. Pausing keeps everything.</p>
      ) : null}
    </ConfirmDialog>
  );
}
