/** The form of a new toggle. */
import { type FormEvent, useState } from "react";
import { CallError } from "../../api/problem.ts";
import { useCreateToggle } from "../../api/toggles.ts";
import { useAnnounce } from "../../components/announcer.tsx";
import { focusTitle } from "../../components/page.tsx";
import { Panel } from "../../components/panel.tsx";
import { Sentence } from "../../components/sentence.tsx";
import { fieldErrors, NO_ERRORS } from "../../compute/field-errors.ts";
import { NEW_TOGGLE, toggleMistakes, toggleOf } from "../../compute/toggle-draft.ts";
import { ToggleFields } from "./toggle-fields.tsx";

export function NewToggleForm({ onClose }: { onClose: () => void }) {
  const [draft, setDraft] = useState(NEW_TOGGLE);
  const [isChecked, setChecked] = useState(false);
  const create = useCreateToggle();
  const announce = useAnnounce();
  const own = isChecked ? toggleMistakes(draft) : NO_ERRORS;
  const errors = own.size > 0 || !(create.error instanceof CallError) ? own : fieldErrors(create.error.fields);

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
        <ToggleFields isNew draft={draft} errors={errors} onChange={(part) => setDraft({ ...draft, ...part })} />
        <div className="row is-wide form-actions">
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
