/** What the server told the page about itself, in the JSON block `#page` (`PageFacts` in landing/src/page/view.rs). */
export interface PageFacts {
  /** The experiment that chose the variant; null in a preview or when none did. */
  experiment_id: string | null;
  variant: string;
  /** The artwork: `neon` or `synthwave`. */
  look: string;
  /** The variant was forced with `?variant=`. */
  preview: boolean;
  /** False for visitors who asked not to be recorded: then nothing is sent and nothing is kept. */
  recording: boolean;
  matrix_rain: { speed: number; density: number } | null;
  hero_glitch: { intensity: number } | null;
  cursor_light: boolean;
  selection_sparkle: boolean;
}

/** Reads the block. A page without one is not ours, so a missing block may throw. */
export function readFacts(root: Document): PageFacts {
  return JSON.parse(root.querySelector("#page")?.textContent ?? "") as PageFacts;
}
