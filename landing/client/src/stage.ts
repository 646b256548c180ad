/**
 * The stage: the figure sleeps until a button anywhere on the page is pressed, rises, and lies down and rises again with
 * later presses. What is drawn is the sculpture where that is possible, and its two posters everywhere else; the state is
 * the same and stands in `data-pose` of the stage's button.
 */
import { isCalm, onCalm } from "./calm";
import { animate, type Part } from "./frames";
import { onPress } from "./press";
import { canDraw, whenNear } from "./stage/gate";
import { orbit } from "./stage/orbit";
import { type Pose, PoseMachine } from "./stage/pose";
import type { Statue } from "./stage/viewer";

/** The last moment of the clip. At its very end the element would begin anew. */
const END = 3.19;

const TOLD: { [pose in Pose]?: string } = { standing: "The statue stands.", lying: "The statue lies asleep." };

/** Small posters by look and pose; the server puts the first one into the page. */
const POSTERS = import.meta.glob<string>("../models/poster-*.webp", { eager: true, query: "?url", import: "default" });

/** Wakes it. */
export function wakeStage(look: string): void {
  const button = document.querySelector<HTMLButtonElement>("#stage");
  const place = document.querySelector<HTMLElement>(".stage__sculpture");
  if (button && place) new Stage(button, place, look).wake();
}

class Stage {
  private readonly pose = new PoseMachine(END, (pose) => this.publish(pose));
  private statue: Statue | null = null;
  /** Whether it is being loaded: a press meanwhile is not forgotten, and what it calls for is not missed. */
  private loading = false;
  private drawable = true;
  private movement: Part | null = null;

  constructor(
    private readonly button: HTMLButtonElement,
    private readonly place: HTMLElement,
    private readonly artwork: string,
  ) {}

  wake(): void {
    this.button.hidden = false;
    // The button says what is seen, and keeps what is drawn from being reached twice.
    this.place.inert = true;
    onPress(() => this.press());
    onCalm((calm) => {
      if (calm) this.settle();
      this.look();
    });
    whenNear(this.button, () => void this.load());
    addEventListener("scroll", () => this.look(), { passive: true });
  }

  private press(): void {
    void this.load();
    this.pose.press();
    if (isCalm() || (!this.statue && !this.loading)) this.settle();
    else this.move();
  }

  private async load(): Promise<void> {
    if (this.statue || this.loading || !this.drawable || isCalm()) return;
    this.drawable = canDraw();
    if (!this.drawable) return;
    this.loading = true;
    try {
      const { loadStatue } = await import("./stage/viewer");
      this.statue = await loadStatue(this.place, this.artwork);
      this.statue.show(this.pose.at);
      this.look();
      this.button.dataset.drawn = "";
    } catch {
      // Away, or too much for this device: the posters do.
      this.drawable = false;
    } finally {
      this.loading = false;
    }
    if (this.statue && !isCalm()) this.move();
    else this.settle();
  }

  /** Goes on while it is moving, with every frame near the stage. */
  private move(): void {
    if (!this.statue || this.movement || !this.pose.moving) return;
    this.movement = animate((elapsedMs) => {
      const moves = this.pose.step(elapsedMs / 1000);
      this.statue?.show(this.pose.at);
      if (!moves) this.movement = null;
      return moves;
    }, this.button);
  }

  /** Is where it was going, at once. */
  private settle(): void {
    this.movement?.stop();
    this.movement = null;
    this.pose.settle();
    this.statue?.show(this.pose.at);
    if (!this.statue) this.showPoster();
  }

  /** Looks from where the page was scrolled to. Who wants calm looks from the front. */
  private look(): void {
    const box = this.button.getBoundingClientRect();
    this.statue?.turn(isCalm() ? orbit(0, 1) : orbit(box.top, box.height));
  }

  private publish(pose: Pose): void {
    this.button.dataset.pose = pose;
    this.button.setAttribute("aria-pressed", String(pose === "standing" || pose === "rising"));
    const told = document.querySelector(".stage__told");
    if (told && TOLD[pose]) told.textContent = TOLD[pose];
  }

  private showPoster(): void {
    const poster = this.place.querySelector<HTMLImageElement>(".stage__poster");
    const of = (size: number): string | undefined =>
      POSTERS[`../models/poster-${this.artwork}-${this.pose.state}-${size}.webp`];
    const [small, large] = [of(560), of(1120)];
    if (!poster || !small || !large) return;
    poster.srcset = `${small} 560w, ${large} 1120w`;
    poster.src = small;
  }
}
