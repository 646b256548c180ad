/** What arrives over the stream stands where reading the log again would put it. */
import { expect, test } from "vitest";
import type { RecordedEvent } from "../api/events.ts";
import { anEvent } from "../testing/samples.ts";
import { withArrived } from "./live-log.ts";

const ids = (list: RecordedEvent[]) => list.map((event) => event.id);

test("the newest stands first, and the page does not grow", () => {
  const list = [anEvent({ id: "b" }), anEvent({ id: "a" })];
  const arrived = [anEvent({ id: "c" }), anEvent({ id: "d" })];
  expect(ids(withArrived(list, arrived, { limit: 3 }))).toEqual(["d", "c", "b"]);
});

test("what is there already does not come twice", () => {
  const list = [anEvent({ id: "b" }), anEvent({ id: "a" })];
  expect(ids(withArrived(list, [anEvent({ id: "b" }), anEvent({ id: "c" })], { limit: 9 }))).toEqual(["c", "b", "a"]);
  expect(withArrived(list, [anEvent({ id: "b" })], { limit: 9 })).toBe(list);
});

test.each([
  { event_type: "page_view" },
  { event_name: "other" },
  { variant: "synthwave" },
  { visitor_id: "bob" },
  { experiment_id: "01980000-0000-7000-8000-000000000002" },
])("an event that does not fit %o stays out", (filter) => {
  const experiment_id = "01980000-0000-7000-8000-00000000000a";
  const arrived = anEvent({
    event_type: "click",
    event_name: "x",
    variant: "neon",
    visitor_id: "alice",
    experiment_id,
  });
  expect(withArrived([], [arrived], { limit: 9, ...filter })).toEqual([]);
  const [name] = Object.keys(filter) as (keyof typeof filter)[];
  const fitting = name === "experiment_id" ? experiment_id.toUpperCase() : arrived[name as keyof RecordedEvent];
  expect(withArrived([], [arrived], { limit: 9, [name as string]: fitting })).toEqual([arrived]);
});

test("an older page stays as it is", () => {
  expect(withArrived([], [anEvent({})], { limit: 9, before: "01980000-0000-7000-8000-000000000001" })).toEqual([]);
});
