/** Experiments: reading and changing them. */
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { abtest, answer } from "./client.ts";
import type { components } from "./generated/abtest.ts";

export type Experiment = components["schemas"]["Experiment"];
export type NewExperiment = components["schemas"]["NewExperiment"];
export type ExperimentChange = components["schemas"]["ExperimentChange"];

const EXPERIMENTS_KEY = ["experiments"] as const;

export const experimentsQuery = queryOptions({
  queryKey: EXPERIMENTS_KEY,
  queryFn: ({ signal }) => answer(abtest.GET("/api/experiments", { signal })),
});

export const experimentQuery = (id: string) =>
  queryOptions({
    queryKey: [...EXPERIMENTS_KEY, id],
    queryFn: ({ signal }) => answer(abtest.GET("/api/experiments/{id}", { params: { path: { id } }, signal })),
  });

export function useCreateExperiment() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (experiment: NewExperiment) => answer(abtest.POST("/api/experiments", { body: experiment })),
    onSuccess: () => client.invalidateQueries({ queryKey: EXPERIMENTS_KEY }),
  });
}

export function useUpdateExperiment() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, change }: { id: string; change: ExperimentChange }) =>
      answer(abtest.PUT("/api/experiments/{id}", { params: { path: { id } }, body: change })),
    onSuccess: (experiment) => {
      client.setQueryData([...EXPERIMENTS_KEY, experiment.id], experiment);
      return client.invalidateQueries({ queryKey: EXPERIMENTS_KEY });
    },
  });
}

export function useDeleteExperiment() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => answer(abtest.DELETE("/api/experiments/{id}", { params: { path: { id } } })),
    onSuccess: (_, id) => {
      client.removeQueries({ queryKey: [...EXPERIMENTS_KEY, id] });
      return client.invalidateQueries({ queryKey: EXPERIMENTS_KEY, exact: true });
    },
  });
}
