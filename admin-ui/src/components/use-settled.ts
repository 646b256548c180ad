/** A value that waits until nobody types any more. */
import { useEffect, useState } from "react";

/** Long enough that a word is finished, short enough that what depends on it follows. */
const SETTLED_MS = 400;

export function useSettled<T>(value: T): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), SETTLED_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
