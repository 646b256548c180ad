/** Asks before an experiment is deleted, and says what goes with it. */
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
  const announce = useAnnounce();
  const stale = staleOf<Experiment>(remove.error);

  function confirm() {
    remove.mutate(
      { id: experiment.id, tag },
      {
        onSuccess: () => {
          announce(`“${experiment.name}” is deleted.`);
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
      <p>
        Lost for good: which variant each of its visitors has, and the history of its splits. Visitors who come back are
        no longer part of it.
      </p>
      <p>
        Can be brought back under <strong>Changes</strong>: the experiment itself, as it is now. Visitors are then
        assigned anew, by the same rule.
      </p>
      <p>Kept: every event recorded for it, in the event log and in the numbers.</p>
      {experiment.is_active ? (
        <p>It is active: visitors are being assigned right now. Pausing keeps everything.</p>
      ) : null}
    </ConfirmDialog>
  );
}
