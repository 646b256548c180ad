/**
 * The seek bar: the browser's own slider, which fingers, mice, keys and screen readers know, with steps that suit music.
 * While it is held, the music goes on and only the clock follows; it moves when the hold ends.
 */
import { timeText } from "../tracks";

const ARROW_S = 5;
const PAGE_S = 15;

export class SeekBar {
  private held = false;

  constructor(
    private readonly slider: HTMLInputElement,
    private readonly clock: { elapsed: HTMLElement; total: HTMLElement },
    seek: (seconds: number) => void,
  ) {
    slider.addEventListener("input", () => {
      this.held = true;
      this.write(Number(slider.value), Number(slider.max));
    });
    slider.addEventListener("change", () => {
      this.held = false;
      seek(Number(slider.value));
    });
    slider.addEventListener("blur", () => {
      this.held = false;
    });
    slider.addEventListener("keydown", (event) => {
      const by = stepOf(event.key);
      if (by === null || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      seek(Number(slider.value) + by);
    });
  }

  /** Shows where the music is. */
  show(elapsed: number, total: number): void {
    if (this.held) return;
    this.slider.max = String(Math.max(Math.ceil(total), 1));
    this.slider.value = String(Math.floor(elapsed));
    this.write(elapsed, total);
  }

  private write(elapsed: number, total: number): void {
    const share = total > 0 ? Math.min(elapsed / total, 1) : 0;
    this.slider.style.setProperty("--done", `${(share * 100).toFixed(1)}%`);
    this.slider.setAttribute("aria-valuetext", `${timeText(elapsed)} of ${timeText(total)}`);
    this.clock.elapsed.textContent = timeText(elapsed);
    this.clock.total.textContent = timeText(total);
  }
}

/** Seconds that a key moves by; `null` for keys that the slider knows itself (Home, End) or that mean nothing here. */
function stepOf(key: string): number | null {
  if (key === "ArrowRight" || key === "ArrowUp") return ARROW_S;
  if (key === "ArrowLeft" || key === "ArrowDown") return -ARROW_S;
  if (key === "PageUp") return PAGE_S;
  if (key === "PageDown") return -PAGE_S;
  return null;
}
