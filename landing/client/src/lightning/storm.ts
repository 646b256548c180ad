/** Which bolts are in the air, and how bright each is. Pure: time comes in as steps. */
import type { Stroke } from "./bolt";

/** Two for each press, and three presses at once are as many as anybody can tell apart. */
export const MOST_BOLTS = 6;
/** So long after the press the last light of a bolt is gone. */
export const BOLT_MS = 600;

export interface Bolt {
  strokes: Stroke[];
  /** Milliseconds since it struck; below zero it is still to come. */
  age: number;
  /** Told once, when it strikes. */
  onStrike?: (() => void) | undefined;
}

/** How bright a bolt of that age is, from 0 to 1: two dark gaps as in a film of real lightning, then it fades. */
export function brightness(age: number): number {
  if (age < 0 || age >= BOLT_MS) return 0;
  if ((age >= 50 && age < 80) || (age >= 120 && age < 145)) return 0.3;
  if (age < 200) return 1;
  return (1 - (age - 200) / (BOLT_MS - 200)) ** 2;
}

export class Storm {
  private bolts: Bolt[] = [];

  get inTheAir(): readonly Bolt[] {
    return this.bolts;
  }

  /** Adds a bolt that strikes after `delay` milliseconds. The oldest makes room when there are too many. */
  add(strokes: Stroke[], delay = 0, onStrike?: () => void): void {
    this.bolts.push({ strokes, age: -delay, onStrike });
    if (this.bolts.length > MOST_BOLTS) strike(this.bolts.shift());
  }

  /** Time goes by; false when the air is empty. */
  step(ms: number): boolean {
    for (const bolt of this.bolts) {
      bolt.age += ms;
      if (bolt.age >= 0) strike(bolt);
    }
    this.bolts = this.bolts.filter(({ age }) => age < BOLT_MS);
    return this.bolts.length > 0;
  }

  clear(): void {
    this.bolts = [];
  }
}

/** What it strikes is struck, once, also when a bolt had to make room. */
function strike(bolt: Bolt | undefined): void {
  const told = bolt?.onStrike;
  if (!bolt || !told) return;
  bolt.onStrike = undefined;
  told();
}
