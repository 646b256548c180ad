/** Which track comes next. Pure: lists in, places out. A place is an index into a list. */
import type { Track } from "../tracks";

/** The place so many steps on; after the last track comes the first, before the first the last. */
export function step(count: number, at: number, by: number): number {
  return (((at + by) % count) + count) % count;
}

/** Where a track stands in a list that was read again; `null` when it is gone. */
export function placeOf(track: Track, list: readonly Track[]): number | null {
  const at = list.findIndex(({ filename }) => filename === track.filename);
  return at < 0 ? null : at;
}

/**
 * Where to go on when the track at `at` of the old list cannot be played, and the library was read again: at the first
 * track after it that has not failed too. A track that vanished is followed by what followed it in the old list.
 * `null` when nothing is left to try.
 */
export function placeAfter(
  old: readonly Track[],
  at: number,
  fresh: readonly Track[],
  failed: ReadonlySet<string>,
): number | null {
  const lost = old[at];
  const there = lost ? placeOf(lost, fresh) : null;
  const from = there === null ? survivor(old, at, fresh) : there + 1;
  for (let further = 0; further < fresh.length; further += 1) {
    const place = step(fresh.length, from, further);
    const track = fresh[place];
    if (track && !failed.has(track.filename)) return place;
  }
  return null;
}

/** The place in the fresh list of the first track after `at` that is still there; the first one when none is. */
function survivor(old: readonly Track[], at: number, fresh: readonly Track[]): number {
  for (let further = 1; further < old.length; further += 1) {
    const next = old[step(old.length, at, further)];
    const place = next ? placeOf(next, fresh) : null;
    if (place !== null) return place;
  }
  return 0;
}
