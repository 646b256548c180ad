/** Where the visitor stands before the temple, and what of space they see on the drawing. Pure. */
import type { Vector } from "./building";

export interface Seen {
  x: number;
  y: number;
  /** How far away; larger is farther. */
  depth: number;
}

/** The middle of the temple: what is looked at. */
const TARGET = { x: 0, y: 2.15, z: -1.6 };
/** The temple's width with some air around it, in units. */
const WIDTH = 10.6;
/** Its height with some air. */
const HEIGHT = 9.6;
/** A little from the side even at the end: seen straight on, a building is a drawing. */
const LAST_TURN = -0.3;

export class Camera {
  private readonly turn: { sin: number; cos: number };
  private readonly tilt: { sin: number; cos: number };
  private readonly distance: number;
  private readonly scale: number;
  private readonly centre: { x: number; y: number };

  /** At a moment the camera has come down from above and half around the temple. */
  constructor(moment: number, width: number, height: number) {
    const eased = moment * moment * (3 - 2 * moment);
    const turn = -1.15 + (LAST_TURN + 1.15) * eased;
    const tilt = 0.5 - 0.4 * eased;
    this.turn = { sin: Math.sin(turn), cos: Math.cos(turn) };
    this.tilt = { sin: Math.sin(tilt), cos: Math.cos(tilt) };
    this.distance = 17 - 3.5 * eased;
    // Beside the words where there is room, below them where there is none.
    const isWide = width > height * 1.05;
    const room = isWide
      ? { width: width * 0.66, height: height * 0.92 }
      : { width: width * 1.02, height: height * 0.62 };
    this.scale = 13.5 * Math.min(room.width / WIDTH, room.height / HEIGHT);
    this.centre = isWide ? { x: width * 0.64, y: height * 0.56 } : { x: width / 2, y: height * 0.68 };
  }

  see({ x, y, z }: Vector): Seen {
    const [dx, dy, dz] = [x - TARGET.x, y - TARGET.y, z - TARGET.z];
    const across = dx * this.turn.cos + dz * this.turn.sin;
    const towards = dz * this.turn.cos - dx * this.turn.sin;
    const up = dy * this.tilt.cos - towards * this.tilt.sin;
    const depth = this.distance - (towards * this.tilt.cos + dy * this.tilt.sin);
    return { x: this.centre.x + (across * this.scale) / depth, y: this.centre.y - (up * this.scale) / depth, depth };
  }
}
