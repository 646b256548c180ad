/** Short words about what has just been done: shown for a moment and read out by screen readers. What went wrong does not
 * belong here: it stands, and stays, where it happened. */
import { createContext, type ReactNode, useCallback, useContext, useEffect, useRef, useState } from "react";

const SHOWN_MS = 6_000;
/** For how long what can be undone is offered: time to read it, to think, and to reach the button by keyboard. */
const OFFERED_MS = 15_000;

/** What can be done about it while it is shown. */
export interface Remedy {
  /** What the button says. */
  label: string;
  act: () => void;
}

interface Announcement {
  id: number;
  text: string;
  remedy: Remedy | undefined;
}

const Announce = createContext<(text: string, remedy?: Remedy) => void>(() => {});

export const useAnnounce = () => useContext(Announce);

export function Announcer({ children }: { children: ReactNode }) {
  const [shown, setShown] = useState<Announcement[]>([]);
  const next = useRef(0);
  const announce = useCallback((text: string, remedy?: Remedy) => {
    next.current += 1;
    const id = next.current;
    setShown((before) => [...before.slice(-2), { id, text, remedy }]);
  }, []);
  const forget = useCallback((id: number) => setShown((before) => before.filter((one) => one.id !== id)), []);
  return (
    <Announce value={announce}>
      {children}
      <div className="toasts" role="status">
        {shown.map((one) => (
          <Toast key={one.id} announcement={one} onOver={forget} />
        ))}
      </div>
    </Announce>
  );
}

function Toast({ announcement, onOver }: { announcement: Announcement; onOver: (id: number) => void }) {
  const { id, text, remedy } = announcement;
  const [isHeld, setHeld] = useState(false);
  useEffect(() => {
    // Whoever is at it is not hurried.
    if (isHeld) return;
    const timer = setTimeout(() => onOver(id), remedy === undefined ? SHOWN_MS : OFFERED_MS);
    return () => clearTimeout(timer);
  }, [id, remedy, isHeld, onOver]);
  if (remedy === undefined) return <p className="toast">{text}</p>;
  function act() {
    onOver(id);
    remedy?.act();
  }
  return (
    <p
      className="toast row"
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <span className="grow">{text}</span>
      <button type="button" className="button is-small" onClick={act}>
        {remedy.label}
      </button>
    </p>
  );
}
