/** What a refusal says to the person at the screen. */
import { expect, test } from "vitest";
import { refusal, sentence, silence } from "./problem.ts";

test("a problem's own words, fields and waiting time are kept", () => {
  const errors = [{ pointer: "/name", detail: "must not be blank" }];
  const error = refusal(429, { type: "about:blank", title: "", status: 429, detail: "too many", errors }, "30");
  expect(error).toMatchObject({ status: 429, message: "too many", fields: errors, retryAfter: 30 });
});

test("an answer that is no problem still gives a sentence", () => {
  expect(sentence(refusal(500, "<html>", null))).toBe("The service answered 500 and did not say why.");
  expect(refusal(503, null, "soon").retryAfter).toBeNull();
});

test("only what may pass is worth another try", () => {
  const passing = [silence(), refusal(503, null, null), refusal(502, null, null)];
  expect(passing.map((error) => error.isPassing)).toEqual([true, true, true]);
  expect([400, 401, 404, 422, 429].map((status) => refusal(status, null, null).isPassing)).not.toContain(true);
});
