/** Asks before a track is deleted. */
import { type Track, useDeleteTrack } from "../../api/tracks.ts";
import { useAnnounce } from "../../components/announcer.tsx";
import { ConfirmDialog } from "../../components/dialog.tsx";
import { focusTitle } from "../../components/page.tsx";

export function DeleteTrack({ track, onClose }: { track: Track; onClose: () => void }) {
  const remove = useDeleteTrack();
  const announce = useAnnounce();

  function confirm() {
    remove.mutate(track.filename, {
      onSuccess: () => {
        announce(`“${track.name}” is deleted.`);
        onClose();
        focusTitle();
      },
    });
  }

  return (
    <ConfirmDialog
      title={`Delete “${track.name}”?`}
      action="Delete the track"
      isBusy={remove.isPending}
      error={remove.error}
      onConfirm={confirm}
      onClose={onClose}
    >
      <p>
        Lost for good: the file <code>{track.filename}</code>. The page no longer plays it. What visitors did with it
        stays in the numbers.
      </p>
    </ConfirmDialog>
  );
}
