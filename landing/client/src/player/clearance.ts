/** How far something that floats at the lower edge must rise so that it covers no call to action. Pure. */

/** A rectangle in the window. */
export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** This much stays free around a call to action. */
const GAP = 8;

/** Pixels to rise from the place of rest; 0 when there is no room above, because it must not leave the window either. */
export function clearance(rest: Box, obstacles: readonly Box[], ceiling: number): number {
  let rise = 0;
  // From the lowest upward: what has risen over one may meet the next.
  for (const obstacle of [...obstacles].sort((one, other) => other.bottom - one.bottom)) {
    const beside = obstacle.left - GAP >= rest.right || obstacle.right + GAP <= rest.left;
    const above = obstacle.bottom + GAP <= rest.top - rise;
    const below = obstacle.top - GAP >= rest.bottom - rise;
    if (!beside && !above && !below) rise = rest.bottom - obstacle.top + GAP;
  }
  return rest.top - rise < ceiling ? 0 : rise;
}
