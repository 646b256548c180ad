/**
 * Delivers events: in batches of at most 20, two seconds after the last one, at once when 20 wait, and when the page is hidden.
 *
 * Nothing is lost while metrics is away, and nothing counts twice:
 * - An event is stored before anything is sent (`outbox.ts`) and forgotten only after 201 (stored) or 204 (not wanted).
 * - A failed network, 408, 429 and any 5xx leave it where it is; the same ids go again later, with exponential back-off and
 *   jitter, and never before the `Retry-After` of the answer.
 * - Any other 4xx can never succeed: the batch is dropped with a warning.
 * - A hidden page may not live to see an answer, so it sends a beacon and forgets nothing. When it is shown again, or on the
 *   visitor's next page, the same events go once more by fetch, under the same ids, and metrics counts each id once.
 * - Tabs share the outbox. A Web Lock lets one of them send at a time; where locks are missing, the ids do the same.
 */
import type { Outbox, PageEvent } from "./outbox";

export const BATCH_LIMIT = 20;
export const IDLE_MS = 2_000;
/** Landing takes 64 KiB, and browsers allow as much of beacons in flight; this leaves room for those of others. */
export const BATCH_BYTES = 50 * 1024;
/** An answer that takes longer is taken for none: a request that hangs must not hold the lock for ever. */
const ANSWER_MS = 15_000;
const FIRST_RETRY_MS = 2_000;
const LAST_RETRY_MS = 60_000;

/** What the queue needs from the browser, so that a test can hold it. */
export interface Wire {
  fetch: (url: string, init: RequestInit) => Promise<Response>;
  beacon: (url: string, body: string) => boolean;
  locks: Pick<LockManager, "request"> | null;
  random: () => number;
  now: () => number;
}

/** The browser itself. */
export const browserWire: Wire = {
  fetch: (url, init) => fetch(url, init),
  beacon: (url, body) => navigator.sendBeacon?.(url, body) ?? false,
  // Locks exist only where the page is trusted: https, or this machine.
  locks: typeof navigator !== "undefined" ? (navigator.locks ?? null) : null,
  random: Math.random,
  now: Date.now,
};

export class EventQueue {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private failures = 0;
  private notBefore = 0;
  private sending = false;
  /** A beacon of this page already carries these; a second one in the same goodbye would be waste. */
  private readonly beaconed = new Set<string>();

  constructor(
    private readonly outbox: Outbox,
    private readonly url: string = "/api/collect",
    private readonly wire: Wire = browserWire,
  ) {}

  /** Takes one event. It is safe from here on. */
  push(event: PageEvent): void {
    this.outbox.add(event);
    this.wake(this.outbox.list().length >= BATCH_LIMIT ? 0 : IDLE_MS);
  }

  /** Sends what is waiting after a moment, unless an answer told us to wait longer. */
  wake(delay: number = IDLE_MS): void {
    clearTimeout(this.timer);
    const earliest = Math.max(delay, this.notBefore - this.wire.now());
    this.timer = setTimeout(() => void this.flush(), earliest);
  }

  /** Sends all that waits, batch after batch, until none is left or one fails. */
  async flush(): Promise<void> {
    if (this.sending) return;
    this.sending = true;
    try {
      const free = await this.alone(() => this.sendAll());
      // Another tab is at it. It will probably take ours along; if it does not, we are back soon.
      if (!free) this.wake();
    } finally {
      this.sending = false;
    }
  }

  /** The page is going out of sight, perhaps for ever. */
  sayGoodbye(): void {
    let room = BATCH_BYTES;
    let waiting = this.outbox.list().filter((event) => !this.beaconed.has(event.id));
    while (waiting.length > 0) {
      const batch = fitting(waiting.slice(0, BATCH_LIMIT), room);
      const body = JSON.stringify(batch);
      if (batch.length === 0 || !this.wire.beacon(this.url, body)) return;
      for (const event of batch) this.beaconed.add(event.id);
      room -= byteLength(body);
      waiting = waiting.slice(batch.length);
    }
  }

  private async sendAll(): Promise<void> {
    for (let batch = this.batch(); batch.length > 0; batch = this.batch()) {
      const answer = await this.send(batch);
      if (answer === "later") return;
      for (const event of batch) this.outbox.remove(event.id);
    }
  }

  private batch(): PageEvent[] {
    const waiting = this.outbox.list().slice(0, BATCH_LIMIT);
    const batch = fitting(waiting, BATCH_BYTES);
    // One that is too large by itself goes alone and is refused: it must not stand in the way of the others.
    return batch.length > 0 ? batch : waiting.slice(0, 1);
  }

  private async send(batch: PageEvent[]): Promise<"done" | "later"> {
    let response: Response | null = null;
    try {
      response = await this.wire.fetch(this.url, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(batch),
        signal: AbortSignal.timeout(ANSWER_MS),
      });
    } catch {
      // No network, or nobody at the other end: the same as an answer that asks for patience.
    }
    if (response?.status === 201 || response?.status === 204) {
      this.failures = 0;
      this.notBefore = 0;
      return "done";
    }
    if (response && isFinal(response.status)) {
      console.warn(`${batch.length} events were refused with ${response.status} and dropped`);
      return "done";
    }
    this.backOff(response);
    return "later";
  }

  private backOff(response: Response | null): void {
    const ceiling = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.failures);
    const jittered = ceiling * (0.5 + this.wire.random() / 2);
    const asked = retryAfter(response?.headers.get("retry-after") ?? null, this.wire.now());
    this.failures += 1;
    this.notBefore = this.wire.now() + Math.max(jittered, asked);
    this.wake(0);
  }

  /** Runs the work unless another tab is sending; answers whether it ran. */
  private async alone(work: () => Promise<void>): Promise<boolean> {
    if (!this.wire.locks) {
      await work();
      return true;
    }
    return this.wire.locks.request("pushnami.send", { ifAvailable: true }, async (lock) => {
      if (lock) await work();
      return lock !== null;
    });
  }
}

/** A refusal that no repetition will change. */
function isFinal(status: number): boolean {
  return status >= 400 && status < 500 && status !== 408 && status !== 429;
}

/** Milliseconds that a `Retry-After` asks for: seconds or a date; anything else asks for nothing. */
function retryAfter(header: string | null, now: number): number {
  if (header === null) return 0;
  const milliseconds = /^\d+$/.test(header.trim()) ? Number(header) * 1_000 : Date.parse(header) - now;
  // An hour is the most that a page should believe.
  return Number.isFinite(milliseconds) ? Math.min(Math.max(milliseconds, 0), 3_600_000) : 0;
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** As many of the first events as fit into so many bytes of JSON. */
function fitting(events: PageEvent[], room: number): PageEvent[] {
  let count = events.length;
  while (count > 0 && byteLength(JSON.stringify(events.slice(0, count))) > room) count -= 1;
  return events.slice(0, count);
}
