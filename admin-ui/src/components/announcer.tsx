/** Short words about what has just been done: shown for a moment and read out by screen readers. What went wrong does not
 * belong here: it stands, and stays, where it happened. */
import { createContext, type ReactNode, useCallback, useContext, useEffect, useRef, useState } from "react";

const SHOWN_MS = 6_000;

interface Announcement {
  id: number;
  text: string;
}

const Announce = createContext<(text: string) => void>(() => {});

export const useAnnounce = () => useContext(Announce);

export function Announcer({ children }: { children: ReactNode }) {
  const [shown, setShown] = useState<Announcement[]>([]);
  const next = useRef(0);
  const announce = useCallback((text: string) => {
    next.current += 1;
    const id = next.current;
    setShown((before) => [...before.slice(-2), { id, text }]);
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
  useEffect(() => {
    const timer = setTimeout(() => onOver(announcement.id), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [announcement.id, onOver]);
  return <p className="toast">{announcement.text}</p>;
}
