/** The temple is built once, in order, and whole at the end. */
import { expect, test } from "vitest";
import { grown, linesStanding, momentAt, temple } from "./building";

const building = temple();

test("nothing stands at the beginning, everything at the end", () => {
  expect(linesStanding(building, 0)).toBe(0);
  expect(linesStanding(building, 1)).toBe(building.lines.length);
  for (const face of building.faces) expect([grown(face, 0), grown(face, 1)]).toEqual([0, 1]);
});

test("what stands remains while the rest is built", () => {
  const counts = Array.from({ length: 101 }, (_, percent) => linesStanding(building, percent / 100));
  expect(counts).toEqual([...counts].sort((a, b) => a - b));
});

test("no part is built before what carries it: steps, then columns, then the roof", () => {
  const standing = (moment: number, above: number): number =>
    building.lines.filter((line) => Math.min(line.from.y, line.to.y) >= above && grown(line, moment) > 0).length;
  expect(standing(0.1, 0.01)).toBe(0);
  expect(standing(0.45, 3.01)).toBe(0);
  expect(standing(0.62, 4)).toBe(0);
});

test("it is few enough lines for any device", () => {
  expect(building.lines.length).toBeGreaterThan(350);
  expect(building.lines.length).toBeLessThan(700);
});

test("scrolling through the section runs from the first moment to the last", () => {
  expect(momentAt(900, 2_000, 900)).toBe(0);
  expect(momentAt(-1_100, 2_000, 900)).toBe(1);
  const way = [400, 0, -300, -700].map((top) => momentAt(top, 2_000, 900));
  expect(way).toEqual([...way].sort((a, b) => a - b));
});

test("a section that is no higher than the window is finished when it is reached", () => {
  expect(momentAt(0, 600, 900)).toBe(1);
});
