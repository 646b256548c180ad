/** Whether effects that follow a pointer are a joy here: a pointer that hovers and points finely, not a finger. */
const fine = matchMedia("(hover: hover) and (pointer: fine)");

export function hasFinePointer(): boolean {
  return fine.matches;
}
