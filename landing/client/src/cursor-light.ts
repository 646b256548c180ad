/**
 * A soft light that follows the pointer over the page, a little behind it. Only for fine pointers, never in calm mode, and
 * given up on slow devices. When it has caught up, no frame is asked for.
 */
import { onCalm } from "./calm";
import { animate, onDropped, type Part, SPARKS } from "./frames";
import { hasFinePointer } from "./pointer";

/** After this time two thirds of the distance are caught up. */
const LAG_MS = 110;
const CLOSE_ENOUGH_PX = 0.4;

class CursorLight {
  readonly element = document.createElement("div");
  private goal: { x: number; y: number } | null = null;
  private at = { x: 0, y: 0 };
  private part: Part | null = null;

  constructor() {
    this.element.className = "cursor-light";
    this.element.setAttribute("aria-hidden", "true");
  }

  follow(x: number, y: number): void {
    // It appears under the pointer rather than flying in from a corner.
    if (!this.goal) this.at = { x, y };
    this.goal = { x, y };
    this.part ??= animate((elapsed) => this.step(elapsed));
  }

  rest(): void {
    this.part?.stop();
    this.part = null;
    this.goal = null;
    this.element.remove();
  }

  private step(elapsed: number): boolean {
    const goal = this.goal ?? this.at;
    const share = 1 - Math.exp(-elapsed / LAG_MS);
    this.at.x += (goal.x - this.at.x) * share;
    this.at.y += (goal.y - this.at.y) * share;
    this.element.style.transform = `translate(${this.at.x.toFixed(1)}px, ${this.at.y.toFixed(1)}px)`;
    if (!this.element.isConnected) document.body.append(this.element);
    const moving = Math.hypot(goal.x - this.at.x, goal.y - this.at.y) > CLOSE_ENOUGH_PX;
    if (!moving) this.part = null;
    return moving;
  }
}

export function wakeCursorLight(enabled: boolean): void {
  if (!enabled) return;
  const light = new CursorLight();
  let calm = true;
  let slow = false;
  addEventListener(
    "pointermove",
    (event) => {
      if (!calm && !slow && event.pointerType === "mouse" && hasFinePointer())
        light.follow(event.clientX, event.clientY);
    },
    { passive: true },
  );
  document.documentElement.addEventListener("pointerleave", () => light.rest());
  onDropped((dropped) => {
    slow = dropped >= SPARKS;
    if (slow) light.rest();
  });
  onCalm((wish) => {
    calm = wish;
    if (calm) light.rest();
  });
}
