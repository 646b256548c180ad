/** What waits survives the page, two tabs do not overwrite each other, and the store stays bounded. */
import { beforeEach, expect, test, vi } from "vitest";
import { OUTBOX_LIMIT, Outbox, type PageEvent } from "./outbox";

function event(number: number): PageEvent {
  const id = `01980000-0000-7000-8000-${String(number).padStart(12, "0")}`;
  const what = { event_type: "click", event_name: "cta_primary", metadata: {} };
  return { id, ...what, experiment_id: null, variant: "neon", page_url: "http://localhost/" };
}

beforeEach(() => localStorage.clear());

test("another page finds what this one kept, oldest first", () => {
  const outbox = new Outbox(localStorage);
  outbox.add(event(2));
  outbox.add(event(1));
  expect(new Outbox(localStorage).list()).toEqual([event(1), event(2)]);
});

test("two tabs add and remove without losing each other's events", () => {
  const [one, other] = [new Outbox(localStorage), new Outbox(localStorage)];
  one.add(event(1));
  other.add(event(2));
  one.remove(event(1).id);
  other.add(event(3));
  expect(one.list()).toEqual([event(2), event(3)]);
});

test("beyond the limit the oldest go", () => {
  const outbox = new Outbox(localStorage);
  for (let number = 0; number < OUTBOX_LIMIT + 3; number += 1) outbox.add(event(number));
  expect(outbox.list()).toHaveLength(OUTBOX_LIMIT);
  expect(outbox.list()[0]).toEqual(event(3));
});

test("a browser that stores nothing keeps events for the life of the page", () => {
  const full = new Outbox(localStorage);
  vi.spyOn(Storage.prototype, "setItem").mockImplementationOnce(() => {
    throw new DOMException("full", "QuotaExceededError");
  });
  for (const outbox of [full, new Outbox(null)]) {
    outbox.add(event(1));
    expect(outbox.list()).toEqual([event(1)]);
    outbox.remove(event(1).id);
    expect(outbox.list()).toEqual([]);
  }
});

test("what is not an event of ours is swept out and other keys are left alone", () => {
  localStorage.setItem("pushnami.event.x", "{");
  localStorage.setItem("pushnami.event.y", '{"id":"z"}');
  localStorage.setItem("pushnami.calm", "on");
  expect(new Outbox(localStorage).list()).toEqual([]);
  expect(localStorage.length).toBe(1);
});
