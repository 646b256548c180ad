/** Where the drops of the Greek rain are, in columns and rows. Pure: time and chance come in. */

/** Factors of the usual, from the toggle's config. */
export interface RainConfig {
  speed: number;
  density: number;
}

export interface Drop {
  column: number;
  /** The row of its head; a fraction on the way to the next one. */
  row: number;
  /** Its own factor of the usual speed, so that no two columns march in step. */
  pace: number;
}

/** Rows that a usual drop falls in a second. */
const ROWS_PER_SECOND = 13;
/** This share of the columns has a drop when it rains as usual: between them, the night. */
const USUAL_SHARE = 0.7;
/** A drop that has left the window is awaited for up to this share of the window's height. */
const ABOVE = 0.6;

export class Rainfall {
  readonly drops: Drop[];

  constructor(
    columns: number,
    private readonly rows: number,
    private readonly config: RainConfig,
    private readonly chance: () => number = Math.random,
  ) {
    const places = shuffled(columns, chance).slice(0, Math.max(1, Math.round(columns * USUAL_SHARE * config.density)));
    this.drops = places.map((column) => ({ column, row: chance() * rows, pace: 0.55 + chance() * 0.9 }));
  }

  /** Falls for so long, and names the drops that came to a new row. */
  fall(elapsedMs: number): Drop[] {
    return this.drops.filter((drop) => {
      const before = Math.floor(drop.row);
      drop.row += (elapsedMs / 1_000) * ROWS_PER_SECOND * this.config.speed * drop.pace;
      if (drop.row > this.rows) drop.row = -this.chance() * this.rows * ABOVE;
      return Math.floor(drop.row) !== before;
    });
  }
}

/** The numbers below `count` in an order of chance. */
function shuffled(count: number, chance: () => number): number[] {
  const places = Array.from({ length: count }, (_, place) => place);
  for (let last = count - 1; last > 0; last -= 1) {
    const other = Math.floor(chance() * (last + 1));
    [places[last], places[other]] = [places[other] as number, places[last] as number];
  }
  return places;
}
