/** Goals while they are edited, and what is sent of them. Pure. */
import type { Experiment, ExperimentChange } from "../api/experiments.ts";
import type { Described } from "../compute/differences.ts";

export type Goal = Experiment["goals"][number];
export type NewGoal = NonNullable<ExperimentChange["goals"]>[number];
export type Role = Goal["role"];
type Measure = NonNullable<Goal["measure"]>;

export interface EventDraft {
  key: number;
  type: string;
  name: string;
  /** A member of the event's metadata, or empty. */
  property: string;
  value: string;
}

export interface GoalDraft {
  key: number;
  name: string;
  role: Role;
  direction: Goal["direction"];
  events: EventDraft[];
  /** Hours, or empty for no limit. */
  window: string;
  pauses: boolean;
  /** Of a goal that is measured in place of reached; null for one that is reached. */
  measure: MeasureDraft | null;
}

export interface MeasureDraft {
  property: string;
  fold: Measure["fold"];
  /** The most that counts of one visitor. */
  cap: string;
  absentIsZero: boolean;
}

// Rows are told apart by these, because everything else about them may change.
let lastKey = 0;
const nextKey = (): number => ++lastKey;

/** A value as it is typed: text as it stands, in quotes where it would read as something else. */
function typed(value: unknown): string {
  return typeof value === "string" && meant(value) === value ? value : JSON.stringify(value);
}

export const draftsOf = (goals: Goal[]): GoalDraft[] =>
  goals.map((goal) => ({
    key: nextKey(),
    name: goal.name,
    role: goal.role,
    direction: goal.direction,
    events: goal.any_of.map((event) => ({
      key: nextKey(),
      type: event.event_type,
      name: event.event_name ?? "",
      property: event.property?.key ?? "",
      value: event.property === undefined || event.property === null ? "" : typed(event.property.value),
    })),
    window: goal.window_hours === null ? "" : String(goal.window_hours),
    pauses: goal.pause_on_harm,
    measure: measureDraftOf(goal.measure ?? null),
  }));

export const newEvent = (): EventDraft => ({ key: nextKey(), type: "click", name: "", property: "", value: "" });

export const newGoal = (role: Role): GoalDraft => ({
  key: nextKey(),
  name: "",
  role,
  direction: role === "guardrail" ? "decrease" : "increase",
  events: [newEvent()],
  window: "",
  pauses: false,
  measure: null,
});

const measureDraftOf = (measure: Measure | null): MeasureDraft | null =>
  measure === null
    ? null
    : {
        property: measure.property,
        fold: measure.fold,
        cap: String(measure.cap),
        absentIsZero: measure.absent_is_zero,
      };

/** What the page reports of itself, ready to be measured. */
export const MEASURED: readonly { word: string; goal: () => GoalDraft }[] = [
  {
    word: "Time on page",
    goal: () => ({
      ...newGoal("secondary"),
      name: "Time on page, in seconds",
      events: [{ ...newEvent(), type: "engagement", name: "time_on_page" }],
      measure: { property: "seconds", fold: "sum", cap: "1800", absentIsZero: false },
    }),
  },
  {
    word: "Scroll depth",
    goal: () => ({
      ...newGoal("secondary"),
      name: "Scroll depth, in percent",
      events: [{ ...newEvent(), type: "scroll" }],
      measure: { property: "percent", fold: "greatest", cap: "100", absentIsZero: true },
    }),
  },
];

/** Makes one goal the primary one; the one that was becomes secondary. */
export const withPrimary = (drafts: GoalDraft[], key: number): GoalDraft[] =>
  drafts.map((draft) => {
    if (draft.key === key) return { ...draft, role: "primary", pauses: false, measure: null };
    return draft.role === "primary" ? { ...draft, role: "secondary" } : draft;
  });

/** What a typed value means: `true`, `false` and numbers are what they look like, text may stand in quotes. */
export function meant(text: string): string | number | boolean {
  if (text === "true" || text === "false") return text === "true";
  if (/^".*"$/.test(text)) return text.slice(1, -1);
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}

/** The first thing that is wrong, or null. The service judges the rest, in the same words. */
export function mistakeOf(drafts: GoalDraft[]): string | null {
  for (const draft of drafts) {
    if (draft.name.trim() === "") return "Every goal needs a name.";
    if (draft.events.length === 0) return `“${draft.name}” needs an event.`;
    if (draft.events.some((event) => event.type.trim() === "")) return `“${draft.name}”: every event needs a type.`;
    if (draft.measure !== null && draft.measure.property.trim() === "")
      return `“${draft.name}” needs what is measured.`;
    if (draft.measure !== null && !/^[1-9]\d{0,6}$/.test(draft.measure.cap)) {
      return `“${draft.name}”: the most that counts is a whole number from 1 to 1,000,000.`;
    }
    if (draft.window !== "" && !/^[1-9]\d{0,3}$/.test(draft.window)) {
      return `“${draft.name}”: the window is whole hours, or empty for no limit.`;
    }
  }
  const names = drafts.map((draft) => draft.name);
  return new Set(names).size < names.length ? "Goals must have different names." : null;
}

export const goalsOf = (drafts: GoalDraft[]): NewGoal[] =>
  drafts.map((draft) => ({
    name: draft.name,
    role: draft.role,
    direction: draft.direction,
    any_of: draft.events.map((event) => ({
      event_type: event.type,
      ...(event.name === "" ? {} : { event_name: event.name }),
      ...(event.property === "" ? {} : { property: { key: event.property, value: meant(event.value) } }),
    })),
    window_hours: draft.window === "" ? null : Number(draft.window),
    pause_on_harm: draft.role === "guardrail" && draft.pauses,
    ...(draft.measure === null ? {} : { measure: measureOf(draft.measure) }),
  }));

const measureOf = ({ property, fold, cap, absentIsZero }: MeasureDraft): Measure => ({
  property: property.trim(),
  fold,
  cap: Number(cap),
  absent_is_zero: absentIsZero,
});

/** All goals as they read beside another version of them, one a line: they are saved as a whole. */
export const described = (goals: readonly NewGoal[]): Described => ({
  Goals: goals
    .map((goal) => `${goal.name} (${goal.role}): ${goal.any_of.map(eventWords).join(" or ")}${measureWords(goal)}`)
    .join("\n"),
});

function measureWords({ measure }: NewGoal): string {
  if (!measure) return "";
  const fold = measure.fold === "sum" ? "sum" : "greatest";
  return `, the ${fold} of ${measure.property} up to ${measure.cap}${measure.absent_is_zero ? ", 0 without" : ""}`;
}

function eventWords({ event_type: type, event_name: name, property }: NewGoal["any_of"][number]): string {
  const condition = property ? ` with ${property.key} = ${JSON.stringify(property.value)}` : "";
  return `${type}${name ? ` ${name}` : ""}${condition}`;
}
