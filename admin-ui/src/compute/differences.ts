/** Two people changed the same thing: which of its fields each of them changed, in words that can stand side by side. */

/** A thing as its fields read on the screen, by their labels. */
export type Described = Readonly<Record<string, string>>;

export interface Difference {
  label: string;
  /** What is typed here; null where nothing was changed here. */
  yours: string | null;
  /** What the service holds now. */
  theirs: string;
  /** Whether it is another than the one from which both started. */
  isTheirChange: boolean;
}

/** The fields that either side changed, in the order of `before`. What both changed alike is nothing to decide. */
export function differences(before: Described, yours: Described, theirs: Described): Difference[] {
  return Object.entries(before)
    .map(([label, was]) => {
      const [mine = was, now = was] = [yours[label], theirs[label]];
      return { label, yours: mine === was ? null : mine, theirs: now, isTheirChange: now !== was };
    })
    .filter(({ yours, theirs, isTheirChange }) => (yours === null ? isTheirChange : yours !== theirs));
}
