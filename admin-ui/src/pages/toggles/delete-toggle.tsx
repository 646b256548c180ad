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
        Lost for good: the key <code>{toggle.key}</code>, its description and its config.
      </p>
      <p>
        Whatever asks for this key finds no toggle any more and counts that as <strong>on</strong>.
      </p>
    </ConfirmDialog>
  );
}
