/** One track of the library. */
import type { Track } from "../../api/tracks.ts";
import { Icon } from "../../components/icon.tsx";
import { fileSize, playingTime } from "../../compute/format.ts";
import type { Dragging } from "./use-dragging.ts";

interface TrackRowProps {
  track: Track;
  index: number;
  /** The last index of the list. */
  last: number;
  isPlaying: boolean;
  dragging: Dragging;
  onPlay: () => void;
  onMove: (to: number) => void;
  onDelete: () => void;
}

export function TrackRow(props: TrackRowProps) {
  const { track, index, last, isPlaying, dragging, onPlay, onMove, onDelete } = props;
  const { isDragged, mark, ...handlers } = dragging;
  const title = track.name;
  return (
    <li
      className={["track", isDragged ? "is-dragged" : "", mark === null ? "" : `is-${mark}`].join(" ").trim()}
      draggable
      {...handlers}
    >
      <span className="track-grip" aria-hidden="true" title="Drag to move">
        <Icon name="grip" />
      </span>
      <span className="track-number">{index + 1}</span>
      <button
        type="button"
        className="button is-icon"
        aria-label={`${isPlaying ? "Pause" : "Play"} ${title}`}
        onClick={onPlay}
      >
        <Icon name={isPlaying ? "pause" : "play"} />
      </button>
      <Words track={track} />
      <span className="track-moves">
        <MoveButton name="up" label={`Move ${title} up`} canMove={index > 0} onMove={() => onMove(index - 1)} />
        <MoveButton name="down" label={`Move ${title} down`} canMove={index < last} onMove={() => onMove(index + 1)} />
        <button type="button" className="button is-icon is-danger" aria-label={`Delete ${title}`} onClick={onDelete}>
          <Icon name="bin" />
        </button>
      </span>
    </li>
  );
}

function Words({ track }: { track: Track }) {
  return (
    <>
      <div className="track-words">
        <strong>{track.name}</strong>
        <span className="quiet small">
          {track.artist ? `${track.artist} · ` : ""}
          <code>{track.filename}</code>
        </span>
      </div>
      <span className="track-figures quiet small">
        {playingTime(track.duration_seconds)} · {fileSize(track.size_bytes)}
      </span>
    </>
  );
}

interface MoveButtonProps {
  name: "up" | "down";
  label: string;
  canMove: boolean;
  onMove: () => void;
}

/** Stays focusable at the end of the list: the focus must not get lost by moving a track to the top. */
function MoveButton({ name, label, canMove, onMove }: MoveButtonProps) {
  return (
    <button
      type="button"
      className="button is-icon"
      aria-label={label}
      aria-disabled={!canMove}
      onClick={() => {
        if (canMove) onMove();
      }}
    >
      <Icon name={name} />
    </button>
  );
}
