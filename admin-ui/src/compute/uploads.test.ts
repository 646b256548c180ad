/** What can be refused without sending it. */
import { expect, test } from "vitest";
import { LARGEST_TRACK, refusedUnsent } from "./uploads.ts";

test("only what would be refused for certain is not sent", () => {
  expect(refusedUnsent({ name: "a.MP3", size: LARGEST_TRACK })).toBeNull();
  expect(refusedUnsent({ name: "a.mp3", size: LARGEST_TRACK + 1 })).toContain("20 MB");
  expect(refusedUnsent({ name: "a.mp3", size: 0 })).toContain("empty");
  expect(refusedUnsent({ name: "a.wav", size: 1 })).toContain("MP3");
});
