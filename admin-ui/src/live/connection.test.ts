/** The connection: caught up after every gap, patient with a stream that is away, and quiet where nobody looks. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { RecordedEvent } from "../api/events.ts";
import { anEvent } from "../testing/samples.ts";
import { GATHER_MS, GRACE_MS, LiveConnection, SLEPT_MS } from "./connection.ts";

/** A stream in the hands of a test. */
class Stream extends EventTarget {
  static readonly CLOSED = 2;
  static all: Stream[] = [];
  readyState = 0;

  constructor(readonly address: string) {
    super();
    Stream.all.push(this);
  }

  close(): void {
    this.readyState = Stream.CLOSED;
  }

  opens(): void {
    this.readyState = 1;
    this.dispatchEvent(new Event("open"));
  }

  /** The browser tries again by itself, or not. */
  breaks(isFinal: boolean): void {
    this.readyState = isFinal ? Stream.CLOSED : 0;
    this.dispatchEvent(new Event("error"));
  }

  tells(kind: string, body: unknown): void {
    this.dispatchEvent(new MessageEvent(kind, { data: JSON.stringify(body) }));
  }
}

const latest = (): Stream => Stream.all.at(-1) as Stream;
let connection: LiveConnection | undefined;

function connect() {
  const seen = { states: [] as string[], readings: 0, stats: [] as unknown[], events: [] as RecordedEvent[][] };
  connection = new LiveConnection({
    state: (state) => seen.states.push(state),
    readAnew: () => {
      seen.readings += 1;
    },
    stats: (stats) => seen.stats.push(stats),
    events: (events) => seen.events.push(events),
  });
  return seen;
}

function show(visibility: "visible" | "hidden"): void {
  Object.defineProperty(document, "visibilityState", { configurable: true, value: visibility });
  document.dispatchEvent(new Event("visibilitychange"));
}

beforeEach(() => {
  Stream.all = [];
  vi.useFakeTimers();
  vi.stubGlobal("EventSource", Stream);
  show("visible");
});
afterEach(() => {
  connection?.close();
  vi.useRealTimers();
});

test("an open stream is live, and the screen is read anew because something may have been missed", () => {
  const seen = connect();
  expect(latest().address).toBe("/api/live");
  expect(seen.states).toEqual(["connecting"]);
  latest().opens();
  expect([seen.states.at(-1), seen.readings]).toEqual(["live", 1]);
  latest().tells("reset", {});
  expect(seen.readings).toBe(2);
});

test("counts come at once, events that come together are shown together", () => {
  const seen = connect();
  latest().opens();
  latest().tells("stats", { total_events: 1 });
  latest().tells("event", anEvent({ id: "a" }));
  latest().tells("event", anEvent({ id: "b" }));
  expect([seen.stats, seen.events]).toEqual([[{ total_events: 1 }], []]);
  vi.advanceTimersByTime(GATHER_MS);
  expect(seen.events.map((list) => list.map((event) => event.id))).toEqual([["a", "b"]]);
});

test("a short loss, after which the browser comes back by itself, is not told", () => {
  const seen = connect();
  latest().opens();
  latest().breaks(false);
  vi.advanceTimersByTime(GRACE_MS - 1);
  latest().opens();
  vi.advanceTimersByTime(GRACE_MS);
  expect(seen.states).toEqual(["connecting", "live", "live"]);
  expect(Stream.all).toHaveLength(1);
});

test("a lasting loss is told, and a stream that was refused is opened again and again, more and more patiently", () => {
  vi.spyOn(Math, "random").mockReturnValue(1);
  const seen = connect();
  for (const pause of [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]) {
    const before = Stream.all.length;
    latest().breaks(true);
    vi.advanceTimersByTime(pause - 1);
    expect(Stream.all).toHaveLength(before);
    vi.advanceTimersByTime(1);
    expect(Stream.all).toHaveLength(before + 1);
  }
  expect(seen.states).toEqual(["connecting", "away"]);
  latest().opens();
  expect([seen.states.at(-1), seen.readings]).toEqual(["live", 1]);
});

test("a hidden tab lets go, and catches up when it is shown again", () => {
  const seen = connect();
  latest().opens();
  show("hidden");
  expect(latest().readyState).toBe(Stream.CLOSED);
  vi.advanceTimersByTime(3_600_000);
  expect([Stream.all.length, seen.states.at(-1)]).toEqual([1, "live"]);
  show("visible");
  latest().opens();
  expect([Stream.all.length, seen.readings]).toEqual([2, 2]);
});

test("after the machine slept the stream is opened anew", () => {
  connect();
  latest().opens();
  const first = latest();
  vi.setSystemTime(Date.now() + SLEPT_MS);
  vi.advanceTimersByTime(5_000);
  expect([Stream.all.length, first.readyState]).toEqual([2, Stream.CLOSED]);
});

test("nothing is left of a connection that was closed", () => {
  connect();
  latest().opens();
  connection?.close();
  show("hidden");
  show("visible");
  vi.advanceTimersByTime(3_600_000);
  expect([Stream.all.length, latest().readyState]).toEqual([1, Stream.CLOSED]);
});
