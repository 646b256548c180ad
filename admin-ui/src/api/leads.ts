/** What visitors sent with the contact form. */
import { infiniteQueryOptions, keepPreviousData, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, metrics } from "./client.ts";
import type { components } from "./generated/metrics.ts";

export type Lead = components["schemas"]["Lead"];

export const LEADS_KEY = ["leads"] as const;
const PAGE_SIZE = 50;
/** How often the newest are asked for, so that a letter appears while somebody looks. A hidden tab never asks. */
const EVERY_MS = 30_000;

/** Leads that hold these words, newest first, in pages that follow each other. */
export const leadsQuery = (words: string) =>
  infiniteQueryOptions({
    queryKey: [...LEADS_KEY, words],
    queryFn: ({ pageParam, signal }) => {
      const query = { limit: PAGE_SIZE, ...(words && { q: words }), ...(pageParam && { before: pageParam }) };
      return answer(metrics.GET("/api/leads", { params: { query }, signal }));
    },
    initialPageParam: "",
    // A page that is not full is the last one.
    getNextPageParam: (page: Lead[]) => (page.length < PAGE_SIZE ? undefined : page.at(-1)?.id),
    select: ({ pages }) => pages.flat(),
    placeholderData: keepPreviousData,
    refetchInterval: EVERY_MS,
  });

/** Where the browser fetches the same leads as a file. */
export function exportAddress(words: string): string {
  const query = new URLSearchParams({ format: "csv", ...(words && { q: words }) });
  return `/api/leads/export?${query}`;
}

export function useEraseLead() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => answer(metrics.DELETE("/api/leads/{id}", { params: { path: { id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: LEADS_KEY }),
  });
}
