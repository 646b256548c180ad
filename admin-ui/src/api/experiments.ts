/** Experiments: reading and changing them. */
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { abtest, answer, answerTagged, ifMatch } from "./client.ts";
import type { components } from "./generated/abtest.ts";
import type { Tagged } from "./problem.ts";

export type Experiment = components["schemas"]["Experiment"];
export type NewExperiment = components["schemas"]["NewExperiment"];
export type ExperimentChange = components["schemas"]["ExperimentChange"];

const EXPERIMENTS_KEY = ["experiments"] as const;

export const experimentsQuery = queryOptions({
  queryKey: EXPERIMENTS_KEY,
  queryFn: ({ signal }) => answer(abtest.GET("/api/experiments", { signal })),
});

/** For who wants to change it: together with the tag of the state that was read. */
export const taggedExperimentQuery = (id: string) =>
  queryOptions({
    queryKey: [...EXPERIMENTS_KEY, id],
    queryFn: ({ signal }) => answerTagged(abtest.GET("/api/experiments/{id}", { params: { path: { id } }, signal })),
  });

/** For who only wants to see it. */
export const experimentQuery = (id: string) =>
  queryOptions({ ...taggedExperimentQuery(id), select: ({ value }: Tagged<Experiment>) => value });

/** What the service would say to it, asked without changing anything: of a new experiment, or of a change of this one. */
export const trialQuery = (id: string | null, body: NewExperiment | ExperimentChange) =>
  queryOptions({
    queryKey: ["trials", id, body] as const,
    queryFn: ({ signal }) => {
      const query = { dry_run: true };
      return id === null
        ? answer(abtest.POST("/api/experiments", { params: { query }, body: body as NewExperiment, signal }))
        : answer(abtest.PUT("/api/experiments/{id}", { params: { path: { id }, query }, body, signal }));
    },
    // What is wrong stays wrong; a service that is away is none of the words' business.
    retry: false,
    gcTime: 0,
  });

interface Update {
  id: string;
  change: ExperimentChange;
  /** The state that the change is meant for; `null` for a change that is right in any state, such as pausing. */
  tag: string | null;
}

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
    mutationFn: ({ id, change, tag }: Update) =>
      answerTagged(
        abtest.PUT("/api/experiments/{id}", { params: { path: { id }, header: ifMatch(tag) }, body: change }),
      ),
    onSuccess: (saved) => {
      client.setQueryData(taggedExperimentQuery(saved.value.id).queryKey, saved);
      return client.invalidateQueries({ queryKey: EXPERIMENTS_KEY });
    },
  });
}

export function useDeleteExperiment() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, tag }: { id: string; tag: string | null }) =>
      answer(abtest.DELETE("/api/experiments/{id}", { params: { path: { id }, header: ifMatch(tag) } })),
    onSuccess: (_, { id }) => {
      client.removeQueries({ queryKey: [...EXPERIMENTS_KEY, id] });
      return client.invalidateQueries({ queryKey: EXPERIMENTS_KEY, exact: true });
    },
  });
}
