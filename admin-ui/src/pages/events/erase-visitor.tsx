/** Asks before a visitor is erased. */
import { type Erasure, useEraseVisitor } from "../../api/visitors.ts";
import { useAnnounce } from "../../components/announcer.tsx";
import { ConfirmDialog } from "../../components/dialog.tsx";
import { focusTitle } from "../../components/page.tsx";
import { counted } from "../../compute/format.ts";

export function EraseVisitor({ visitor, onClose }: { visitor: string; onClose: () => void }) {
  const erase = useEraseVisitor();
  const announce = useAnnounce();

  function confirm() {
    erase.mutate(visitor, {
      onSuccess: (erasure) => {
        announce(`The visitor is erased: ${words(erasure)}.`);
        onClose();
        focusTitle();
      },
    });
  }

  return (
    <ConfirmDialog
      title="Erase this visitor?"
      action="Erase the visitor"
      isBusy={erase.isPending}
      error={erase.error}
      onConfirm={confirm}
      onClose={onClose}
    >
      <p>
        Lost for good: everything that is kept of <code>{visitor}</code>, which is every event, everything sent with the
        contact form, and the variants this visitor was given. All counts become what they would be without them.
      </p>
      <p>Somebody who keeps the cookie and comes back is recorded again.</p>
    </ConfirmDialog>
  );
}

function words({ events, leads, assignments }: Erasure): string {
  return [counted(events, "event"), counted(leads, "lead"), counted(assignments, "assignment")].join(", ");
}
