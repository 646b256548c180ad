/** The shape of a bolt. Pure: where it goes from and to, and chance, come in. */
import type { Point } from "../press";

/** One unbroken line of a bolt. The trunk is generation 0, its branches 1, theirs 2. */
export interface Stroke {
  points: Point[];
  generation: number;
}

type Chance = () => number;

/** About this far from one corner to the next, in pixels. */
const CORNER_PX = 56;
const FEWEST_CORNERS = 5;
const MOST_CORNERS = 14;
/** How far a corner may stray sideways, as a share of the distance between corners. */
const STRAY = 0.62;
const LAST_GENERATION = 2;
/** A corner of the trunk has a branch as often as this; each generation has fewer. */
const BRANCHING = 0.34;
/** A branch is this share of what is left of its parent. */
const BRANCH_LENGTH = 0.55;

/** A trunk from `from` to `to`, exactly, and its branches. */
export function bolt(from: Point, to: Point, chance: Chance = Math.random): Stroke[] {
  const strokes: Stroke[] = [];
  grow(from, to, 0, chance, strokes);
  return strokes;
}

function grow(from: Point, to: Point, generation: number, chance: Chance, strokes: Stroke[]): void {
  const points = jagged(from, to, chance);
  strokes.push({ points, generation });
  if (generation === LAST_GENERATION) return;
  for (const [index, start] of points.slice(1, -1).entries()) {
    if (chance() > BRANCHING / (generation + 1)) continue;
    const left = 1 - (index + 1) / (points.length - 1);
    grow(start, branchEnd(start, from, to, left, chance), generation + 1, chance, strokes);
  }
}

/** The line with its corners pushed aside; both ends stay where they are. */
function jagged(from: Point, to: Point, chance: Chance): Point[] {
  const { x, y } = { x: to.x - from.x, y: to.y - from.y };
  const length = Math.hypot(x, y);
  const count = Math.max(FEWEST_CORNERS, Math.min(MOST_CORNERS, Math.round(length / CORNER_PX)));
  const points: Point[] = [from];
  for (let corner = 1; corner < count; corner += 1) {
    const along = (corner + (chance() - 0.5) * 0.5) / count;
    // Across the line, in shares of its length.
    const aside = ((chance() * 2 - 1) * STRAY) / count;
    points.push({ x: from.x + x * along - y * aside, y: from.y + y * along + x * aside });
  }
  points.push(to);
  return points;
}

/** Branches lean away from their parent by 20 to 50 degrees, to either side. */
function branchEnd(start: Point, from: Point, to: Point, left: number, chance: Chance): Point {
  const turn = (0.35 + chance() * 0.52) * (chance() < 0.5 ? -1 : 1);
  const angle = Math.atan2(to.y - from.y, to.x - from.x) + turn;
  const length = Math.hypot(to.x - from.x, to.y - from.y) * left * BRANCH_LENGTH * (0.4 + chance() * 0.6);
  return { x: start.x + Math.cos(angle) * length, y: start.y + Math.sin(angle) * length };
}
