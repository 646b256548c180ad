/** Which field of a form a refusal belongs to. Keys are JSON pointers into what the form sends. */
import type { FieldProblem } from "../api/problem.ts";

export type FieldErrors = ReadonlyMap<string, readonly string[]>;

export const NO_ERRORS: FieldErrors = new Map();

export function fieldErrors(problems: readonly FieldProblem[]): FieldErrors {
  const byPointer = new Map<string, string[]>();
  for (const { pointer, detail } of problems) {
    byPointer.set(pointer, [...(byPointer.get(pointer) ?? []), detail]);
  }
  return byPointer;
}

/** What is wrong at exactly this pointer, as one text; null if nothing is. */
export const errorAt = (errors: FieldErrors, pointer: string): string | null => errors.get(pointer)?.join("; ") ?? null;

/** What is wrong at this pointer or anywhere below it. */
export function errorWithin(errors: FieldErrors, pointer: string): string | null {
  const inside = [...errors].filter(([at]) => at === pointer || at.startsWith(`${pointer}/`));
  return inside.length === 0 ? null : inside.flatMap(([, details]) => details).join("; ");
}

/** What is wrong with parts that the form has no field for: it must be shown all the same. */
export function errorsElsewhere(errors: FieldErrors, shown: readonly string[]): string[] {
  const isShown = (at: string) => shown.some((pointer) => at === pointer || at.startsWith(`${pointer}/`));
  return [...errors].filter(([at]) => !isShown(at)).flatMap(([at, details]) => details.map((text) => `${at}: ${text}`));
}
