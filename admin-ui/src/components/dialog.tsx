/** A question that must be answered before anything else: the browser's own dialog keeps the focus inside, closes with
 * Escape and gives the focus back. */

import { type ReactNode, useEffect, useId, useRef } from "react";
import { Sentence } from "./sentence.tsx";

interface ConfirmDialogProps {
  title: string;
  /** The word on the button that does it. */
  action: string;
  isBusy: boolean;
  error: unknown;
  onConfirm: () => void;
  onClose: () => void;
  children: ReactNode;
}

/** Mount it to ask; unmount it to be done. */
export function ConfirmDialog({ title, action, isBusy, error, onConfirm, onClose, children }: ConfirmDialogProps) {
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
    <dialog ref={dialog} className="dialog" aria-labelledby={id} onClose={closed}>
      <h2 id={id}>{title}</h2>
      <div className="stack">{children}</div>
      {error === null ? null : (
        <p className="mistake" role="alert">
          <Sentence of={error} />
        </p>
      )}
      <div className="dialog-actions">
        <button type="button" className="button" onClick={onClose}>
          Keep it
        </button>
        <button type="button" className="button is-danger" disabled={isBusy} onClick={onConfirm}>
          {isBusy ? "Deleting…" : action}
        </button>
      </div>
    </dialog>
  );
}
