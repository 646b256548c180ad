/** Asks before an experiment is deleted, and says what goes with it. */
import { type Experiment, useDeleteExperiment } from "../../api/experiments.ts";
import { useAnnounce } from "../../components/announcer.tsx";
import { ConfirmDialog } from "../../components/dialog.tsx";
import { focusTitle } from "../../components/page.tsx";

interface DeleteExperimentProps {
  experiment: Experiment;
  onClose: () => void;
  /** Where the deleted experiment was the screen itself. */
  onDeleted?: () => void;
}

export function DeleteExperiment({ experiment, onClose, onDeleted }: DeleteExperimentProps) {
  const remove = useDeleteExperiment();
  const announce = useAnnounce();

  function confirm() {
    remove.mutate(experiment.id, {
      onSuccess: () => {
        announce(`“${experiment.name}” is deleted.`);
        onClose();
        if (onDeleted === undefined) focusTitle();
        else onDeleted();
      },
    });
  }

  return (
    <ConfirmDialog
      title={`Delete “${experiment.name}”?`}
      action="Delete the experiment"
      isBusy={remove.isPending}
      error={remove.error}
      onConfirm={confirm}
      onClose={onClose}
    >
      <p>
        Lost for good: the experiment, its split, and which variant each of its visitors has. Visitors who come back are
        no longer part of it.
      </p>
      <p>Kept: every event recorded for it, in the event log and in the numbers.</p>
      {experiment.is_active ? (
        <p>It is active: visitors are being assigned right now. Pausing keeps everything.</p>
      ) : null}
    </ConfirmDialog>
  );
}
