/** Loudness is remembered, and muting loses nothing. */
import { expect, test } from "vitest";
import { SoundLevel } from "./sound-level";

/** A browser's storage with one value in it. */
function remembering(kept: string | null) {
  return {
    getItem: () => kept,
    setItem: (_: string, value: string) => {
      kept = value;
    },
  };
}

test("a first visit is half loud, and so is one whose memory is unreadable", () => {
  for (const kept of [null, "", "loud", "-3", "1e3"]) {
    expect(new SoundLevel(remembering(kept)).level, String(kept)).toBe(50);
  }
  expect(new SoundLevel(remembering("999")).level).toBe(100);
  expect(new SoundLevel(null).gain).toBe(0.25);
});

test("level and mute survive the page", () => {
  const memory = remembering(null);
  const sound = new SoundLevel(memory);
  sound.set(80);
  sound.toggleMute();
  expect(sound.gain).toBe(0);
  const later = new SoundLevel(memory);
  expect([later.level, later.muted]).toEqual([80, true]);
  later.toggleMute();
  expect([later.level, later.muted]).toEqual([80, false]);
  expect(new SoundLevel(memory).muted).toBe(false);
});

test("moving the slider ends a mute, and its lower end is one", () => {
  const sound = new SoundLevel(remembering("80 muted"));
  sound.set(30);
  expect([sound.level, sound.muted]).toEqual([30, false]);
  sound.set(0);
  expect([sound.muted, sound.gain]).toEqual([true, 0]);
  sound.toggleMute();
  expect([sound.level, sound.muted], "there is nothing before it to come back to").toEqual([50, false]);
});

test("a memory that is full or forbidden does no harm", () => {
  const full = {
    getItem: () => null,
    setItem: () => {
      throw new DOMException("full", "QuotaExceededError");
    },
  };
  const sound = new SoundLevel(full);
  sound.set(20);
  expect(sound.level).toBe(20);
});
