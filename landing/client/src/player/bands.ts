/** From an analyser's bins to the columns of a picture. Pure. */

const LOWEST_HZ = 40;
const HIGHEST_HZ = 14_000;

/**
 * The first bin of each column, and the end of the last: equal steps of pitch, at least one bin each. Low columns are so
 * narrow that several would share a bin; they take the next one instead, so that no two columns show the same.
 */
export function edges(columns: number, bins: number, sampleRate: number): number[] {
  const width = sampleRate / 2 / bins;
  const found: number[] = [];
  for (let column = 0; column <= columns; column += 1) {
    const hertz = LOWEST_HZ * (HIGHEST_HZ / LOWEST_HZ) ** (column / columns);
    const before = found.at(-1) ?? 0;
    found.push(Math.min(Math.max(Math.round(hertz / width), before + 1), bins));
  }
  return found;
}

/** How high each column stands, 0 to 1: its loudest bin. High notes carry less and are lifted a little. */
export function heights(bins: Uint8Array, columnEdges: readonly number[]): number[] {
  const columns = columnEdges.length - 1;
  return Array.from({ length: columns }, (_, column) => {
    let loudest = 0;
    for (let bin = columnEdges[column] ?? 0; bin < (columnEdges[column + 1] ?? 0); bin += 1)
      loudest = Math.max(loudest, bins[bin] ?? 0);
    const lift = 0.85 + (0.35 * column) / columns;
    return Math.min(1, (loudest / 255) ** 1.6 * lift);
  });
}
