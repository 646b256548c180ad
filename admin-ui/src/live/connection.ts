/**
 * The connection to the live stream (`GET /api/live`): kept open while somebody looks, opened again whenever it is lost.
 *
 * - The browser comes back by itself after a short loss, and says how far it was. After a refusal it gives up; then this
 *   opens a new one, with exponential back-off and jitter.
 * - A loss is told only when it lasts: the stream ends on purpose every quarter of an hour.
 * - A hidden tab lets go of its connection, since a browser has only six for all tabs of a site. When it is shown again,
 *   or the machine has slept, a new one is opened.
 * - Whenever the stream opens, what is on the screen is read anew: whatever was missed is caught up with.
 */
import type { RecordedEvent, Stats } from "../api/events.ts";

/** `away`: nothing comes over the stream, and the screens read again and again instead. */
export type LiveState = "connecting" | "live" | "away";

export interface LiveReader {
  state: (state: LiveState) => void;
  /** What is shown may be old: read it anew. */
  readAnew: () => void;
  stats: (stats: Stats) => void;
  /** New events, the oldest first. */
  events: (events: RecordedEvent[]) => void;
}

const ADDRESS = "/api/live";
/** How long a loss may last before it is told. */
export const GRACE_MS = 5_000;
const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 30_000;
/** Events that come together are shown together: each showing costs the screen. */
export const GATHER_MS = 200;
const TICK_MS = 5_000;
/** A clock that went further than this between two ticks stood still meanwhile. */
export const SLEPT_MS = 30_000;

export class LiveConnection {
  private source: EventSource | null = null;
  private failures = 0;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private grace: ReturnType<typeof setTimeout> | undefined;
  private gathering: ReturnType<typeof setTimeout> | undefined;
  private gathered: RecordedEvent[] = [];
  private readonly ticking: ReturnType<typeof setInterval>;
  private ticked = Date.now();

  constructor(private readonly reader: LiveReader) {
    document.addEventListener("visibilitychange", this.look);
    this.ticking = setInterval(this.tick, TICK_MS);
    this.reader.state("connecting");
    this.look();
  }

  /** Ends it for good. */
  close(): void {
    document.removeEventListener("visibilitychange", this.look);
    clearInterval(this.ticking);
    this.letGo();
  }

  private readonly look = (): void => {
    if (document.visibilityState === "hidden") this.letGo();
    else if (this.source === null) this.open();
  };

  private readonly tick = (): void => {
    const before = this.ticked;
    this.ticked = Date.now();
    if (this.ticked - before < SLEPT_MS || document.visibilityState === "hidden") return;
    // A connection of before the sleep may look open and be dead.
    this.letGo();
    this.open();
  };

  private open(): void {
    const source = new EventSource(ADDRESS);
    this.source = source;
    this.graceRuns();
    source.addEventListener("open", () => {
      this.failures = 0;
      this.graceEnds();
      this.reader.state("live");
      this.reader.readAnew();
    });
    source.addEventListener("stats", (message) => this.reader.stats(JSON.parse(message.data) as Stats));
    source.addEventListener("event", (message) => this.gather(JSON.parse(message.data) as RecordedEvent));
    // More was missed than is sent again.
    source.addEventListener("reset", () => this.reader.readAnew());
    source.addEventListener("error", () => this.lose(source));
  }

  private lose(source: EventSource): void {
    this.graceRuns();
    // The browser tries again by itself.
    if (source.readyState !== EventSource.CLOSED) return;
    this.source = null;
    const ceiling = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.failures);
    this.failures += 1;
    clearTimeout(this.retry);
    this.retry = setTimeout(this.look, ceiling * (0.5 + Math.random() / 2));
  }

  private letGo(): void {
    this.source?.close();
    this.source = null;
    clearTimeout(this.retry);
    this.graceEnds();
    this.handOver();
  }

  private graceRuns(): void {
    this.grace ??= setTimeout(() => this.reader.state("away"), GRACE_MS);
  }

  private graceEnds(): void {
    clearTimeout(this.grace);
    this.grace = undefined;
  }

  private gather(event: RecordedEvent): void {
    this.gathered.push(event);
    this.gathering ??= setTimeout(() => this.handOver(), GATHER_MS);
  }

  private handOver(): void {
    clearTimeout(this.gathering);
    this.gathering = undefined;
    if (this.gathered.length > 0) this.reader.events(this.gathered);
    this.gathered = [];
  }
}
