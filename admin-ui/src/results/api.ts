/** Results: reading them, and shipping what they come to. */
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { abtest, answer, metrics } from "../api/client.ts";
import type { components as AbtestComponents } from "../api/generated/abtest.ts";
import type { components } from "../api/generated/metrics.ts";

type Schemas = components["schemas"];

export type Results = Schemas["Results"];
export type Comparison = Schemas["Comparison"];
export type VariantResult = Schemas["VariantResult"];
export type Traffic = Schemas["Traffic"];
export type Plan = Schemas["Plan"];
export type Timeline = Schemas["Timeline"];
export type Recommendation = Schemas["Recommendation"];
export type Calculation = Schemas["Calculation"];
export type Calculated = Schemas["Calculated"];
export type NewRevision = AbtestComponents["schemas"]["NewRevision"];

/** `goal` is null for the primary one; `every` is how often to ask again, in milliseconds. */
export const resultsQuery = (id: string, goal: string | null, every: number | false) =>
  queryOptions({
    queryKey: ["results", id, goal],
    queryFn: ({ signal }) =>
      answer(
        metrics.GET("/api/experiments/{id}/results", {
          params: { path: { id }, query: goal === null ? {} : { goal } },
          signal,
        }),
      ),
    refetchInterval: every,
  });

/** Ships a variant, or takes up an earlier revision again. */
export function useCreateRevision(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (revision: NewRevision) =>
      answer(abtest.POST("/api/experiments/{id}/revisions", { params: { path: { id } }, body: revision })),
    onSuccess: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ["results", id] }),
        client.invalidateQueries({ queryKey: ["experiments"] }),
      ]),
  });
}

export const calculate = (calculation: Calculation) => answer(metrics.POST("/api/calculator", { body: calculation }));
