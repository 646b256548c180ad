/**
 * The sculpture's movement between lying and standing, on our own clock. Pure: time comes in as steps, the place in the
 * clip comes out. A press turns the movement round wherever it is; it slows, stops and goes back, without a jump.
 */

export type Pose = "lying" | "rising" | "standing" | "reclining";

/** The clip's own tempo one way; lying down again takes less patience. */
const RISING_SPEED = 1;
const RECLINING_SPEED = 1.35;
/** How quickly it gathers speed and turns round, in seconds of clip per second, per second. */
const ACCELERATION = 3.2;
/** It never creeps more slowly than this towards an end, so that every movement ends. */
const SLOWEST = 0.12;

export class PoseMachine {
  private pose: Pose = "lying";
  private time = 0;
  private speed = 0;

  /** `end` is the last moment of the clip, in seconds; `onChange` hears each new pose. */
  constructor(
    private end: number,
    private readonly onChange: (pose: Pose) => void = () => {},
  ) {}

  get state(): Pose {
    return this.pose;
  }

  /** Where in the clip it is, in seconds. */
  get at(): number {
    return this.time;
  }

  get moving(): boolean {
    return this.pose === "rising" || this.pose === "reclining";
  }

  /** Up it goes, or down again: always the other way than before. */
  press(): void {
    this.enter(this.pose === "lying" || this.pose === "reclining" ? "rising" : "reclining");
  }

  /** Moves on by some seconds; false when it has arrived. */
  step(seconds: number): boolean {
    if (!this.moving) return false;
    const up = this.pose === "rising";
    const left = up ? this.end - this.time : this.time;
    // What it may have and still come to rest at the end.
    const brake = Math.sqrt(2 * ACCELERATION * Math.max(left, 0));
    const wished = Math.max(Math.min(up ? RISING_SPEED : RECLINING_SPEED, brake), SLOWEST) * (up ? 1 : -1);
    const change = ACCELERATION * seconds;
    this.speed += Math.max(-change, Math.min(change, wished - this.speed));
    this.time = Math.max(0, Math.min(this.end, this.time + this.speed * seconds));
    if (up ? this.time >= this.end : this.time <= 0) this.settle();
    return this.moving;
  }

  /** Ends a movement at once, for whoever wants no motion. */
  settle(): void {
    if (!this.moving) return;
    const up = this.pose === "rising";
    this.time = up ? this.end : 0;
    this.speed = 0;
    this.enter(up ? "standing" : "lying");
  }

  private enter(pose: Pose): void {
    this.pose = pose;
    this.onChange(pose);
  }
}
