/** The search over leads. It acts when one pauses in typing. */
import { useEffect, useId, useRef, useState } from "react";

const PAUSE_MS = 350;
const MOST_CHARS = 255;

interface LeadSearchProps {
  words: string;
  onSearch: (words: string) => void;
}

export function LeadSearch({ words, onSearch }: LeadSearchProps) {
  const id = useId();
  const [text, setText] = useState(words);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  // The address may change without this field: Back, Clear.
  useEffect(() => setText(words), [words]);
  useEffect(() => () => clearTimeout(timer.current), []);

  function type(next: string) {
    setText(next);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => onSearch(next.trim()), PAUSE_MS);
  }

  return (
    <search className="lead-search">
      <div className="field">
        <label htmlFor={id}>Search</label>
        <input
          id={id}
          className="input"
          type="search"
          placeholder="Address, company or message"
          autoCapitalize="none"
          autoComplete="off"
          maxLength={MOST_CHARS}
          value={text}
          onChange={(event) => type(event.target.value)}
        />
      </div>
    </search>
  );
}
