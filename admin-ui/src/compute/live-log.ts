/** How events that arrive enter a page of the log. */
import type { EventQuery, RecordedEvent } from "../api/events.ts";

/**
 * The list with what arrived, the newest first. Nothing enters an older page, or a list whose filters it does not fit;
 * then the same list comes back, and nothing is drawn again.
 */
export function withArrived(list: RecordedEvent[], arrived: RecordedEvent[], query: EventQuery): RecordedEvent[] {
  if (query.before !== undefined || query.offset || query.from !== undefined || query.to !== undefined) return list;
  const known = new Set(list.map((event) => event.id));
  const fresh = arrived.filter((event) => !known.has(event.id) && fits(event, query));
  if (fresh.length === 0) return list;
  return [...fresh.toReversed(), ...list].slice(0, query.limit);
}

function fits(event: RecordedEvent, query: EventQuery): boolean {
  const wanted: [string | null | undefined, string | null][] = [
    [query.event_type, event.event_type],
    [query.event_name, event.event_name],
    [query.variant, event.variant],
    [query.visitor_id, event.visitor_id],
    [query.experiment_id?.toLowerCase(), event.experiment_id],
  ];
  return wanted.every(([filter, value]) => filter === undefined || filter === null || filter === value);
}
