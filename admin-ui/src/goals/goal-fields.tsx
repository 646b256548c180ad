/** One goal while it is edited. */
import { useId } from "react";
import { Field } from "../components/field.tsx";
import { Icon } from "../components/icon.tsx";
import { TextField } from "../components/text-field.tsx";
import { type EventDraft, type GoalDraft, newEvent } from "./draft.ts";
import { MeasureFields } from "./measure-fields.tsx";

const TYPES = ["click", "form_submit", "page_view", "scroll", "engagement"];

interface GoalFieldsProps {
  goal: GoalDraft;
  onChange: (goal: GoalDraft) => void;
  onPrimary: () => void;
  onRemove: () => void;
}

export function GoalFields({ goal, onChange, onPrimary, onRemove }: GoalFieldsProps) {
  const set = (part: Partial<GoalDraft>) => onChange({ ...goal, ...part });
  const title = goal.name === "" ? "New goal" : goal.name;
  return (
    <fieldset className="panel goal" aria-label={title}>
      <div className="goal-row">
        <TextField label="Name" mistake={null} value={goal.name} longest={100} onChange={(name) => set({ name })} />
        <Field label="What it is for" mistake={null}>
          {(control) => (
            <select
              {...control}
              className="input"
              value={goal.role}
              onChange={(event) => {
                if (event.target.value === "primary") onPrimary();
                else set({ role: event.target.value as GoalDraft["role"] });
              }}
            >
              <option value="primary">Primary</option>
              <option value="secondary" disabled={goal.role === "primary"}>
                Secondary
              </option>
              <option value="guardrail" disabled={goal.role === "primary"}>
                Guardrail
              </option>
            </select>
          )}
        </Field>
        <Field label="Better is" mistake={null}>
          {(control) => (
            <select
              {...control}
              className="input"
              value={goal.direction}
              onChange={(event) => set({ direction: event.target.value as GoalDraft["direction"] })}
            >
              <option value="increase">more</option>
              <option value="decrease">less</option>
            </select>
          )}
        </Field>
        <TextField
          label="Within hours, if any limit"
          mistake={null}
          value={goal.window}
          longest={4}
          onChange={(window) => set({ window })}
        />
      </div>
      <Events goal={goal} onChange={(events) => set({ events })} />
      {goal.role === "primary" ? null : (
        <MeasureFields measure={goal.measure} onChange={(measure) => set({ measure })} />
      )}
      <div className="row">
        {goal.role === "guardrail" ? (
          <label className="goal-pauses">
            <input type="checkbox" checked={goal.pauses} onChange={(event) => set({ pauses: event.target.checked })} />
            Pause the experiment when a variant does harm
          </label>
        ) : null}
        <span className="grow" />
        {goal.role === "primary" ? null : (
          <button
            type="button"
            className="button is-small is-plain is-danger"
            aria-label={`Remove ${title}`}
            onClick={onRemove}
          >
            Remove
          </button>
        )}
      </div>
    </fieldset>
  );
}

function Events({ goal, onChange }: { goal: GoalDraft; onChange: (events: EventDraft[]) => void }) {
  const list = useId();
  const set = (key: number, part: Partial<EventDraft>) =>
    onChange(goal.events.map((event) => (event.key === key ? { ...event, ...part } : event)));
  return (
    <div className="goal-events">
      <p className="hint">
        {goal.measure === null
          ? "It is reached by any of these events; a name or a property narrows it."
          : "It is measured from these events; a name or a property narrows them."}
      </p>
      <datalist id={list}>
        {TYPES.map((type) => (
          <option key={type} value={type} />
        ))}
      </datalist>
      {goal.events.map((event) => (
        <div key={event.key} className="goal-row">
          <Field label="Event type" mistake={null}>
            {(control) => (
              <input
                {...control}
                className="input is-code"
                list={list}
                maxLength={100}
                value={event.type}
                onChange={(change) => set(event.key, { type: change.target.value })}
              />
            )}
          </Field>
          <Text label="Event name, if any" value={event.name} onChange={(name) => set(event.key, { name })} />
          <Text label="Property, if any" value={event.property} onChange={(property) => set(event.key, { property })} />
          <Text label="Its value" value={event.value} onChange={(value) => set(event.key, { value })} />
          <button
            type="button"
            className="button is-icon"
            aria-label={`Remove the event ${event.type} ${event.name}`}
            disabled={goal.events.length === 1}
            onClick={() => onChange(goal.events.filter((other) => other.key !== event.key))}
          >
            <Icon name="bin" />
          </button>
        </div>
      ))}
      <button type="button" className="button is-small" onClick={() => onChange([...goal.events, newEvent()])}>
        <Icon name="plus" />
        Or another event
      </button>
    </div>
  );
}

function Text({ label, value, onChange }: { label: string; value: string; onChange: (value: string) => void }) {
  return <TextField label={label} mistake={null} value={value} longest={255} isCode onChange={onChange} />;
}
