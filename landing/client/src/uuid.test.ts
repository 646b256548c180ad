/** Ids must be what RFC 9562 says, and in order. */
import { expect, test } from "vitest";
import { uuidV7 } from "./uuid";

test("an id is a version 7 UUID that begins with its time", () => {
  const id = uuidV7(0x0198_0000_1234);
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(id.startsWith("01980000-1234-7")).toBe(true);
});

test("ids of one millisecond are distinct and sorted, even when the clock steps back", () => {
  const now = Date.UTC(2030, 0, 1);
  const ids = Array.from({ length: 10_000 }, (_, index) => uuidV7(now - (index % 3)));
  expect(new Set(ids).size).toBe(ids.length);
  expect([...ids].sort()).toEqual(ids);
});
