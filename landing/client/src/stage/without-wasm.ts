/**
 * Hides WebAssembly while the viewer's script starts: a decoder inside it, which this model does not need, would try to
 * compile itself, and the page's policy would rightly refuse that. Must be imported before the viewer.
 */
const global = globalThis as { WebAssembly?: typeof WebAssembly };
const { WebAssembly: hidden } = global;
delete global.WebAssembly;

/** Shows it again. */
export function showAgain(): void {
  if (hidden) global.WebAssembly = hidden;
}
