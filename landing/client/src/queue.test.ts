/** Delivery: nothing is forgotten before it is confirmed, nothing is sent for ever, and failures are met with patience. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Outbox, type PageEvent } from "./outbox";
import { BATCH_BYTES, BATCH_LIMIT, EventQueue, IDLE_MS, type Wire } from "./queue";

type Answer = number | "offline" | [status: number, headers: Record<string, string>];

let next = 0;
function event(text = ""): PageEvent {
  next += 1;
  const id = `01980000-0000-7000-8000-${String(next).padStart(12, "0")}`;
  const what = { event_type: "click", event_name: "cta_primary", metadata: { text } };
  return { id, ...what, experiment_id: null, variant: "neon", page_url: "http://localhost/" };
}

/** A queue with a wire that gives these answers in turn, and 201 when they are used up. */
function queueWith(...answers: Answer[]) {
  const sent: string[][] = [];
  const beacons: string[] = [];
  const wire: Wire = {
    fetch: async (_, init) => {
      sent.push((JSON.parse(String(init.body)) as PageEvent[]).map((one) => one.id));
      const answer = answers.shift() ?? 201;
      if (answer === "offline") throw new TypeError("no network");
      const [status, headers] = typeof answer === "number" ? [answer, {}] : answer;
      return new Response(null, { status, headers });
    },
    beacon: (_, body) => beacons.push(body) > 0,
    locks: null,
    random: () => 1,
    now: Date.now,
  };
  const outbox = new Outbox(localStorage);
  return { queue: new EventQueue(outbox, "/api/collect", wire), outbox, wire, sent, beacons };
}

