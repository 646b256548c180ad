/** Which field a refusal belongs to. */
import { expect, test } from "vitest";
import { errorAt, errorsElsewhere, errorWithin, fieldErrors } from "./field-errors.ts";

const errors = fieldErrors([
  { pointer: "/name", detail: "must not be blank" },
  { pointer: "/name", detail: "must be shorter" },
  { pointer: "/variants/1", detail: "must be distinct" },
  { pointer: "/surprise", detail: "is unknown" },
]);

test("several refusals of one field stand together", () => {
  expect(errorAt(errors, "/name")).toBe("must not be blank; must be shorter");
  expect(errorAt(errors, "/variants")).toBeNull();
});

test("a part belongs to its whole, but a longer name does not", () => {
  expect(errorWithin(errors, "/variants")).toBe("must be distinct");
  expect(errorWithin(errors, "/variant")).toBeNull();
});

test("what the form has no field for is not lost", () => {
  expect(errorsElsewhere(errors, ["/name", "/variants"])).toEqual(["/surprise: is unknown"]);
});
