/** Somebody else's change came first: both are shown, and the person decides. Nothing is overwritten before that. */
import { useEffect, useId, useRef } from "react";
import type { Difference } from "../compute/differences.ts";
import "./conflict-dialog.css";

interface ConflictDialogProps {
  /** What was to be changed, as people call it. */
  name: string;
  differences: Difference[];
  onKeepMine: () => void;
  onTakeTheirs: () => void;
  /** Back to the form, with everything as it was typed. */
  onClose: () => void;
}

export function ConflictDialog({ name, differences, onKeepMine, onTakeTheirs, onClose }: ConflictDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  // Escape closes the element itself; what mounted it must know.
  const closed = () => {
    if (dialog.current?.open === false) onClose();
  };
  return (
    <dialog ref={dialog} className="dialog conflict" aria-labelledby={id} onClose={closed}>
      <h2 id={id}>“{name}” was changed meanwhile</h2>
      <p>Somebody saved it after you opened it. Nothing of yours is saved yet, and nothing of theirs is lost.</p>
      {differences.length === 0 ? (
        <p>In what this form shows, both of you want the same.</p>
      ) : (
        <Differences of={differences} />
      )}
      <p className="quiet small">Saving yours on top replaces what you changed, and leaves what only they changed.</p>
      <div className="dialog-actions">
        <button type="button" className="button" onClick={onClose}>
          Back to my text
        </button>
        <button type="button" className="button" onClick={onTakeTheirs}>
          Take theirs
        </button>
        <button type="button" className="button is-main" onClick={onKeepMine}>
          Save mine on top
        </button>
      </div>
    </dialog>
  );
}

function Differences({ of }: { of: Difference[] }) {
  return (
    <table className="table conflict-table">
      <thead>
        <tr>
          <th scope="col">Field</th>
          <th scope="col">Yours</th>
          <th scope="col">Saved now</th>
        </tr>
      </thead>
      <tbody>
        {of.map(({ label, yours, theirs, isTheirChange }) => (
          <tr key={label}>
            <th scope="row">{label}</th>
            <td data-column="Yours">{yours === null ? <span className="quiet">not changed</span> : shown(yours)}</td>
            <td data-column="Saved now">
              {shown(theirs)}
              {isTheirChange ? <span className="badge conflict-mark">their change</span> : null}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const shown = (text: string) => (text === "" ? <span className="quiet">empty</span> : text);
