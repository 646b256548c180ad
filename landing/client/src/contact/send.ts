/** Sends the contact form, and says what became of it. */

/** What became of a letter. */
export type Outcome =
  | { kind: "stored" }
  /** The server has something to say about it: above the form, and beside fields. */
  | { kind: "refused"; notice: string; faults: { name: string; sentence: string }[] }
  /** The form is from a page that the server no longer knows; only a new page helps. */
  | { kind: "stale" }
  /** Nobody could be reached. */
  | { kind: "away" };

interface Problem {
  detail: string;
  errors?: { pointer: string; detail: string }[];
}

/** Longer than landing waits for its neighbour; a network that takes longer will not answer. */
const PATIENCE_MS = 15_000;

export async function send(form: HTMLFormElement, ask: typeof fetch = fetch): Promise<Outcome> {
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === "string") body.append(name, value);
  try {
    const response = await ask(new URL("/contact", location.href), {
      method: "POST",
      headers: { accept: "application/json" },
      body,
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    // Only this means that it is stored; an answer of somebody in between is none.
    if (response.status === 201) return { kind: "stored" };
    return refusal((await response.json()) as Problem);
  } catch {
    return { kind: "away" };
  }
}

function refusal(problem: Problem): Outcome {
  const errors = problem.errors ?? [];
  if (errors.some((error) => error.pointer === "/stamp")) return { kind: "stale" };
  const faults = errors.map((error) => ({ name: error.pointer.slice(1), sentence: error.detail }));
  return { kind: "refused", notice: problem.detail, faults };
}
