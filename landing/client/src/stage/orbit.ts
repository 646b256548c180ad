/** Where the camera stands while the page is scrolled. Pure. */

/** Where it stands while the page is at its top, in degrees around the figure; the posters are photographed from here. */
export const FRONT = 10;
/** How far it walks until the stage has left the window. */
const WALK = 60;

/** The camera's place for a stage that has this much of its height, and more, above the window's upper edge. */
export function orbit(top: number, height: number): number {
  if (!(height > 0)) return FRONT;
  const gone = Math.max(0, Math.min(1, -top / height));
  return FRONT - WALK * gone;
}
