import { expect, test } from "vitest";
import { bolt } from "./bolt";

/** The same chances every time: a linear congruential generator. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

const FROM = { x: 200, y: 0 };
const TO = { x: 500, y: 600 };

test("the trunk goes from the one point exactly to the other and is not straight", () => {
  for (let seed = 1; seed <= 50; seed += 1) {
    const trunk = bolt(FROM, TO, dice(seed))[0]?.points ?? [];
    expect(trunk[0]).toEqual(FROM);
    expect(trunk.at(-1)).toEqual(TO);
    const offLine = trunk.filter(({ x, y }) => Math.abs((x - FROM.x) * 600 - y * 300) / Math.hypot(300, 600) > 2);
    expect(offLine.length).toBeGreaterThan(2);
  }
});

test("branches begin on a corner of an earlier stroke, and theirs have none", () => {
  const strokes = Array.from({ length: 50 }, (_, seed) => bolt(FROM, TO, dice(seed + 1)));
  expect(Math.max(...strokes.flat().map(({ generation }) => generation))).toBe(2);
  for (const one of strokes) {
    for (const { points, generation } of one.slice(1)) {
      const parents = one.filter((parent) => parent.generation === generation - 1);
      expect(parents.some((parent) => parent.points.slice(1, -1).includes(points[0] as never))).toBe(true);
    }
  }
});

test("a bolt stays small enough to be drawn in a frame, however chance falls", () => {
  for (const chance of [0, 0.5, 0.999_999]) {
    expect(bolt(FROM, { x: 4000, y: 3000 }, () => chance).length).toBeLessThan(250);
  }
});

test("a bolt without length is a point, not a failure", () => {
  for (const { points } of bolt(FROM, FROM, dice(3))) {
    for (const { x, y } of points) expect([x, y]).toEqual([FROM.x, FROM.y]);
  }
});
