/**
 * What the contact form may hold: the rules of the server (crates/common/src/contract/lead.rs), so that a slip is shown at
 * once. The server judges again; where the two differ, its word counts.
 */

/** What is wrong with a field; the markup has a sentence for each, in the data attribute of that name. */
export type Fault = "missing" | "wrong" | "long" | "odd";

const USER = /^[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}$/i;
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i;

/** Characters that can neither be seen nor printed; of these a message may have line breaks and tabs. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNSEEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNSEEN_IN_A_LINE = /[\u0000-\u001f\u007f-\u009f]/;

/** Whether mail can reach this address from elsewhere. */
export function isAddress(text: string): boolean {
  const at = text.indexOf("@");
  const labels = text.slice(at + 1).split(".");
  const last = labels.at(-1) ?? "";
  return (
    at > 0 &&
    USER.test(text.slice(0, at)) &&
    labels.length > 1 &&
    labels.every((label) => LABEL.test(label)) &&
    last.length > 1 &&
    /[a-z]/i.test(last)
  );
}

/** How long a text is in characters as the server counts them: neither in bytes nor in halves of a character. */
export function length(text: string): number {
  return Array.from(text).length;
}

/** What is wrong with what stands in a field; null when nothing is. */
export function faultOf(name: string, typed: string, most: number): Fault | null {
  const text = typed.trim();
  if (name === "email") {
    if (text === "") return "missing";
    if (length(text) > most) return "long";
    return isAddress(text) ? null : "wrong";
  }
  if (length(text) > most) return "long";
  const unseen = name === "message" ? UNSEEN : UNSEEN_IN_A_LINE;
  return unseen.test(text) ? "odd" : null;
}
