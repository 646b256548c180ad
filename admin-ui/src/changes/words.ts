/** The audit trail in words: what was done to what, and what differs. Pure. */
import type { AuditEntry } from "../api/audit.ts";

const ACTIONS: Record<string, string> = {
  created: "created",
  changed: "changed",
  deleted: "deleted",
  reverted: "took back a change of",
  erased: "erased",
};

const SUBJECTS: Record<string, string> = {
  experiment: "the experiment",
  toggle: "the toggle",
  lead: "a lead",
  visitor: "a visitor",
};

/** How many characters of a value are shown. */
const LONGEST = 400;

/** “changed the toggle “Greek rain”” */
export function deed(entry: AuditEntry): string {
  const name = entry.subject_name === null ? "" : ` “${entry.subject_name}”`;
  return `${ACTIONS[entry.action] ?? entry.action} ${SUBJECTS[entry.subject] ?? entry.subject}${name}`;
}

export const byWhom = (entry: AuditEntry): string => (entry.actor === "system" ? "By itself" : entry.actor);

/** Only changes and deletions have a state to go back to. */
export const canRevert = (entry: AuditEntry): boolean => entry.before !== null;

export interface Change {
  field: string;
  before: string | null;
  after: string | null;
}

// They follow from the others, or never change.
const UNSAID = new Set(["id", "created_at", "revision"]);

/** The fields that differ; of what was created or deleted, all of them. */
export function changesOf(entry: AuditEntry): Change[] {
  const [before, after] = [fieldsOf(entry.before), fieldsOf(entry.after)];
  const fields = [...new Set([...before.keys(), ...after.keys()])].filter((field) => !UNSAID.has(field));
  return fields
    .map((field) => ({ field, before: before.get(field) ?? null, after: after.get(field) ?? null }))
    .filter((change) => change.before !== change.after);
}

function fieldsOf(state: unknown): Map<string, string> {
  if (typeof state !== "object" || state === null) return new Map();
  return new Map(
    Object.entries(state)
      .filter(([, value]) => value !== null)
      .map(([field, value]) => [field, text(value)]),
  );
}

function text(value: unknown): string {
  const whole = typeof value === "string" ? value : JSON.stringify(value);
  return whole.length > LONGEST ? `${whole.slice(0, LONGEST)}…` : whole;
}
