/** Which colour stands for what. The colours themselves are in `theme/tokens.css`; here only who gets which. */

/** There are this many; after the last, they begin again. Colour is never the only sign: names stand beside it. */
const TONES = 8;

/** The page's own types keep their colour on every screen, whatever else occurs. */
const TYPES = ["page_view", "click", "form_submit", "scroll", "engagement"];
const TYPE_TONES = [2, 0, 3, 1, 4];

export type Tone = number;

export const toneAt = (index: number): Tone => index % TONES;

export function typeTone(type: string): Tone {
  const known = TYPE_TONES[TYPES.indexOf(type)];
  if (known !== undefined) return known;
  // Any fixed choice will do, as long as the same type gets the same one next time.
  const sum = [...type].reduce((total, letter) => total + (letter.codePointAt(0) ?? 0), 0);
  return toneAt(5 + (sum % 3));
}
