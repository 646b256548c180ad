/** Asks before a lead is erased. */
import { type Lead, useEraseLead } from "../../api/leads.ts";
import { useAnnounce } from "../../components/announcer.tsx";
import { ConfirmDialog } from "../../components/dialog.tsx";
import { focusTitle } from "../../components/page.tsx";

export function EraseLead({ lead, onClose }: { lead: Lead; onClose: () => void }) {
  const erase = useEraseLead();
  const announce = useAnnounce();

  function confirm() {
    erase.mutate(lead.id, {
      onSuccess: () => {
        announce(`The lead of ${lead.email} is erased.`);
        onClose();
        focusTitle();
      },
    });
  }

  return (
    <ConfirmDialog
      title="Erase this lead?"
      action="Erase the lead"
      isBusy={erase.isPending}
      error={erase.error}
      onConfirm={confirm}
      onClose={onClose}
    >
      <p>
        Lost for good: the address <code>{lead.email}</code> and everything written with it. That a form was sent stays
        in the numbers.
      </p>
    </ConfirmDialog>
  );
}
