/** Typed calls to the three services. All stand under the admin's own origin (nginx.conf says which path goes where), so the
 * session's cookie travels by itself and no call needs CORS. */
import createClient from "openapi-fetch";
import type { paths as AbtestPaths } from "./generated/abtest.ts";
import type { paths as LandingPaths } from "./generated/landing.ts";
import type { paths as MetricsPaths } from "./generated/metrics.ts";
import { refusal, silence, type Tagged } from "./problem.ts";

const options = {
  baseUrl: globalThis.location.origin,
  // Looked up at each call, so that a test may put its own in place.
  fetch: (request: Request) => globalThis.fetch(request),
};

export const abtest = createClient<AbtestPaths>(options);
export const metrics = createClient<MetricsPaths>(options);
export const landing = createClient<LandingPaths>(options);

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The body of a successful answer; anything else is thrown as a `CallError`. A call that was cancelled stays an abort. */
export const answer = async <T>(call: Promise<Answer<T>>): Promise<T> => (await answerTagged(call)).value;

/** The same, with the tag of the state that was answered. */
export async function answerTagged<T>(call: Promise<Answer<T>>): Promise<Tagged<T>> {
  const {
    data: body,
    error,
    response,
  } = await call.catch((failure: unknown) => {
    throw failure instanceof DOMException && failure.name === "AbortError" ? failure : silence();
  });
  const tag = strong(response.headers.get("etag"));
  if (!response.ok) throw refusal(response.status, error, response.headers.get("retry-after"), tag);
  // What has no body (204) is typed as such by the document.
  return { value: body as T, tag };
}

/** The header that makes a change conditional; none without a tag. */
export const ifMatch = (tag: string | null): { "If-Match"?: string } => (tag === null ? {} : { "If-Match": tag });

/** Our nginx leaves tags alone, but a proxy before it may compress, and weaken them on the way. The services give out strong
 * ones only, and compare strongly: a weakened one would never match again. */
const strong = (tag: string | null): string | null => tag?.replace(/^W\//, "") ?? null;
