/** Density decides how many drops there are, speed how fast they fall. */
import { expect, test } from "vitest";
import { Rainfall } from "./rainfall";

const rain = (speed: number, density: number): Rainfall => new Rainfall(100, 50, { speed, density }, () => 0.5);

test("density decides how many columns have a drop, each of them one", () => {
  expect(rain(1, 1).drops).toHaveLength(70);
  expect(rain(1, 0.1).drops).toHaveLength(7);
  expect(new Set(rain(1, 1).drops.map(({ column }) => column)).size).toBe(70);
});

test("however thin the rain, one drop falls", () => {
  expect(new Rainfall(1, 10, { speed: 1, density: 0.1 }).drops).toHaveLength(1);
});

test("twice the speed is twice the way", () => {
  const way = (speed: number): number => {
    const one = rain(speed, 1);
    const before = one.drops[0]?.row ?? 0;
    one.fall(100);
    return (one.drops[0]?.row ?? 0) - before;
  };
  expect(way(2)).toBeCloseTo(2 * way(1));
});

test("only drops that came to a new row are named, and those below the window come back above it", () => {
  const one = rain(1, 1);
  expect(one.fall(1)).toEqual([]);
  expect(one.fall(200).length).toBeGreaterThan(0);
  for (let tick = 0; tick < 200; tick += 1) {
    one.fall(100);
    expect(Math.max(...one.drops.map(({ row }) => row))).toBeLessThanOrEqual(50);
  }
});
