/** Who is at the screen. The token itself is in a cookie that scripts cannot read; here is only what the screens need. */
import { type QueryClient, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { abtest, answer } from "./client.ts";
import { CallError } from "./problem.ts";

export type Session =
  | { kind: "open"; expiresAt: string }
  /** `ADMIN_AUTH=off`: everybody is the admin. */
  | { kind: "unguarded" }
  | { kind: "closed"; reason: "none" | "expired" | "left" };

const SESSION_KEY = ["session"] as const;

export const sessionQuery = queryOptions({
  queryKey: SESSION_KEY,
  queryFn: async ({ signal, client }): Promise<Session> => {
    try {
      const state = await answer(abtest.GET("/api/auth/session", { signal }));
      if (state.auth === "off") return { kind: "unguarded" };
      return { kind: "open", expiresAt: state.expires_at ?? "" };
    } catch (error) {
      if (!(error instanceof CallError) || error.status !== 401) throw error;
      return closed(client.getQueryData<Session>(SESSION_KEY));
    }
  },
  staleTime: Number.POSITIVE_INFINITY,
  refetchOnWindowFocus: "always",
});

function setSession(client: QueryClient, session: Session): void {
  client.setQueryData<Session>(SESSION_KEY, session);
}

/** Called when any other call was refused for want of a session. */
export function loseSession(client: QueryClient): void {
  client.setQueryData<Session>(SESSION_KEY, closed);
}

/** A session that was there has expired; one that never was, or that its owner ended, has not. */
function closed(before: Session | undefined): Session {
  if (before?.kind === "closed") return before;
  return { kind: "closed", reason: before === undefined ? "none" : "expired" };
}

export function useLogin() {
  const client = useQueryClient();
  return useMutation({
    meta: { opensSession: true },
    mutationFn: (password: string) => answer(abtest.POST("/api/auth/login", { body: { password } })),
    onSuccess: async ({ expires_at }) => {
      setSession(client, { kind: "open", expiresAt: expires_at });
      // What failed while nobody was logged in is asked again.
      await client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== SESSION_KEY[0] });
    },
  });
}

export function useLogout() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => answer(abtest.POST("/api/auth/logout")),
    onSuccess: () => {
      setSession(client, { kind: "closed", reason: "left" });
      // The next person at this screen starts with nothing of the last one's.
      client.removeQueries({ predicate: (query) => query.queryKey[0] !== SESSION_KEY[0] });
    },
  });
}
