/** Asks before a toggle is deleted, and says what that means. */
import { useUndoDeletion } from "../../api/audit.ts";
import { type Toggle, useDeleteToggle } from "../../api/toggles.ts";
import { useAnnounce } from "../../components/announcer.tsx";
import { ConfirmDialog } from "../../components/dialog.tsx";
import { focusTitle } from "../../components/page.tsx";

export function DeleteToggle({ toggle, onClose }: { toggle: Toggle; onClose: () => void }) {
  const remove = useDeleteToggle();
  const undo = useUndoDeletion("toggle");
  const announce = useAnnounce();

  function bringBack() {
    // A promise, as this dialog is closed by then.
    undo.mutateAsync(toggle.id).then(
      () => announce(`“${toggle.name}” is back.`),
      () => announce(`“${toggle.name}” could not be brought back: try again under Changes.`),
    );
  }

  function confirm() {
    remove.mutate(toggle.key, {
      onSuccess: () => {
        announce(`“${toggle.name}” is deleted.`, { label: "Undo", act: bringBack });
        onClose();
        focusTitle();
      },
    });
  }

  return (
    <ConfirmDialog
      title={`Delete “${toggle.name}”?`}
      action="Delete the toggle"
      isBusy={remove.isPending}
      error={remove.error}
      onConfirm={confirm}
      onClose={onClose}
    >
      <p>
        Whatever asks for the key <code>{toggle.key}</code> finds no toggle any more and counts that as{" "}
        <strong>on</strong>.
      </p>
      <p>
        Can be undone: for a moment right here, and later under <strong>Changes</strong>. Back comes the toggle, with
        its key, its description and its config.
      </p>
    </ConfirmDialog>
  );
}
