/** The one query layer: how often a read is tried again, and what happens when any call finds the session gone. */
import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { CallError } from "./problem.ts";
import { loseSession } from "./session.ts";

const MOST_RETRIES = 2;

export function createQueryClient(): QueryClient {
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({ onError: (error) => noticeExpiry(client, error) }),
    mutationCache: new MutationCache({
      onError: (error, _variables, _result, mutation) => {
        // A wrong password is no lost session.
        if (mutation.meta?.opensSession !== true) noticeExpiry(client, error);
      },
    }),
    defaultOptions: {
      queries: {
        // The services are often on this very machine: a browser that calls itself offline reaches them all the same.
        networkMode: "always",
        retry: (failures, error) => failures < MOST_RETRIES && error instanceof CallError && error.isPassing,
        retryDelay: (failures, error) =>
          error instanceof CallError && error.retryAfter !== null ? error.retryAfter * 1000 : 500 * 2 ** failures,
        staleTime: 2_000,
      },
      mutations: { networkMode: "always", retry: false },
    },
  });
  return client;
}

function noticeExpiry(client: QueryClient, error: unknown): void {
  if (error instanceof CallError && error.status === 401) loseSession(client);
}
