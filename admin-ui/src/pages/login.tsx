/** Asking for the password: as a screen of its own, and over a screen whose session has ended. */
import { type FormEvent, useEffect, useRef, useState } from "react";
import { CallError, sentence } from "../api/problem.ts";
import { useLogin } from "../api/session.ts";
import { Field } from "../components/field.tsx";
import "./login.css";

export function LoginScreen({ hasLeft }: { hasLeft: boolean }) {
  useEffect(() => {
    document.title = "Log in – Pushnami Admin";
  }, []);
  return (
    <main className="login">
      <div className="login-sun" aria-hidden="true" />
      <div className="login-card">
        <div className="meander" />
        <h1>Pushnami Admin</h1>
        <p className="quiet" role="status">
          {hasLeft ? "You have logged out." : "Experiments, toggles, events and music of the landing page."}
        </p>
        <LoginForm />
        <div className="meander" />
      </div>
    </main>
  );
}

export function LoginDialog() {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  // Escape leads nowhere: without a session there is nothing to go back to.
  const reopen = () => {
    if (dialog.current?.open === false) dialog.current.showModal();
  };
  return (
    <dialog ref={dialog} className="dialog login-over" aria-labelledby="login-over" onClose={reopen}>
      <h2 id="login-over">Your session has ended</h2>
      <p className="quiet">Log in again: you will be back exactly here, with everything you typed.</p>
      <LoginForm />
    </dialog>
  );
}

function LoginForm() {
  const login = useLogin();
  const [password, setPassword] = useState("");
  const field = useRef<HTMLInputElement>(null);
  const wait = useWait(login.error);

  function submit(event: FormEvent) {
    event.preventDefault();
    login.mutate(password, { onError: () => field.current?.select() });
  }

  return (
    <form className="stack" onSubmit={submit}>
      {/* Password keepers want to know whose password it is. */}
      <input type="text" name="username" autoComplete="username" value="admin" readOnly hidden />
      <Field label="Password" mistake={login.error === null ? null : explained(login.error, wait)}>
        {(control) => (
          <input
            {...control}
            ref={field}
            className="input"
            type="password"
            name="password"
            autoComplete="current-password"
            required
            // biome-ignore lint/a11y/noAutofocus: the password is the only thing one can do here
            autoFocus
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        )}
      </Field>
      <p className="only-spoken" role="alert">
        {login.error === null ? "" : sentence(login.error)}
      </p>
      <button type="submit" className="button is-main" disabled={login.isPending || wait > 0}>
        {login.isPending ? "Checking…" : wait > 0 ? `Wait ${wait} s` : "Log in"}
      </button>
    </form>
  );
}

function explained(error: unknown, wait: number): string {
  const status = error instanceof CallError ? error.status : null;
  if (status === 401) return "This is not the password. It is the ADMIN_PASSWORD the services were started with.";
  if (status === 429) {
    return wait > 0
      ? `Too many wrong passwords: the next try is possible in ${wait}\u00a0s.`
      : "You can try again now.";
  }
  return sentence(error);
}

/** Counts down the seconds the service wants us to wait before the next try. */
function useWait(error: unknown): number {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    if (!(error instanceof CallError) || error.status !== 429) {
      setSeconds(0);
      return;
    }
    const over = Date.now() + (error.retryAfter ?? 1) * 1000;
    const left = () => Math.max(0, Math.ceil((over - Date.now()) / 1000));
    setSeconds(left());
    const timer = setInterval(() => setSeconds(left()), 1000);
    return () => clearInterval(timer);
  }, [error]);
  return seconds;
}
