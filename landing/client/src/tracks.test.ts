/** The library's list and the clock's text. */
import { afterEach, expect, test, vi } from "vitest";
import { listTracks, timeText } from "./tracks";

afterEach(() => vi.unstubAllGlobals());

function answering(answer: () => Promise<Response>): void {
  vi.stubGlobal("fetch", answer);
}

test("an empty library is a list, one that cannot be read is none", async () => {
  answering(async () => Response.json([]));
  expect(await listTracks()).toEqual([]);
  answering(async () => new Response("", { status: 503 }));
  expect(await listTracks()).toBeNull();
  answering(async () => new Response("<html>"));
  expect(await listTracks()).toBeNull();
  answering(() => Promise.reject(new TypeError("no network")));
  expect(await listTracks()).toBeNull();
});

test("seconds read as on a clock", () => {
  expect([0, 7.9, 60, 247, 3_600, -1].map(timeText)).toEqual(["0:00", "0:07", "1:00", "4:07", "60:00", "0:00"]);
});
