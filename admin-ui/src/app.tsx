/** Who may see what: nobody sees a screen before the session is known. A session that ends while somebody works puts the
 * login over the screen, which stays as it is underneath, so that nothing typed is lost. */
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { sessionQuery } from "./api/session.ts";
import { Failed, Loading } from "./components/panel.tsx";
import { LoginDialog, LoginScreen } from "./pages/login.tsx";
import { Screens } from "./screens.tsx";

// While the service that knows is away, ask again in this rhythm, so that the screen comes up by itself.
const KNOCK_MS = 5_000;

// Browsers count timers in 32 bits: what is later than this would go off at once.
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export function App() {
  const session = useQuery({
    ...sessionQuery,
    refetchInterval: (query) => (query.state.error === null ? false : KNOCK_MS),
  });
  useExpiry(session.data?.kind === "open" ? session.data.expiresAt : null, session.refetch);

  if (session.data === undefined) {
    return (
      <main className="main">
        <h1 className="only-spoken">Pushnami Admin</h1>
        <div className="page is-narrow">
          <div className="panel">
            {session.error === null ? <Loading /> : <Failed error={session.error} onRetry={session.refetch} />}
          </div>
        </div>
      </main>
    );
  }
  if (session.data.kind === "closed" && session.data.reason !== "expired") {
    return <LoginScreen hasLeft={session.data.reason === "left"} />;
  }
  return (
    <>
      <Screens isUnguarded={session.data.kind === "unguarded"} />
      {session.data.kind === "closed" ? <LoginDialog /> : null}
    </>
  );
}

/** Asks again at the moment the session ends, instead of letting the next click fail. */
function useExpiry(expiresAt: string | null, ask: () => unknown): void {
  useEffect(() => {
    if (expiresAt === null) return;
    const left = Math.max(0, Date.parse(expiresAt) - Date.now()) + 1_000;
    const timer = setTimeout(ask, Math.min(left, LONGEST_TIMER_MS));
    return () => clearTimeout(timer);
  }, [expiresAt, ask]);
}
