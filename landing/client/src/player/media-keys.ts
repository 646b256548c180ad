/** The system's media keys and its card of what plays (Media Session). A press there is a visitor's act like any other. */
import type { Station } from "./station";

/** What a press asks for. */
export interface Keys {
  play(): void;
  pause(): void;
  next(): void;
  previous(): void;
  seek(seconds: number): void;
}

const STEP_S = 10;

/** Joins the keys to the player; answers what to call when something changed, which does nothing where there are none. */
export function joinMediaKeys(station: Station, keys: Keys): () => void {
  const session = navigator.mediaSession;
  if (!session) return () => {};
  const on = (action: MediaSessionAction, handler: MediaSessionActionHandler): void => {
    try {
      session.setActionHandler(action, handler);
    } catch {
      // A browser that does not know this key has no such key.
    }
  };
  on("play", () => keys.play());
  on("pause", () => keys.pause());
  on("nexttrack", () => keys.next());
  on("previoustrack", () => keys.previous());
  on("seekbackward", ({ seekOffset }) => keys.seek(station.elapsed - (seekOffset ?? STEP_S)));
  on("seekforward", ({ seekOffset }) => keys.seek(station.elapsed + (seekOffset ?? STEP_S)));
  on("seekto", ({ seekTime }) => seekTime != null && keys.seek(seekTime));
  let shown = "";
  return () => {
    const { track, elapsed, total } = station;
    if (track && track.src !== shown) {
      session.metadata = new MediaMetadata({ title: track.name, artist: track.artist ?? "", album: "TEMPLE.FM" });
      shown = track.src;
    }
    session.playbackState = station.playing ? "playing" : "paused";
    // A position beyond the end is an error to some browsers.
    if (total > 0) session.setPositionState?.({ duration: total, position: Math.min(elapsed, total) });
  };
}
