/** An experiment while it is being typed: what is wrong with it, and what to send. */
import type { Experiment, ExperimentChange, NewExperiment } from "../api/experiments.ts";
import {
  isSamePlan,
  type NewPlan,
  NO_PLAN,
  type PlanDraft,
  planDraftOf,
  planMistakes,
  planOf,
  planText,
} from "../plan/draft.ts";
import type { Described } from "./differences.ts";
import type { FieldErrors } from "./field-errors.ts";
import { type DraftVariant, percentOf, total } from "./traffic-split.ts";
import { contentDraftOf, contentsOf, contentText, isSameContent } from "./variant-content.ts";

export interface ExperimentDraft {
  name: string;
  description: string;
  variants: DraftVariant[];
  isActive: boolean;
  plan: PlanDraft;
}

export function newDraft(): ExperimentDraft {
  const variants = [
    { row: 0, name: "control", percent: "50" },
    { row: 1, name: "variant", percent: "50" },
  ];
  return { name: "", description: "", variants, isActive: true, plan: NO_PLAN };
}

export function draftOf(experiment: Experiment): ExperimentDraft {
  const variants = experiment.variants.map((name, row) => ({
    row,
    name,
    percent: String(experiment.traffic_split[name] ?? 0),
    content: contentDraftOf(experiment.variant_content[name]),
  }));
  const { name, description, is_active: isActive, plan } = experiment;
  return { name, description, variants, isActive, plan: planDraftOf(plan) };
}

/** What the service would refuse, found before it is asked, under the same pointers as the service uses. */
export function mistakes(draft: ExperimentDraft): FieldErrors {
  const found: [string, string][] = [];
  if (draft.name.trim() === "") found.push(["/name", "an experiment needs a name"]);
  draft.variants.forEach((variant, index) => {
    const problem = nameMistake(draft.variants, index);
    if (problem !== null) found.push([`/variants/${index}`, problem]);
    if (percentOf(variant) === null) {
      found.push([`/traffic_split/${index}`, "a whole percent from 0 to 100"]);
    }
  });
  const sum = total(draft.variants);
  if (sum !== 100) found.push(["/traffic_split", `must total 100, is ${sum}`]);
  found.push(...planMistakes(draft.plan));
  return new Map(found.map(([pointer, detail]) => [pointer, [detail]]));
}

function nameMistake(variants: DraftVariant[], index: number): string | null {
  const name = variants[index]?.name.trim();
  if (!name) return "a variant needs a name";
  const twin = variants.findIndex((variant) => variant.name.trim() === name);
  return twin < index ? `variant ${twin + 1} has this name already` : null;
}

export function experimentOf(draft: ExperimentDraft): NewExperiment & Shown {
  return {
    name: draft.name.trim(),
    description: draft.description.trim(),
    variants: names(draft),
    traffic_split: split(draft),
    is_active: draft.isActive,
    plan: planOf(draft.plan),
    variant_content: contentsOf(draft.variants),
  };
}

/** Only what differs from `before`, so that two people who edit different fields do not undo each other. Variants and split
 * go together: the service judges them together. */
export function changesOf(before: Experiment, draft: ExperimentDraft): ExperimentChange {
  const change: ExperimentChange = {};
  const after = experimentOf(draft);
  if (after.name !== before.name) change.name = after.name;
  if (after.description !== before.description) change.description = after.description ?? "";
  if (draft.isActive !== before.is_active) change.is_active = draft.isActive;
  if (!isSamePlan(planOf(draft.plan), before.plan)) change.plan = planOf(draft.plan);
  const renamed = JSON.stringify(names(draft)) !== JSON.stringify(before.variants);
  const shifted = names(draft).some((name) => split(draft)[name] !== before.traffic_split[name]);
  if (renamed) change.variants = names(draft);
  if (renamed || shifted) change.traffic_split = split(draft);
  // With a variant goes its content: that alone is no change of the content.
  const kept = Object.entries(before.variant_content).filter(([name]) => names(draft).includes(name));
  if (!isSameContent(contentsOf(draft.variants), Object.fromEntries(kept))) {
    change.variant_content = contentsOf(draft.variants);
  }
  return change;
}

/** The same change on top of what the experiment has become meanwhile: what only the other one changed stays. */
export function changesOnTop(before: Experiment, draft: ExperimentDraft): ExperimentChange {
  const change = changesOf(before, draft);
  // A split names its variants, and the other one may have changed those.
  return change.traffic_split === undefined ? change : { ...change, variants: names(draft) };
}

type Shown = Pick<Experiment, "name" | "description" | "variants" | "traffic_split" | "is_active"> & {
  plan: NewPlan | null;
  variant_content?: Experiment["variant_content"];
};

/** An experiment's fields as they read on the screen. */
export function described(experiment: Shown): Described {
  const { name, description, variants, traffic_split: shares, is_active: isActive, plan } = experiment;
  return {
    Name: name,
    Description: description,
    Split: variants.map((variant) => `${variant} ${shares[variant] ?? 0} %`).join(", "),
    Content: contentText(experiment.variant_content ?? {}),
    Plan: planText(plan),
    Status: isActive ? "active" : "paused",
  };
}

/** Variants that visitors have and that the draft no longer holds. */
export const removedVariants = (before: Experiment, draft: ExperimentDraft): string[] =>
  before.variants.filter((name) => !names(draft).includes(name));

const names = (draft: ExperimentDraft): string[] => draft.variants.map((variant) => variant.name.trim());

const split = (draft: ExperimentDraft): Record<string, number> =>
  Object.fromEntries(draft.variants.map((variant) => [variant.name.trim(), percentOf(variant) ?? 0]));
