/**
 * Signs of a visitor: until the first one, the page spends nothing on what only somebody who looks can enjoy. What loads and
 * starts beside the first picture would only make that later.
 */

const SIGNS = ["pointerdown", "pointermove", "keydown", "wheel", "scroll", "touchstart"];

/** Who only looks, without touching anything, is a visitor too, so long after the page is there. */
const PATIENCE_MS = 4_000;

/** Calls back once, with the first sign. Answers how to wait no longer. */
export function whenTouched(then: () => void): () => void {
  const waiting = new AbortController();
  const sign = (): void => {
    waiting.abort();
    then();
  };
  for (const name of SIGNS) addEventListener(name, sign, { passive: true, capture: true, signal: waiting.signal });
  return () => waiting.abort();
}

/** Calls back once, with the first sign or a while after everything has loaded. */
export function whenSettled(then: () => void): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const forget = whenTouched(() => {
    clearTimeout(timer);
    then();
  });
  const wait = (): void => {
    timer = setTimeout(() => {
      forget();
      then();
    }, PATIENCE_MS);
  };
  if (document.readyState === "complete") wait();
  else addEventListener("load", wait, { once: true });
}
