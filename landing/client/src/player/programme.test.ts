/** Which track comes next, also when one has vanished. */
import { expect, test } from "vitest";
import type { Track } from "../tracks";
import { placeAfter, placeOf, step } from "./programme";

const list = (letters: string): Track[] =>
  [...letters].map((letter) => ({ name: letter, src: `/music/${letter}.mp3`, filename: `${letter}.mp3` }));

const next = (old: string, at: number, fresh: string, failed = ""): string | null => {
  const place = placeAfter(list(old), at, list(fresh), new Set([...failed].map((letter) => `${letter}.mp3`)));
  return place === null ? null : (fresh[place] ?? "outside the list");
};

test("after the last track comes the first, and before the first the last", () => {
  expect([step(3, 2, 1), step(3, 0, -1), step(3, 1, 1), step(1, 0, 1)]).toEqual([0, 2, 2, 0]);
});

test("a track is found again by its file, wherever it went", () => {
  const [a] = list("a");
  if (!a) throw new Error("a list of one has one");
  expect(placeOf({ ...a, name: "renamed" }, list("cba"))).toBe(2);
  expect(placeOf(a, list("cb"))).toBeNull();
});

test("a vanished track is followed by what followed it", () => {
  expect(next("abc", 1, "ac")).toBe("c");
  expect(next("abc", 2, "ab"), "after the last comes the first").toBe("a");
  expect(next("abcd", 1, "ad"), "its follower vanished too").toBe("d");
  expect(next("abcd", 1, "dca"), "in the library's new order").toBe("c");
});

test("a track that is there and cannot be played is followed by the next one", () => {
  expect(next("abc", 1, "abc", "b")).toBe("c");
  expect(next("abc", 0, "abc", "ab"), "the next has failed as well").toBe("c");
});

test("a library with other music begins at its beginning", () => {
  expect(next("ab", 1, "xyz", "b")).toBe("x");
});

test("when nothing is left there is no next", () => {
  expect(next("abc", 1, "")).toBeNull();
  expect(next("abc", 1, "abc", "abc")).toBeNull();
  expect(next("a", 0, "a", "a")).toBeNull();
});
