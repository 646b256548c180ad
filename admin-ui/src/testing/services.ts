/** Stands in for the services: answers by method and path, and keeps what was asked. */
import { vi } from "vitest";
import type { FieldProblem } from "../api/problem.ts";

type Answer = (request: Request) => Response | Promise<Response>;

export interface Asked {
  call: string;
  body: unknown;
}

/** Keys are like `PUT /api/toggles/matrix_rain`, or `TRY PUT …` for what is only tried. What nobody answers fails the test
 * that asked; what is tried finds nothing wrong then, and is not kept. */
export function serve(answers: Record<string, Answer>): Asked[] {
  const asked: Asked[] = [];
  vi.stubGlobal("fetch", async (request: Request) => {
    const { pathname, searchParams } = new URL(request.url);
    const isTried = searchParams.get("dry_run") === "true";
    const call = `${isTried ? "TRY " : ""}${request.method} ${pathname}`;
    if (isTried && answers[call] === undefined) return Response.json({});
    const text = await request.clone().text();
    asked.push({ call, body: text === "" ? null : JSON.parse(text) });
    const answer = answers[call];
    if (answer === undefined) throw new Error(`nobody answers ${call}`);
    return answer(request);
  });
  return asked;
}

export const json = (body: unknown, status = 200, headers = {}): Response => Response.json(body, { status, headers });

export function problem(
  status: number,
  detail: string,
  errors: FieldProblem[] = [],
  headers = {},
  members = {},
): Response {
  const body = { type: "about:blank", title: String(status), status, detail, errors, ...members };
  return Response.json(body, { status, headers: { "content-type": "application/problem+json", ...headers } });
}
