/** The form of an experiment, the same for a new one and for one that exists. It checks what it can while one types, and
 * shows the service's own words at the field they are about. */

import { useQuery } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useRef, useState } from "react";
import { type ExperimentChange, type NewExperiment, trialQuery } from "../api/experiments.ts";
import { CallError } from "../api/problem.ts";
import { type ExperimentDraft, mistakes } from "../compute/experiment-draft.ts";
import { errorAt, errorsElsewhere, type FieldErrors, fieldErrors, NO_ERRORS } from "../compute/field-errors.ts";
import { ContentFields } from "../content/content-fields.tsx";
import { PlanFields } from "../plan/plan-fields.tsx";
import { Sentence } from "./sentence.tsx";
import { SplitEditor } from "./split-editor.tsx";
import { Switch } from "./switch.tsx";
import { TextField } from "./text-field.tsx";
import { useSettled } from "./use-settled.ts";

const SHOWN = ["/name", "/description", "/variants", "/traffic_split", "/plan", "/variant_content"];

interface ExperimentFormProps {
  draft: ExperimentDraft;
  onChange: (draft: ExperimentDraft) => void;
  onSubmit: () => void;
  action: string;
  /** For a new one: whether it starts at once is asked. */
  isNew?: boolean;
  isBusy: boolean;
  /** Whether visitors are assigned, so that the plan stays. */
  isPlanFixed?: boolean;
  /** The last refusal, null if there was none. */
  error: unknown;
  /** What to ask the service about while one types; null while there is nothing to ask. */
  trial: { id: string | null; body: NewExperiment | ExperimentChange } | null;
  /** What the form should say before its buttons. */
  notice?: ReactNode;
  /** Further buttons, beside the one that sends. */
  children?: ReactNode;
}

export function ExperimentForm(props: ExperimentFormProps) {
  const {
    draft,
    onChange,
    onSubmit,
    action,
    isBusy,
    isNew = false,
    isPlanFixed = false,
    error,
    notice,
    children,
  } = props;
  const [isChecked, setChecked] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  // A variant that has no name yet is not wrong, only new.
  const isNamed = draft.variants.every(({ name }) => name.trim() !== "");
  const said = useTrial(isNamed ? props.trial : null);
  const errors = errorsOf(draft, isChecked, error ?? said);

  function submit(event: FormEvent) {
    event.preventDefault();
    setChecked(true);
    if (mistakes(draft).size === 0) onSubmit();
    // The fields learn of their mistakes with the next drawing; then the first of them gets the focus.
    else requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
  }

  return (
    <form ref={form} className="panel stack" onSubmit={submit} noValidate>
      <TextField
        label="Name"
        mistake={errorAt(errors, "/name")}
        longest={255}
        value={draft.name}
        onChange={(name) => onChange({ ...draft, name })}
      />
      <TextField
        label="Description"
        hint="What you expect, and why."
        mistake={errorAt(errors, "/description")}
        isLong
        longest={10_000}
        value={draft.description}
        onChange={(description) => onChange({ ...draft, description })}
      />
      <SplitEditor
        variants={draft.variants}
        errors={errors}
        onChange={(variants) => onChange({ ...draft, variants })}
      />
      <ContentFields
        variants={draft.variants}
        errors={errors}
        onChange={(variants) => onChange({ ...draft, variants })}
      />
      <PlanFields
        draft={draft.plan}
        variants={draft.variants}
        errors={errors}
        isFixed={isPlanFixed}
        onChange={(plan) => onChange({ ...draft, plan })}
      />
      {isNew ? <Activity isActive={draft.isActive} onSwitch={(isActive) => onChange({ ...draft, isActive })} /> : null}
      {notice}
      <Refusal error={error} errors={errors} />
      <div className="row">
        <button type="submit" className="button is-main" disabled={isBusy}>
          {isBusy ? "Saving…" : action}
        </button>
        {children}
      </div>
    </form>
  );
}

/** What the service would say to what is typed, a moment after nobody types any more; null if nothing. */
function useTrial(trial: ExperimentFormProps["trial"]): unknown {
  const settled = useSettled(JSON.stringify(trial));
  const asked = JSON.parse(settled) as ExperimentFormProps["trial"];
  const answer = useQuery({ ...trialQuery(asked?.id ?? null, asked?.body ?? {}), enabled: asked !== null });
  return asked === null ? null : answer.error;
}

function Activity({ isActive, onSwitch }: { isActive: boolean; onSwitch: (isActive: boolean) => void }) {
  return (
    <div className="row">
      <Switch isOn={isActive} label="Start at once" onSwitch={onSwitch} />
      <span className="grow small">
        {isActive
          ? "It runs from the start: new visitors are assigned."
          : "It is a draft: nobody is assigned until you start it."}
      </span>
    </div>
  );
}

/** Our own findings once the form was sent for the first time, over what the service found in the last version it saw. */
function errorsOf(draft: ExperimentDraft, isChecked: boolean, error: unknown): FieldErrors {
  const own = isChecked ? mistakes(draft) : NO_ERRORS;
  if (own.size > 0) return own;
  return error instanceof CallError ? fieldErrors(error.fields) : NO_ERRORS;
}

function Refusal({ error, errors }: { error: unknown; errors: FieldErrors }) {
  if (error === null) return null;
  const elsewhere = errorsElsewhere(errors, SHOWN);
  return (
    <div className="banner is-failure" role="alert">
      <span>
        Not saved: <Sentence of={error} /> {elsewhere.join(" ")}
      </span>
    </div>
  );
}
