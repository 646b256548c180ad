/** A titled surface, and the four states of what it shows: loading, failed, empty, there. */

import { type ReactNode, useId } from "react";
import { Sentence } from "./sentence.tsx";

interface PanelProps {
  title: string;
  actions?: ReactNode;
  className?: string;
  children: ReactNode;
}

export function Panel({ title, actions, className, children }: PanelProps) {
  const id = useId();
  return (
    <section className={className === undefined ? "panel" : `panel ${className}`} aria-labelledby={id}>
      <div className="panel-head">
        <h2 id={id}>{title}</h2>
        {actions}
      </div>
      {children}
    </section>
  );
}

export interface Fetched<T> {
  data: T | undefined;
  error: unknown;
  refetch: () => unknown;
}

interface LoadedProps<T> {
  of: Fetched<T>;
  /** For one of several panels of the same answer: its failure is shown, but only the first one reads it out. */
  isQuiet?: boolean;
  /** What to say instead of drawing nothing; null where there is something to draw. */
  empty?: (value: T) => ReactNode;
  children: (value: T) => ReactNode;
}

/** Draws what was fetched. What was there once stays when a later call fails: `StaleBanner` says that it is old. */
export function Loaded<T>({ of, isQuiet = false, empty, children }: LoadedProps<T>) {
  if (of.data !== undefined) {
    const nothing = empty?.(of.data) ?? null;
    return nothing === null ? children(of.data) : <div className="state">{nothing}</div>;
  }
  if (of.error !== null) return <Failed error={of.error} isQuiet={isQuiet} onRetry={of.refetch} />;
  return <Loading />;
}

export function Loading() {
  return (
    <div className="shimmer">
      <span />
      <span />
      <span />
      <p className="only-spoken">Loading</p>
    </div>
  );
}

interface FailedProps {
  error: unknown;
  isQuiet?: boolean;
  onRetry: () => unknown;
}

export function Failed({ error, isQuiet = false, onRetry }: FailedProps) {
  return (
    <div className="state state-failed" role={isQuiet ? undefined : "alert"}>
      <p>
        <strong>This could not be loaded.</strong>
        <br />
        <Sentence of={error} />
      </p>
      <button type="button" className="button is-small" onClick={() => onRetry()}>
        Try again
      </button>
    </div>
  );
}

/** Says that what is on the screen is no longer fresh, and why. Shown only where something old is on the screen. */
export function StaleBanner({ of }: { of: Fetched<unknown> }) {
  if (of.error === null || of.data === undefined) return null;
  return (
    <div className="banner is-failure" role="alert">
      <span className="grow">
        Not fresh any more: <Sentence of={of.error} /> What you see is the last answer.
      </span>
      <button type="button" className="button is-small" onClick={() => of.refetch()}>
        Try again
      </button>
    </div>
  );
}
