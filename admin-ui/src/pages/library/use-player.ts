/** One audio element for the whole list, so that never two tracks sound at once. */
import { useRef, useState } from "react";
import type { Track } from "../../api/tracks.ts";

export function usePlayer() {
  const audio = useRef<HTMLAudioElement>(null);
  const [track, setTrack] = useState<Track | null>(null);
  const [isSounding, setSounding] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);

  function toggle(next: Track) {
    const element = audio.current;
    if (element === null) return;
    setFailure(null);
    if (track?.filename === next.filename && isSounding) {
      element.pause();
      return;
    }
    if (track?.filename !== next.filename) {
      element.src = next.src;
      setTrack(next);
    }
    // A refusal arrives as the element's own error event; an interruption is none.
    element.play().catch(() => setSounding(false));
  }

  return {
    audio,
    track,
    playing: isSounding ? (track?.filename ?? null) : null,
    failure,
    toggle,
    onPlay: () => setSounding(true),
    onPause: () => setSounding(false),
    onError: () => {
      setSounding(false);
      setFailure(`${track?.name ?? "The track"} could not be played: its file cannot be reached or read.`);
    },
  };
}
