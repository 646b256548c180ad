/** Sparks that rise a little from where they were struck, fall, and go out. Pure: time and chance come in. */

export interface Spark {
  x: number;
  y: number;
  vx: number;
  vy: number;
  size: number;
  /** From 1 when struck to 0 when out. */
  life: number;
  /** Which of the colours. */
  hue: number;
}

export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** More at once would be a blizzard. */
export const MOST_SPARKS = 120;
/** One spark for so many pixels of selected text. */
const PIXELS_EACH = 14;
const LIFE_MS = 900;
const GRAVITY = 0.00042;

/** Sparks along the selected lines: more for longer ones, never more than `MOST_SPARKS`. */
export function strike(boxes: Box[], chance: () => number = Math.random): Spark[] {
  const total = boxes.reduce((sum, { width }) => sum + width, 0);
  const count = Math.min(MOST_SPARKS, Math.ceil(total / PIXELS_EACH));
  return Array.from({ length: count }, (_, index) => {
    const { box, along } = placeIn(boxes, ((index + chance()) / count) * total);
    const { left, top, height } = box;
    return {
      x: left + along,
      y: top + height * chance(),
      vx: (chance() - 0.5) * 0.12,
      vy: -0.05 - chance() * 0.16,
      size: 1.5 + chance() * 3.5,
      life: 0.6 + chance() * 0.4,
      hue: Math.floor(chance() * 3),
    };
  });
}

/** The place so far along the lines, as if they stood in one row. */
function placeIn(boxes: Box[], along: number): { box: Box; along: number } {
  let rest = along;
  for (const box of boxes) {
    if (rest <= box.width) return { box, along: rest };
    rest -= box.width;
  }
  const last = boxes[boxes.length - 1] as Box;
  return { box: last, along: last.width };
}

/** Moves them; those that are out are gone from the answer. */
export function fall(sparks: Spark[], elapsedMs: number): Spark[] {
  for (const spark of sparks) {
    spark.vy += GRAVITY * elapsedMs;
    spark.x += spark.vx * elapsedMs;
    spark.y += spark.vy * elapsedMs;
    spark.life -= elapsedMs / LIFE_MS;
  }
  return sparks.filter(({ life }) => life > 0);
}
