/** Asks before a toggle is deleted, and says what that means. */
import { type Toggle, useDeleteToggle } from "../../api/toggles.ts";
import { useAnnounce } from "../../components/announcer.tsx";
import { ConfirmDialog } from "../../components/dialog.tsx";
import { focusTitle } from "../../components/page.tsx";

export function DeleteToggle({ toggle, onClose }: { toggle: Toggle; onClose: () => void }) {
  const remove = useDeleteToggle();
  const announce = useAnnounce();

  function confirm() {
    remove.mutate(toggle.key, {
      onSuccess: () => {
        announce(`“${toggle.name}” is deleted.`);
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
        Can be brought back under <strong>Changes</strong>: the toggle, with its key, its description and its config.
      </p>
    </ConfirmDialog>
  );
}
