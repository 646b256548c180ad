/** What went wrong with a call, as one type: the services' problem documents (RFC 9457), and the silence of a service that
 * cannot be reached. */
import type { components } from "./generated/abtest.ts";

export type Problem = components["schemas"]["Problem"];
export type FieldProblem = components["schemas"]["FieldError"];

/** A thing and the tag of the state in which it was read; whoever changes it says with the tag which state is meant. */
export interface Tagged<T> {
  value: T;
  /** null where the answer brought none: then the change is meant for whatever state it finds. */
  tag: string | null;
}

/** What a thing has become, when a change was meant for an earlier state of it (412). */
export interface Stale {
  current: unknown;
  /** Names the current state, for who wants to change that one. */
  tag: string | null;
}

/** A call that did not succeed. `message` is a sentence for the person at the screen. */
export class CallError extends Error {
  /** The HTTP status; 0 when there was no answer at all. */
  readonly status: number;
  /** Which parts of the input were refused. */
  readonly fields: readonly FieldProblem[];
  /** After how many seconds the service wants to be asked again, if it says. */
  readonly retryAfter: number | null;
  /** Set when somebody else's change came first. */
  readonly stale: Stale | null;

  constructor(
    status: number,
    detail: string,
    fields: readonly FieldProblem[] = [],
    retryAfter: number | null = null,
    stale: Stale | null = null,
  ) {
    super(detail);
    this.name = "CallError";
    this.status = status;
    this.fields = fields;
    this.retryAfter = retryAfter;
    this.stale = stale;
  }

  /** Whether the same call may well succeed a moment later. */
  get isPassing(): boolean {
    return this.status === 0 || this.status === 502 || this.status === 503 || this.status === 504;
  }
}

/** The error for an answer, whose body may be a problem, something else, or nothing. */
export function refusal(
  status: number,
  body: unknown,
  retryAfter: string | null,
  tag: string | null = null,
): CallError {
  const problem = isProblem(body) ? body : null;
  const seconds = retryAfter !== null && /^\d+$/.test(retryAfter) ? Number(retryAfter) : null;
  const detail = problem?.detail ?? `the service answered ${status} and did not say why`;
  const stale = status === 412 && problem !== null && "current" in problem ? { current: problem.current, tag } : null;
  return new CallError(status, detail, problem?.errors ?? [], seconds, stale);
}

/** The error for no answer: the service, the proxy or the network is away. */
export function silence(): CallError {
  return new CallError(0, "the service cannot be reached; the connection or the service is down");
}

/** What a thing has become, if that is why `error` was thrown. The service answers with the thing that was to change. */
export function staleOf<T>(error: unknown): Tagged<T> | null {
  if (!(error instanceof CallError) || error.stale === null) return null;
  return { value: error.stale.current as T, tag: error.stale.tag };
}

/** Anything thrown, as a sentence. */
export function sentence(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text === ""
    ? "Something went wrong."
    : `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? "" : "."}`;
}

function isProblem(body: unknown): body is Problem {
  return typeof body === "object" && body !== null && "detail" in body && typeof body.detail === "string";
}
