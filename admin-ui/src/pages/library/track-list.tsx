/** The tracks in their order: played here, moved with buttons or by dragging, deleted. */
import { type DragEvent, useRef, useState } from "react";
import type { Track } from "../../api/tracks.ts";
import { TrackRow } from "./track-row.tsx";

interface TrackListProps {
  tracks: Track[];
  onMove: (from: number, to: number) => void;
  onDelete: (track: Track) => void;
}

export function TrackList({ tracks, onMove, onDelete }: TrackListProps) {
  const player = usePlayer();
  const [dragged, setDragged] = useState<number | null>(null);
  const [target, setTarget] = useState<number | null>(null);

  function over(event: DragEvent, index: number) {
    if (dragged === null) return;
    event.preventDefault();
    setTarget(index);
  }

  function drop(event: DragEvent) {
    event.preventDefault();
    if (dragged !== null && target !== null) onMove(dragged, target);
    setDragged(null);
    setTarget(null);
  }

  return (
    <>
      <ol className="tracks">
        {tracks.map((track, index) => (
          <TrackRow
            key={track.filename}
            track={track}
            index={index}
            last={tracks.length - 1}
            isPlaying={player.playing === track.filename}
            mark={
              target !== index || dragged === null || dragged === index ? null : dragged < index ? "after" : "before"
            }
            isDragged={dragged === index}
            onPlay={() => player.toggle(track)}
            onMove={(to) => onMove(index, to)}
            onDelete={() => onDelete(track)}
            onDragStart={() => setDragged(index)}
            onDragOver={(event) => over(event, index)}
            onDrop={drop}
            onDragEnd={() => {
              setDragged(null);
              setTarget(null);
            }}
          />
        ))}
      </ol>
      {player.failure === null ? null : (
        <p className="mistake" role="alert">
          {player.failure}
        </p>
      )}
      {/* biome-ignore lint/a11y/useMediaCaption: music without words */}
      <audio
        ref={player.audio}
        className="player"
        controls
        preload="none"
        aria-label="Player"
        hidden={player.track === null}
        onPlay={player.onPlay}
        onPause={player.onPause}
        onError={player.onError}
      />
    </>
  );
}

/** One audio element for the whole list, so that never two tracks sound at once. */
function usePlayer() {
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
