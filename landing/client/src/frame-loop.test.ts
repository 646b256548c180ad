/** Frames are asked for only while something may move, and nothing jumps after a pause. */
import { beforeEach, expect, test } from "vitest";
import { FrameLoop } from "./frame-loop";

/** A browser whose frames the test draws. */
class HandFrames {
  waiting: ((now: number) => void) | null = null;
  request(callback: (now: number) => void): number {
    expect(this.waiting, "two frames at once").toBeNull();
    this.waiting = callback;
    return 1;
  }
  cancel(): void {
    this.waiting = null;
  }
  draw(now: number): void {
    const callback = this.waiting;
    this.waiting = null;
    callback?.(now);
  }
}

let frames: HandFrames;
let lengths: number[];
let loop: FrameLoop;
beforeEach(() => {
  frames = new HandFrames();
  lengths = [];
  loop = new FrameLoop(frames, (length) => lengths.push(length));
});

test("nothing moves, so no frame is asked for", () => {
  expect(frames.waiting).toBeNull();
  const part = loop.add(() => undefined);
  expect(frames.waiting).not.toBeNull();
  part.stop();
  expect(frames.waiting).toBeNull();
});

test("several parts share one frame, and each hears how long ago it moved", () => {
  const heard: string[] = [];
  loop.add((elapsed) => void heard.push(`a ${elapsed}`));
  frames.draw(1_000);
  loop.add((elapsed) => void heard.push(`b ${elapsed}`));
  frames.draw(1_016);
  frames.draw(1_032);
  expect(heard).toEqual(["a 0", "a 16", "b 0", "a 16", "b 16"]);
  expect(lengths).toEqual([16, 16]);
});

test("a step that answers false was the last one", () => {
  let left = 2;
  loop.add(() => --left > 0);
  frames.draw(0);
  frames.draw(16);
  expect([left, frames.waiting]).toEqual([0, null]);
});

test("a hidden page draws nothing, and goes on where it was", () => {
  const heard: number[] = [];
  loop.add((elapsed) => void heard.push(elapsed));
  frames.draw(0);
  loop.wake(false);
  expect(frames.waiting).toBeNull();
  loop.wake(true);
  frames.draw(60_000);
  frames.draw(60_016);
  expect(heard).toEqual([0, 0, 16]);
  expect(lengths, "the pause is not a slow frame").toEqual([16]);
});

test("what is out of sight stands still while the rest goes on", () => {
  const heard: string[] = [];
  const far = loop.add(() => void heard.push("far"));
  loop.add(() => void heard.push("near"));
  far.show(false);
  frames.draw(0);
  far.show(true);
  frames.draw(16);
  expect(heard).toEqual(["near", "far", "near"]);
});

test("a long frame is treated as a short one", () => {
  const heard: number[] = [];
  loop.add((elapsed) => void heard.push(elapsed));
  frames.draw(0);
  frames.draw(900);
  expect(heard).toEqual([0, 100]);
  expect(lengths).toEqual([900]);
});
