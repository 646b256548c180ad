/** The music library as `GET /api/tracks` lists it. */

export interface Track {
  name: string;
  src: string;
  filename: string;
  title?: string | null;
  artist?: string | null;
  duration_seconds?: number | null;
}

/** The tracks in their order; none when the library cannot be read, because the page does without music. */
export async function listTracks(): Promise<Track[]> {
  try {
    const response = await fetch("/api/tracks");
    return response.ok ? ((await response.json()) as Track[]) : [];
  } catch {
    return [];
  }
}

/** Seconds as a clock shows them: `4:07`. */
export function timeText(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
