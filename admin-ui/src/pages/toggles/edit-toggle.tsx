/** A toggle that is being edited, in the place of its card. */
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { CallError, staleOf, type Tagged } from "../../api/problem.ts";
import { type Toggle, taggedToggleQuery, useUpdateToggle } from "../../api/toggles.ts";
import { useAnnounce } from "../../components/announcer.tsx";
import { ConflictDialog } from "../../components/conflict-dialog.tsx";
import { focusTitle } from "../../components/page.tsx";
import { Loaded, Panel } from "../../components/panel.tsx";
import { Sentence } from "../../components/sentence.tsx";
import { differences } from "../../compute/differences.ts";
import { fieldErrors, NO_ERRORS } from "../../compute/field-errors.ts";
import {
  describedToggle,
  type ToggleDraft,
  toggleChanges,
  toggleDraftOf,
  toggleMistakes,
  toggleOf,
} from "../../compute/toggle-draft.ts";
import { ToggleFields } from "./toggle-fields.tsx";

interface EditToggleProps {
  toggleKey: string;
  onClose: () => void;
}

export function EditToggle({ toggleKey, onClose }: EditToggleProps) {
  // Read once: a later answer must not overwrite what is being typed.
  const toggle = useQuery({ ...taggedToggleQuery(toggleKey), staleTime: 0, gcTime: 0, refetchOnWindowFocus: false });
  const close = () => {
    onClose();
    focusTitle();
  };
  return (
    <Panel title={`Edit ${toggleKey}`}>
      <Loaded of={toggle}>{(loaded) => <EditForm loaded={loaded} onClose={close} />}</Loaded>
    </Panel>
  );
}

function EditForm({ loaded, onClose }: { loaded: Tagged<Toggle>; onClose: () => void }) {
  const { before, draft, setDraft, update, stale, errors, save, saveOnTop, takeTheirs } = useEditing(loaded, onClose);

  function submit(event: FormEvent) {
    event.preventDefault();
    save();
  }

  return (
    <form className="toggle-form" onSubmit={submit} noValidate>
      <ToggleFields draft={draft} errors={errors} onChange={(part) => setDraft({ ...draft, ...part })} />
      <div className="row is-wide form-actions">
        <button type="button" className="button" onClick={onClose}>
          Cancel
        </button>
        <button type="submit" className="button is-main" disabled={update.isPending}>
          {update.isPending ? "Saving…" : "Save the changes"}
        </button>
      </div>
      {update.error === null || stale !== null ? null : (
        <p className="mistake is-wide" role="alert">
          Not saved: <Sentence of={update.error} />
        </p>
      )}
      {stale === null ? null : (
        <Conflict
          before={before.value}
          draft={draft}
          theirs={stale.value}
          onKeepMine={() => saveOnTop(stale)}
          onTakeTheirs={() => takeTheirs(stale)}
          onClose={update.reset}
        />
      )}
    </form>
  );
}

interface ConflictProps {
  before: Toggle;
  draft: ToggleDraft;
  theirs: Toggle;
  onKeepMine: () => void;
  onTakeTheirs: () => void;
  onClose: () => void;
}

function Conflict({ before, draft, theirs, ...answers }: ConflictProps) {
  // The switch is no part of the form.
  const yours = describedToggle({ ...toggleOf(draft), enabled: before.enabled });
  const found = differences(describedToggle(before), yours, describedToggle(theirs));
  return <ConflictDialog name={before.name} differences={found} {...answers} />;
}

/** What is typed, and what the service last said the toggle is. */
function useEditing(loaded: Tagged<Toggle>, onSaved: () => void) {
  const [before, setBefore] = useState(loaded);
  const [draft, setDraft] = useState<ToggleDraft>(() => toggleDraftOf(loaded.value));
  const update = useUpdateToggle();
  const announce = useAnnounce();
  const { key } = loaded.value;
  const own = toggleMistakes(draft);
  const theirs = update.error instanceof CallError ? fieldErrors(update.error.fields) : NO_ERRORS;

  function send(tag: string | null) {
    const change = toggleChanges(before.value, draft);
    const done = (words: string) => {
      announce(words);
      onSaved();
    };
    if (Object.keys(change).length === 0) done("Nothing was changed.");
    else update.mutate({ key, change, tag }, { onSuccess: ({ value }) => done(`“${value.name}” is saved.`) });
  }

  function save() {
    if (own.size === 0) send(before.tag);
  }

  function takeTheirs(stale: Tagged<Toggle>) {
    setBefore(stale);
    setDraft(toggleDraftOf(stale.value));
    update.reset();
  }

  const stale = staleOf<Toggle>(update.error);
  const saveOnTop = ({ tag }: Tagged<Toggle>) => send(tag);
  return { before, draft, setDraft, update, stale, errors: own.size > 0 ? own : theirs, save, saveOnTop, takeTheirs };
}
