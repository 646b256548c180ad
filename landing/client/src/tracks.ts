/** The music library as `GET /api/tracks` lists it. */

export interface Track {
  name: string;
  src: string;
  filename: string;
  title?: string | null;
  artist?: string | null;
  duration_seconds?: number | null;
}

/** A list that takes longer is taken for none. */
const ANSWER_MS = 10_000;

/** The tracks in their order; `null` when the library cannot be read, which is not the same as an empty one. */
export async function listTracks(): Promise<Track[] | null> {
  try {
    const response = await fetch("/api/tracks", { signal: AbortSignal.timeout(ANSWER_MS) });
    return response.ok ? ((await response.json()) as Track[]) : null;
  } catch {
    return null;
  }
}

/** Seconds as a clock shows them: `4:07`. */
export function timeText(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
