/** Toggles: reading and changing them. A switch shows its new state at once, and goes back if the service refuses. */
import { type QueryClient, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { abtest, answer, answerTagged, ifMatch } from "./client.ts";
import type { components } from "./generated/abtest.ts";

export type Toggle = components["schemas"]["Toggle"];
export type NewToggle = components["schemas"]["NewToggle"];
export type ToggleChange = components["schemas"]["ToggleChange"];

const TOGGLES_KEY = ["toggles"] as const;

export const togglesQuery = queryOptions({
  queryKey: TOGGLES_KEY,
  queryFn: ({ signal }) => answer(abtest.GET("/api/toggles", { signal })),
});

/** For who wants to edit it: together with the tag of the state that was read. */
export const taggedToggleQuery = (key: string) =>
  queryOptions({
    queryKey: [...TOGGLES_KEY, key],
    queryFn: ({ signal }) => answerTagged(abtest.GET("/api/toggles/{key}", { params: { path: { key } }, signal })),
  });

interface Update {
  key: string;
  change: ToggleChange;
  /** The state that the change is meant for. */
  tag: string | null;
}

export function useUpdateToggle() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ key, change, tag }: Update) =>
      answerTagged(abtest.PUT("/api/toggles/{key}", { params: { path: { key }, header: ifMatch(tag) }, body: change })),
    onSuccess: () => client.invalidateQueries({ queryKey: TOGGLES_KEY, exact: true }),
  });
}

export function useSwitchToggle(key: string) {
  const client = useQueryClient();
  return useMutation({
    // Quick successive presses of one switch arrive in the order in which they were made.
    scope: { id: `toggle:${key}` },
    mutationFn: (enabled: boolean) =>
      answer(abtest.PUT("/api/toggles/{key}", { params: { path: { key } }, body: { enabled } })),
    onMutate: async (enabled) => {
      // An answer that is on its way would show the old state again.
      await client.cancelQueries({ queryKey: TOGGLES_KEY, exact: true });
      show(client, key, enabled);
    },
    onError: (_error, enabled) => show(client, key, !enabled),
    onSettled: () => client.invalidateQueries({ queryKey: TOGGLES_KEY, exact: true }),
  });
}

export function useCreateToggle() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (toggle: NewToggle) => answer(abtest.POST("/api/toggles", { body: toggle })),
    onSuccess: () => client.invalidateQueries({ queryKey: TOGGLES_KEY }),
  });
}

export function useDeleteToggle() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (key: string) => answer(abtest.DELETE("/api/toggles/{key}", { params: { path: { key } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: TOGGLES_KEY }),
  });
}

function show(client: QueryClient, key: string, enabled: boolean): void {
  client.setQueryData<Toggle[]>(TOGGLES_KEY, (toggles) =>
    toggles?.map((toggle) => (toggle.key === key ? { ...toggle, enabled } : toggle)),
  );
}
