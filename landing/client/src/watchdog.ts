/**
 * Watches how long frames take and says when the device cannot keep up. Pure: it is told each frame's length.
 *
 * The median is judged, not the mean, so that one long task (a font arriving, a tab coming back) condemns nobody.
 */

/** Frames that are looked at together: about a second on a device that keeps up. */
const WINDOW = 48;
/** Beyond this the eye sees single pictures: less than 42 a second. */
const SLOW_MS = 24;
/** Such a gap is a pause of the whole page, not a slow frame. */
const PAUSE_MS = 1_000;

export class Watchdog {
  private lengths: number[] = [];

  /** True when the last second's median was too slow. Each second is judged once. */
  frame(lengthMs: number): boolean {
    if (lengthMs >= PAUSE_MS) return false;
    this.lengths.push(lengthMs);
    if (this.lengths.length < WINDOW) return false;
    const sorted = this.lengths.sort((a, b) => a - b);
    this.lengths = [];
    return (sorted[WINDOW / 2] ?? 0) > SLOW_MS;
  }

  /** Forgets what it saw: after a pause, or after detail was dropped, the counting begins anew. */
  reset(): void {
    this.lengths = [];
  }
}
