/** Everything that is kept of one visitor: fetched as a file, and erased. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, metrics } from "./client.ts";
import { EVENTS_KEY, STATS_KEY } from "./events.ts";
import type { components } from "./generated/metrics.ts";
import { LEADS_KEY } from "./leads.ts";

export type Erasure = components["schemas"]["Erasure"];

/** Where the browser fetches the file. */
export const visitorFileAddress = (id: string): string => `/api/visitors/${encodeURIComponent(id)}/export`;

export function useEraseVisitor() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => answer(metrics.DELETE("/api/visitors/{id}", { params: { path: { id } } })),
    onSuccess: () =>
      Promise.all([[EVENTS_KEY], [STATS_KEY], LEADS_KEY].map((queryKey) => client.invalidateQueries({ queryKey }))),
  });
}
