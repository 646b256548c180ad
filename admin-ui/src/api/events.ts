/** The event log and the counts over it. */
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { answer, metrics } from "./client.ts";
import type { components, operations } from "./generated/metrics.ts";

export type RecordedEvent = components["schemas"]["Event"];
export type Stats = components["schemas"]["Stats"];
export type EventQuery = NonNullable<operations["list_events"]["parameters"]["query"]>;

/** What the keys of all questions about events, and about the counts, begin with. */
export const EVENTS_KEY = "events";
export const STATS_KEY = "stats";

/** `every` is how often to ask again, in milliseconds; `false` for once. A hidden tab never asks. */
export const eventsQuery = (query: EventQuery, every: number | false) =>
  queryOptions({
    queryKey: [EVENTS_KEY, query],
    queryFn: ({ signal }) => answer(metrics.GET("/api/events", { params: { query }, signal })),
    placeholderData: keepPreviousData,
    refetchInterval: every,
  });

/** The counts of the last days, once. */
export const statsOfLastDaysQuery = (days: number) =>
  queryOptions({
    queryKey: [STATS_KEY, "last days", days],
    queryFn: ({ signal }) => {
      const from = new Date(Date.now() - days * 86_400_000).toISOString();
      return answer(metrics.GET("/api/stats", { params: { query: { from } }, signal }));
    },
    staleTime: 60_000,
  });

export const statsQuery = (experimentId: string | null, every: number | false) =>
  queryOptions({
    queryKey: [STATS_KEY, experimentId],
    queryFn: ({ signal }) =>
      answer(
        metrics.GET("/api/stats", { params: { query: experimentId ? { experiment_id: experimentId } : {} }, signal }),
      ),
    placeholderData: keepPreviousData,
    refetchInterval: every,
  });
