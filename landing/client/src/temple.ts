/**
 * The second scene: a temple that is built up by scrolling. The building is in `temple/building.ts`, the eye in
 * `temple/camera.ts`, the pen in `temple/drawing.ts`; here the scroll position becomes a moment. A frame is asked for only
 * until the drawing has caught up with the scrolling.
 */
import { onCalm } from "./calm";
import { animate, type Part } from "./frames";
import { linesStanding, momentAt, temple } from "./temple/building";
import { type Palette, TempleDrawing } from "./temple/drawing";

const MAX_RATIO = 1.5;
/** After this time two thirds of the way to the scroll position are made up. */
const LAG_MS = 90;
const CLOSE_ENOUGH = 0.0005;

class TempleScene {
  private readonly canvas: HTMLCanvasElement;
  private readonly count: HTMLElement | null;
  private readonly building = temple();
  private readonly drawing: TempleDrawing | null;
  private moment = 0;
  private calm = false;
  private part: Part | null = null;

  constructor(private readonly section: HTMLElement) {
    this.canvas = section.querySelector("canvas") as HTMLCanvasElement;
    this.count = section.querySelector(".temple__count");
    const pen = this.canvas.getContext("2d");
    this.drawing = pen && new TempleDrawing(pen, this.building, palette());
  }

  /** In calm mode the temple simply stands. */
  beCalm(calm: boolean): void {
    this.calm = calm;
    this.follow();
  }

  /** The page was scrolled. */
  readonly follow = (): void => {
    this.part ??= animate((elapsed) => this.step(elapsed), this.section);
  };

  /** The section has another size. */
  measure(): void {
    const ratio = Math.min(devicePixelRatio, MAX_RATIO);
    this.canvas.width = Math.round(this.canvas.clientWidth * ratio);
    this.canvas.height = Math.round(this.canvas.clientHeight * ratio);
    this.canvas.getContext("2d")?.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.show();
    this.follow();
  }

  private step(elapsed: number): boolean {
    const goal = this.goal();
    this.moment += (goal - this.moment) * (1 - Math.exp(-elapsed / LAG_MS));
    const arrived = this.calm || Math.abs(goal - this.moment) < CLOSE_ENOUGH;
    if (arrived) {
      this.moment = goal;
      this.part = null;
    }
    this.show();
    return !arrived;
  }

  private goal(): number {
    if (this.calm) return 1;
    const { top, height } = this.section.getBoundingClientRect();
    return momentAt(top, height, innerHeight);
  }

  private show(): void {
    this.drawing?.draw(this.moment, this.canvas.clientWidth, this.canvas.clientHeight);
    const standing = linesStanding(this.building, this.moment);
    const total = this.building.lines.length;
    this.section.dataset.built = String(Math.round((standing / total) * 100));
    if (this.count) this.count.textContent = `${String(standing).padStart(3, "0")} / ${total}`;
  }
}

function palette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  return {
    edge: colour("--accent"),
    fine: colour("--second"),
    stone: colour("--stone-shade"),
    shade: colour("--near"),
    halo: colour("--warm"),
  };
}

export function wakeTemple(): void {
  const section = document.querySelector<HTMLElement>("#temple");
  if (!section) return;
  const scene = new TempleScene(section);
  addEventListener("scroll", scene.follow, { passive: true });
  // Also tells the first size.
  new ResizeObserver(() => scene.measure()).observe(section);
  onCalm((calm) => scene.beCalm(calm));
}
