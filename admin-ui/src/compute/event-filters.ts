/** The event log's filters, as they stand in the address: what is shared or reloaded shows the same. */
import type { EventQuery } from "../api/events.ts";

export interface EventFilters {
  type: string;
  variant: string;
  experiment: string;
  visitor: string;
  /** Page after this event; empty for the newest. */
  before: string;
}

export const PAGE_SIZE = 50;

const NAMES = ["type", "variant", "experiment", "visitor", "before"] as const;

export function filtersOf(address: URLSearchParams): EventFilters {
  const read = (name: (typeof NAMES)[number]) => address.get(name)?.trim() ?? "";
  return {
    type: read("type"),
    variant: read("variant"),
    experiment: read("experiment"),
    visitor: read("visitor"),
    before: read("before"),
  };
}

/** Only what is set, so that a plain log has a plain address. */
export function addressOf(filters: EventFilters): string {
  const address = new URLSearchParams();
  for (const name of NAMES) if (filters[name] !== "") address.set(name, filters[name]);
  const text = address.toString();
  return text === "" ? "" : `?${text}`;
}

/** One event more than a page shows: whether it comes tells whether there are older ones. */
export function queryOf(filters: EventFilters): EventQuery {
  const query: EventQuery = { limit: PAGE_SIZE + 1 };
  if (filters.type !== "") query.event_type = filters.type;
  if (filters.variant !== "") query.variant = filters.variant;
  if (filters.experiment !== "") query.experiment_id = filters.experiment;
  if (filters.visitor !== "") query.visitor_id = filters.visitor;
  if (filters.before !== "") query.before = filters.before;
  return query;
}

export const isFiltered = (filters: EventFilters): boolean =>
  [filters.type, filters.variant, filters.experiment, filters.visitor].some((value) => value !== "");
