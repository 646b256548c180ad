/** The real page in a variant that is not saved yet. */
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { VariantContent } from "../compute/variant-content.ts";
import { answer, landing } from "./client.ts";
import { CallError } from "./problem.ts";

/** Sealed for an hour by the service; asked for again well before. */
const FRESH_MS = 30 * 60_000;

/** Where the page shows a variant with this content. */
export const previewQuery = (variant: string, content: VariantContent) =>
  queryOptions({
    queryKey: ["previews", variant, content] as const,
    queryFn: ({ signal }) => answer(landing.POST("/api/previews", { body: { variant, content }, signal })),
    staleTime: FRESH_MS,
    // What cannot be shown yet leaves the last picture standing.
    placeholderData: keepPreviousData,
    retry: (count, error) => count < 3 && !(error instanceof CallError && error.status < 500),
  });

/** Where browsers find the page: nginx knows (admin-ui/nginx.conf), and allows a frame of it. */
export const pageOriginQuery = queryOptions({
  queryKey: ["page-origin"] as const,
  queryFn: async ({ signal }) => {
    const response = await fetch("/page-origin.json", { signal });
    if (!response.ok) throw new Error(`the page's address is not known (${response.status})`);
    const { origin } = (await response.json()) as { origin: string };
    return origin;
  },
  staleTime: Number.POSITIVE_INFINITY,
});