beforeEach(() => {
  localStorage.clear();
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

test("events go together two seconds after the last one and are forgotten when confirmed", async () => {
  const { queue, outbox, sent } = queueWith();
  const [one, two] = [event(), event()];
  queue.push(one);
  await vi.advanceTimersByTimeAsync(IDLE_MS - 1);
  queue.push(two);
  await vi.advanceTimersByTimeAsync(IDLE_MS - 1);
  expect(sent).toEqual([]);
  expect(outbox.list()).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(1);
  expect(sent).toEqual([[one.id, two.id]]);
  expect(outbox.list()).toEqual([]);
});

test("twenty events do not wait, and a batch has no more", async () => {
  const { queue, sent } = queueWith();
  for (let count = 0; count < BATCH_LIMIT + 5; count += 1) queue.push(event());
  await vi.advanceTimersByTimeAsync(0);
  expect(sent.map((batch) => batch.length)).toEqual([BATCH_LIMIT, 5]);
});

test.each<Answer>(["offline", 500, 503, 429, 408])(
  "after %s the same ids go again, more and more patiently",
  async (answer) => {
    const { queue, outbox, sent } = queueWith(answer, answer);
    const one = event();
    queue.push(one);
    await vi.advanceTimersByTimeAsync(IDLE_MS);
    expect(outbox.list()).toEqual([one]);
    await vi.advanceTimersByTimeAsync(1_999);
    expect(sent).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(sent).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(4_000);
    expect(sent).toEqual([[one.id], [one.id], [one.id]]);
    expect(outbox.list()).toEqual([]);
  },
);

test("chance shortens a pause by up to a half, so that not all pages come back at one moment", async () => {
  const { queue, wire, sent } = queueWith(503);
  wire.random = () => 0;
  queue.push(event());
  await vi.advanceTimersByTimeAsync(IDLE_MS);
  await vi.advanceTimersByTimeAsync(999);
  expect(sent).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(sent).toHaveLength(2);
});

test("a pause is never longer than a minute", async () => {
  const { queue, sent } = queueWith(...Array<Answer>(12).fill(503));
  queue.push(event());
  await vi.advanceTimersByTimeAsync(IDLE_MS + 2_000 + 4_000 + 8_000 + 16_000 + 32_000);
  expect(sent).toHaveLength(6);
  await vi.advanceTimersByTimeAsync(3 * 60_000);
  expect(sent).toHaveLength(9);
});

test("Retry-After is honoured, also by events that come meanwhile", async () => {
  const { queue, sent } = queueWith([503, { "retry-after": "30" }]);
  queue.push(event());
  await vi.advanceTimersByTimeAsync(IDLE_MS);
  queue.push(event());
  await vi.advanceTimersByTimeAsync(29_999);
  expect(sent).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(sent[1]).toHaveLength(2);
});

test("a refusal that can never change drops the batch with a warning", async () => {
  const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
  const { queue, outbox, sent } = queueWith(422);
  queue.push(event());
  await vi.advanceTimersByTimeAsync(60_000);
  expect(sent).toHaveLength(1);
  expect(outbox.list()).toEqual([]);
  expect(warn).toHaveBeenCalledOnce();
});

test("a batch stays within its bytes, and an event too large for any goes alone", async () => {
  vi.spyOn(console, "warn").mockImplementation(() => {});
  const { queue, outbox, sent } = queueWith(413);
  queue.push(event("x".repeat(BATCH_BYTES)));
  for (let count = 0; count < 3; count += 1) queue.push(event("Ω".repeat(10_000)));
  await vi.advanceTimersByTimeAsync(IDLE_MS);
  expect(sent.map((batch) => batch.length)).toEqual([1, 2, 1]);
  expect(outbox.list()).toEqual([]);
});

test("what an earlier page kept goes with this page's own", async () => {
  const earlier = event();
  new Outbox(localStorage).add(earlier);
  const { queue, sent } = queueWith();
  queue.wake();
  const own = event();
  queue.push(own);
  await vi.advanceTimersByTimeAsync(IDLE_MS);
  expect(sent).toEqual([[earlier.id, own.id]]);
});

test("a beacon forgets nothing, is not repeated, and the next page sends the same ids", async () => {
  const { queue, outbox, beacons } = queueWith();
  const one = event();
  queue.push(one);
  queue.sayGoodbye();
  queue.sayGoodbye();
  expect(beacons.map((body) => JSON.parse(body))).toEqual([[one]]);
  expect(outbox.list()).toEqual([one]);
  // The page is left: nothing of it is alive any more.
  vi.clearAllTimers();
  const page = queueWith();
  page.queue.wake();
  await vi.advanceTimersByTimeAsync(IDLE_MS);
  expect(page.sent).toEqual([[one.id]]);
});

test("beacons stay within their bytes, not their characters", () => {
  const { queue, beacons } = queueWith();
  for (let count = 0; count < 45; count += 1) queue.push(event("Ω".repeat(1_000)));
  queue.sayGoodbye();
  const bytes = beacons.map((body) => new TextEncoder().encode(body).length);
  expect(bytes.length).toBeGreaterThan(1);
  expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(BATCH_BYTES);
});

test("a refused beacon is tried again at the next goodbye", () => {
  const { queue, wire, beacons } = queueWith();
  const accept = wire.beacon;
  wire.beacon = () => false;
  queue.push(event());
  queue.sayGoodbye();
  wire.beacon = accept;
  queue.sayGoodbye();
  expect(beacons).toHaveLength(1);
});

test("while another tab is sending, this one waits its turn", async () => {
  const { queue, wire, sent } = queueWith();
  let held = true;
  const request = async (_: string, __: LockOptions, work: (lock: Lock | null) => Promise<boolean>) =>
    work(held ? null : ({} as Lock));
  wire.locks = { request } as unknown as Pick<LockManager, "request">;
  queue.push(event());
  await vi.advanceTimersByTimeAsync(IDLE_MS);
  expect(sent).toEqual([]);
  held = false;
  await vi.advanceTimersByTimeAsync(IDLE_MS);
  expect(sent).toHaveLength(1);
});
