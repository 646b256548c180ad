/** A long list, drawn in parts: the next part comes as soon as the end of the last one comes into sight. */
import { type ReactNode, useEffect, useRef, useState } from "react";

interface InPartsProps<T> {
  list: readonly T[];
  /** How many are drawn at a time. */
  part: number;
  children: (shown: readonly T[]) => ReactNode;
}

export function InParts<T>({ list, part, children }: InPartsProps<T>) {
  const [count, setCount] = useState(part);
  const end = useRef<HTMLButtonElement>(null);
  const isMore = count < list.length;
  // `count` starts the watching anew: an end that stays in sight says so only once.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => {
    if (end.current === null || typeof IntersectionObserver === "undefined") return;
    const observer = new IntersectionObserver(
      ([entry]) => {
        if (entry?.isIntersecting) setCount((before) => before + part);
      },
      { rootMargin: "800px" },
    );
    observer.observe(end.current);
    return () => observer.disconnect();
  }, [isMore, part, count]);
  return (
    <>
      {children(list.slice(0, count))}
      {isMore ? (
        <button ref={end} type="button" className="button" onClick={() => setCount((before) => before + part)}>
          Show more: {list.length - count} are left
        </button>
      ) : null}
    </>
  );
}
