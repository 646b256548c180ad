/**
 * Where events wait until their receipt is confirmed. Each event has a key of its own in `localStorage`, so two tabs that
 * write at the same moment never overwrite each other's events, and whatever one page could not deliver, the next one finds.
 */

/** An event as it goes over the wire. */
export interface PageEvent {
  id: string;
  event_type: string;
  event_name: string;
  experiment_id: string | null;
  variant: string;
  metadata: Record<string, unknown>;
  page_url: string;
}

const PREFIX = "pushnami.event.";

/** When more events than this wait, the oldest go: what happened lately says more, and storage is not ours alone. */
export const OUTBOX_LIMIT = 500;

/** The events that wait, oldest first: ids of version 7 sort by time. */
export class Outbox {
  /** What the browser would not store (private mode, full, forbidden): it lives as long as the page. */
  private readonly memory = new Map<string, PageEvent>();

  constructor(private readonly storage: Storage | null) {}

  add(event: PageEvent): void {
    try {
      if (!this.storage) throw new Error("no storage");
      this.storage.setItem(PREFIX + event.id, JSON.stringify(event));
    } catch {
      this.memory.set(event.id, event);
    }
    for (const id of this.ids().slice(0, -OUTBOX_LIMIT)) this.remove(id);
  }

  remove(id: string): void {
    this.memory.delete(id);
    this.storage?.removeItem(PREFIX + id);
  }

  clear(): void {
    for (const id of this.ids()) this.remove(id);
  }

  list(): PageEvent[] {
    return this.ids().flatMap((id) => {
      const event = this.memory.get(id) ?? parse(this.storage?.getItem(PREFIX + id));
      if (event?.id === id) return [event];
      // Not written by us, or by an older us that we no longer understand: it would only spoil a batch.
      this.remove(id);
      return [];
    });
  }

  private ids(): string[] {
    const stored = Array.from({ length: this.storage?.length ?? 0 }, (_, index) => this.storage?.key(index) ?? "")
      .filter((key) => key.startsWith(PREFIX))
      .map((key) => key.slice(PREFIX.length));
    return [...stored, ...this.memory.keys()].sort();
  }
}

/** The page's storage, or null where the browser refuses even to name it. */
export function pageStorage(): Storage | null {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}

function parse(text: string | null | undefined): PageEvent | null {
  try {
    return JSON.parse(text ?? "null") as PageEvent | null;
  } catch {
    return null;
  }
}
