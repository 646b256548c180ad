/** Words that somebody wrote, where what stands between backticks is code. Nothing else is interpreted. */

export function Prose({ text }: { text: string }) {
  // Every second part stood between backticks; an odd backtick at the end opens nothing.
  const parts = text.split(/`([^`]+)`/);
  return parts.map((part, index) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: a part is its place in the text
    index % 2 === 1 ? <code key={index}>{part}</code> : part,
  );
}
