/** A tone is seen where it sounds. */
import { expect, test } from "vitest";
import { edges, heights } from "./bands";

const BINS = 1_024;
const RATE = 44_100;

test("columns rise in pitch, and none is empty or shown twice", () => {
  const found = edges(32, BINS, RATE);
  expect(found).toHaveLength(33);
  for (let at = 1; at < found.length; at += 1) expect(found[at]).toBeGreaterThan(found[at - 1] ?? 0);
  expect(found.at(-1)).toBeLessThanOrEqual(BINS);
});

test("a tone stands in one column, silence in none", () => {
  const found = edges(32, BINS, RATE);
  const tone = new Uint8Array(BINS);
  tone[Math.round(1_000 / (RATE / 2 / BINS))] = 255;
  const shown = heights(tone, found);
  expect(shown.filter((height) => height > 0)).toHaveLength(1);
  // 1 kHz is a little more than half way from 40 Hz to 14 kHz, as pitch goes.
  expect(shown.findIndex((height) => height > 0)).toBeGreaterThan(14);
  expect(shown.findIndex((height) => height > 0)).toBeLessThan(20);
  expect(Math.max(...heights(new Uint8Array(BINS), found))).toBe(0);
});

test("nothing stands higher than the picture", () => {
  expect(Math.max(...heights(new Uint8Array(BINS).fill(255), edges(16, BINS, RATE)))).toBe(1);
});
