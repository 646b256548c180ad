/** The audit trail: what was changed, and taking a change back. */
import { infiniteQueryOptions, keepPreviousData, useMutation, useQueryClient } from "@tanstack/react-query";
import { abtest, answer } from "./client.ts";
import type { components } from "./generated/abtest.ts";

export type AuditEntry = components["schemas"]["AuditEntry"];

const AUDIT_KEY = ["audit"] as const;
const PAGE_SIZE = 50;
/** How often the newest are asked for, so that a colleague's change appears while somebody looks. */
const EVERY_MS = 15_000;

/** Entries about one kind of thing, or about all, newest first, in pages that follow each other. */
export const auditQuery = (subject: string) =>
  infiniteQueryOptions({
    queryKey: [...AUDIT_KEY, subject],
    queryFn: ({ pageParam, signal }) => {
      const query = { limit: PAGE_SIZE, ...(subject && { subject }), ...(pageParam > 0 && { before: pageParam }) };
      return answer(abtest.GET("/api/audit", { params: { query }, signal }));
    },
    initialPageParam: 0,
    // A page that is not full is the last one.
    getNextPageParam: (page: AuditEntry[]) => (page.length < PAGE_SIZE ? undefined : page.at(-1)?.id),
    select: ({ pages }) => pages.flat(),
    placeholderData: keepPreviousData,
    refetchInterval: EVERY_MS,
  });

export const AUDIT_FILE = "/api/audit/export";

/** Takes back the deletion of the experiment or toggle with this id, as long as nobody has done so. */
export function useUndoDeletion(subject: "experiment" | "toggle") {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (subjectId: string) => {
      const newest = await answer(abtest.GET("/api/audit", { params: { query: { limit: PAGE_SIZE, subject } } }));
      const deletion = newest.find((entry) => entry.subject_id === subjectId && entry.after === null);
      if (deletion === undefined) throw new Error("it is not among the latest changes any more: look under Changes");
      await answer(abtest.POST("/api/audit/{id}/revert", { params: { path: { id: deletion.id } } }));
    },
    onSuccess: () => client.invalidateQueries(),
  });
}

export function useRevert() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => answer(abtest.POST("/api/audit/{id}/revert", { params: { path: { id } } })),
    // Whatever it changed: everything that is configured is read anew.
    onSuccess: () => client.invalidateQueries(),
  });
}
