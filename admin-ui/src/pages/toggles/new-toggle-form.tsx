/** The form of a new toggle. */
import { type FormEvent, useState } from "react";
import { CallError } from "../../api/problem.ts";
import { useCreateToggle } from "../../api/toggles.ts";
import { useAnnounce } from "../../components/announcer.tsx";
import { focusTitle } from "../../components/page.tsx";
import { Panel } from "../../components/panel.tsx";
import { Sentence } from "../../components/sentence.tsx";
import { Switch } from "../../components/switch.tsx";
import { TextField } from "../../components/text-field.tsx";
import { errorWithin, type FieldErrors, fieldErrors, NO_ERRORS } from "../../compute/field-errors.ts";
import { NEW_TOGGLE, type ToggleDraft, toggleMistakes, toggleOf } from "../../compute/toggle-draft.ts";

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
        <ToggleFields draft={draft} errors={errors} onChange={(part) => setDraft({ ...draft, ...part })} />
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

interface ToggleFieldsProps {
  draft: ToggleDraft;
  errors: FieldErrors;
  onChange: (part: Partial<ToggleDraft>) => void;
}

function ToggleFields({ draft, errors, onChange }: ToggleFieldsProps) {
  const text = (name: "name" | "key" | "description" | "config", longest: number) => ({
    mistake: errorWithin(errors, `/${name}`),
    value: draft[name],
    onChange: (value: string) => onChange({ [name]: value }),
    longest,
  });
  return (
    <>
      <TextField label="Name" takesFocus {...text("name", 255)} />
      <TextField label="Key" hint="What code calls it; it cannot be changed later." isCode {...text("key", 100)} />
      <TextField className="is-wide" label="Description" {...text("description", 10_000)} />
      <TextField
        className="is-wide"
        label="Config"
        hint="Settings as a JSON object; leave it empty for none."
        isLong
        isCode
        {...text("config", 16_384)}
      />
      <div className="row is-wide">
        <Switch isOn={draft.enabled} label="On from the beginning" onSwitch={(enabled) => onChange({ enabled })} />
        <span className="small">from the beginning</span>
      </div>
    </>
  );
}
