/** The tracks in their order: played here, moved with buttons or by dragging, deleted. */
import type { Track } from "../../api/tracks.ts";
import { TrackRow } from "./track-row.tsx";
import { useDragging } from "./use-dragging.ts";
import { usePlayer } from "./use-player.ts";

interface TrackListProps {
  tracks: Track[];
  onMove: (from: number, to: number) => void;
  onDelete: (track: Track) => void;
}

export function TrackList({ tracks, onMove, onDelete }: TrackListProps) {
  const player = usePlayer();
  const dragging = useDragging(onMove);
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
            dragging={dragging(index)}
            onPlay={() => player.toggle(track)}
            onMove={(to) => onMove(index, to)}
            onDelete={() => onDelete(track)}
          />
        ))}
      </ol>
      {player.failure === null ? null : (
        <p className="mistake" role="alert">
          {player.failure}
        </p>
      )}
      <Player player={player} />
    </>
  );
}

function Player({ player }: { player: ReturnType<typeof usePlayer> }) {
  return (
    // biome-ignore lint/a11y/useMediaCaption: music without words
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
  );
}
