/** The form of a new toggle. */

import { type FormEvent, useState } from "react";
import { CallError } from "../../api/problem.ts";
import { useCreateToggle } from "../../api/toggles.ts";
import { useAnnounce } from "../../components/announcer.tsx";
import { Field } from "../../components/field.tsx";
import { focusTitle } from "../../components/page.tsx";
import { Panel } from "../../components/panel.tsx";
import { Sentence } from "../../components/sentence.tsx";
import { Switch } from "../../components/switch.tsx";
import { errorWithin, fieldErrors, NO_ERRORS } from "../../compute/field-errors.ts";
import { NEW_TOGGLE, type ToggleDraft, toggleMistakes, toggleOf } from "../../compute/toggle-draft.ts";

export function NewToggleForm({ onClose }: { onClose: () => void }) {
  const [draft, setDraft] = useState(NEW_TOGGLE);
  const [isChecked, setChecked] = useState(false);
  const create = useCreateToggle();
  const announce = useAnnounce();
  const own = isChecked ? toggleMistakes(draft) : NO_ERRORS;
  const errors = own.size > 0 || !(create.error instanceof CallError) ? own : fieldErrors(create.error.fields);
  const change = (part: Partial<ToggleDraft>) => setDraft({ ...draft, ...part });

  function submit(event: FormEvent) {
    event.preventDefault();
    setChecked(true);
    if (toggleMistakes(draft).size > 0) return;
    create.mutate(toggleOf(draft), {
      onSuccess: (toggle) => {
        announce(`“${toggle.name}” is created.`);
        onClose();
        focusTitle();
      },
    });
  }

  return (
    <Panel title="New toggle">
      <form className="toggle-form" onSubmit={submit} noValidate>
        <Field label="Name" mistake={errorWithin(errors, "/name")}>
          {(control) => (
            <input
              {...control}
              // biome-ignore lint/a11y/noAutofocus: the form opens because somebody asked to type a new toggle
              autoFocus
              className="input"
              maxLength={255}
              value={draft.name}
              onChange={(event) => change({ name: event.target.value })}
            />
          )}
        </Field>
        <Field label="Key" hint="What code calls it; it cannot be changed later." mistake={errorWithin(errors, "/key")}>
          {(control) => (
            <input
              {...control}
              className="input code"
              maxLength={100}
              spellCheck={false}
              autoCapitalize="none"
              value={draft.key}
              onChange={(event) => change({ key: event.target.value })}
            />
          )}
        </Field>
        <Field className="is-wide" label="Description" mistake={errorWithin(errors, "/description")}>
          {(control) => (
            <input
              {...control}
              className="input"
              maxLength={10_000}
              value={draft.description}
              onChange={(event) => change({ description: event.target.value })}
            />
          )}
        </Field>
        <Field
          className="is-wide"
          label="Config"
          hint="Settings as a JSON object; leave it empty for none."
          mistake={errorWithin(errors, "/config")}
        >
          {(control) => (
            <textarea
              {...control}
              className="input is-code"
              spellCheck={false}
              value={draft.config}
              onChange={(event) => change({ config: event.target.value })}
            />
          )}
        </Field>
        <div className="row is-wide">
          <Switch isOn={draft.enabled} label="On from the beginning" onSwitch={(enabled) => change({ enabled })} />
          <span className="small grow">from the beginning</span>
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="button is-main" disabled={create.isPending}>
            {create.isPending ? "Creating…" : "Create the toggle"}
          </button>
        </div>
        {create.error === null ? null : (
          <p className="mistake is-wide" role="alert">
            <Sentence of={create.error} />
          </p>
        )}
      </form>
    </Panel>
  );
}
