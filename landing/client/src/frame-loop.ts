/**
 * One loop of animation frames for everything that moves by script. Parts come and go; while there is none that may move,
 * no frame is asked for at all. Pure: the browser's clock and frames come in as `FrameSource`.
 */

/** Moves by one frame. Only the answer `false` means something: the movement is over. */
export type Step = (elapsedMs: number, now: number) => unknown;

/** Where frames come from. */
export interface FrameSource {
  request(callback: (now: number) => void): number;
  cancel(handle: number): void;
}

/** After a pause nothing jumps: a longer time than this is treated as this. */
const LONGEST_STEP_MS = 100;

/** Something that moves. */
export class Part {
  /** Whether it can be seen. What is out of sight stands still, and goes on from there. */
  private seen = true;
  private last: number | null = null;
  private ended = false;

  constructor(
    private readonly loop: FrameLoop,
    private readonly step: Step,
  ) {}

  get moves(): boolean {
    return this.seen;
  }

  /** Tells whether it can be seen. */
  show(seen: boolean): void {
    if (this.seen === seen) return;
    this.seen = seen;
    this.last = null;
    this.loop.reconsider();
  }

  get over(): boolean {
    return this.ended;
  }

  /** Ends it for good. */
  stop(): void {
    this.ended = true;
    this.loop.remove(this);
  }

  /** Forgets when it last moved, so that the time in between does not count. */
  rest(): void {
    this.last = null;
  }

  run(now: number): void {
    const elapsed = this.last === null ? 0 : Math.min(now - this.last, LONGEST_STEP_MS);
    this.last = now;
    if (this.step(elapsed, now) === false) this.stop();
  }
}

export class FrameLoop {
  private readonly parts = new Set<Part>();
  private awake = true;
  private handle: number | null = null;
  private last: number | null = null;

  /** `onFrame` hears the length of each frame that followed another one directly. */
  constructor(
    private readonly source: FrameSource,
    private readonly onFrame: (lengthMs: number) => void = () => {},
  ) {}

  add(step: Step): Part {
    const part = new Part(this, step);
    this.parts.add(part);
    this.reconsider();
    return part;
  }

  remove(part: Part): void {
    this.parts.delete(part);
    this.reconsider();
  }

  /** The page was hidden or shown. */
  wake(awake: boolean): void {
    this.awake = awake;
    for (const part of this.parts) part.rest();
    this.reconsider();
  }

  /** Asks for a frame when something may move, and takes the request back when nothing may. */
  reconsider(): void {
    const needed = this.awake && [...this.parts].some((part) => part.moves);
    if (needed && this.handle === null) {
      this.handle = this.source.request(this.frame);
    } else if (!needed && this.handle !== null) {
      this.source.cancel(this.handle);
      this.handle = null;
      this.last = null;
    }
  }

  private readonly frame = (now: number): void => {
    this.handle = null;
    if (this.last !== null) this.onFrame(now - this.last);
    this.last = now;
    for (const part of [...this.parts]) if (part.moves) part.run(now);
    this.reconsider();
    if (this.handle === null) this.last = null;
  };
}
