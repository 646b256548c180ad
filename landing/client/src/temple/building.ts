/**
 * The temple of the second scene as lines and faces in space, each with the moment at which it is built. Pure.
 *
 * x goes to the right, y up, z towards the visitor; a unit is the distance between two columns, and the floor is y = 0.
 * Moments run from 0 (nothing stands) to 1 (it is finished and lit).
 */

export interface Vector {
  x: number;
  y: number;
  z: number;
}

/** Something that is built between two moments. */
interface Built {
  begins: number;
  ends: number;
}

/** Drawn from `from` to `to`. */
export interface Line extends Built {
  from: Vector;
  to: Vector;
  /** Ornaments are drawn finer. */
  fine: boolean;
}

/** Filled with light; its corners go counter-clockwise, seen from outside. */
export interface Face extends Built {
  corners: Vector[];
  /** How much light it takes, from 0 to 1. */
  light: number;
}

export interface Building {
  lines: Line[];
  faces: Face[];
}

const COLUMNS_ACROSS = 6;
const COLUMNS_DEEP = 5;
const COLUMN_HEIGHT = 3;
const SIDES = 6;
const BACK = -(COLUMNS_DEEP - 1);
const HALF = (COLUMNS_ACROSS - 1) / 2;
const CORNICE = 3.98;
const RIDGE = CORNICE + 1.3;

const at = (x: number, y: number, z: number): Vector => ({ x, y, z });

/** Faces are lit from below upwards, after the lines around them stand. */
function lit(corners: Vector[], light: number): Face {
  const height = corners.reduce((sum, { y }) => sum + y, 0) / corners.length;
  const begins = 0.62 + 0.2 * (Math.max(0, height) / RIDGE);
  return { corners, light, begins, ends: begins + 0.16 };
}

class Builder {
  readonly lines: Line[] = [];
  readonly faces: Face[] = [];

  line(from: Vector, to: Vector, begins: number, ends: number, fine = false): void {
    this.lines.push({ from, to, begins, ends, fine });
  }

  /** A block with its twelve edges, built from its lower edges up. */
  block(half: number, front: number, back: number, bottom: number, top: number, begins: number, ends: number): void {
    const ring = (y: number): Vector[] => [
      at(-half, y, front),
      at(half, y, front),
      at(half, y, back),
      at(-half, y, back),
    ];
    const [low, high] = [ring(bottom), ring(top)];
    const middle = (begins + ends) / 2;
    for (let side = 0; side < 4; side += 1) {
      const next = (side + 1) % 4;
      const [a, b, c, d] = [low[side], low[next], high[next], high[side]] as [Vector, Vector, Vector, Vector];
      this.line(a, b, begins, middle);
      this.line(a, d, middle, ends);
      this.line(d, c, middle, ends);
      this.faces.push(lit([a, b, c, d], [1, 0.45, 0.2, 0.7][side] ?? 0));
    }
    this.faces.push(lit(high, 0.85));
  }

  /** A fluted column with its capital, growing out of the floor. */
  column(x: number, z: number, begins: number): void {
    const ends = begins + 0.14;
    const corner = (side: number, y: number, radius: number): Vector => {
      const angle = ((side + 0.5) * 2 * Math.PI) / SIDES;
      return at(x + Math.sin(angle) * radius, y, z + Math.cos(angle) * radius);
    };
    for (let side = 0; side < SIDES; side += 1) {
      const foot = corner(side, 0, 0.3);
      const neck = corner(side, COLUMN_HEIGHT - 0.25, 0.23);
      const [foot2, neck2] = [corner(side + 1, 0, 0.3), corner(side + 1, COLUMN_HEIGHT - 0.25, 0.23)];
      this.line(foot, foot2, begins, begins + 0.03);
      this.line(foot, neck, begins + 0.02, ends - 0.03, true);
      this.line(neck, neck2, ends - 0.04, ends - 0.02, true);
      const light = 0.5 + 0.5 * Math.sin(((side + 1) * 2 * Math.PI) / SIDES + 2.2);
      this.faces.push(lit([foot, foot2, neck2, neck], light));
    }
    this.abacus(x, z, ends);
  }

  /** The plate between a column and what lies on it. */
  private abacus(x: number, z: number, ends: number): void {
    const plate = (y: number): Vector[] =>
      [at(-0.36, y, 0.36), at(0.36, y, 0.36), at(0.36, y, -0.36), at(-0.36, y, -0.36)].map((c) =>
        at(x + c.x, y, z + c.z),
      );
    const [low, high] = [plate(COLUMN_HEIGHT - 0.16), plate(COLUMN_HEIGHT)];
    for (let side = 0; side < 4; side += 1) {
      const next = (side + 1) % 4;
      const [a, b, c, d] = [low[side], low[next], high[next], high[side]] as [Vector, Vector, Vector, Vector];
      this.line(a, b, ends - 0.02, ends);
      this.faces.push(lit([a, b, c, d], [1, 0.4, 0.2, 0.7][side] ?? 0));
    }
  }

  /** The carved fields over the columns: three strokes over each column and between two. */
  triglyphs(z: number): void {
    for (let place = 0; place <= (COLUMNS_ACROSS - 1) * 2; place += 1) {
      const x = place / 2 - HALF;
      const begins = 0.6 + place * 0.006;
      for (const aside of [-0.09, 0, 0.09]) {
        this.line(at(x + aside, 3.44, z), at(x + aside, 3.81, z), begins, begins + 0.05, true);
      }
    }
  }

  gable(z: number, outwards: 1 | -1): void {
    const [left, right, top] = [at(-3.2, CORNICE, z), at(3.2, CORNICE, z), at(0, RIDGE, z)];
    const [left2, right2, top2] = [at(-2.6, CORNICE + 0.1, z), at(2.6, CORNICE + 0.1, z), at(0, RIDGE - 0.16, z)];
    this.line(left, right, 0.64, 0.7);
    this.line(left, top, 0.68, 0.78);
    this.line(right, top, 0.68, 0.78);
    this.line(left2, right2, 0.74, 0.8, true);
    this.line(left2, top2, 0.74, 0.82, true);
    this.line(right2, top2, 0.74, 0.82, true);
    this.faces.push(lit(outwards === 1 ? [left, right, top] : [right, left, top], outwards === 1 ? 0.75 : 0.2));
  }

  /** The sun in the gable, for whoever scrolled this far. */
  emblem(z: number): void {
    const rays = 12;
    for (let ray = 0; ray < rays; ray += 1) {
      const angle = (ray * 2 * Math.PI) / rays;
      const far = ray % 2 === 0 ? 0.34 : 0.27;
      const point = (radius: number): Vector =>
        at(Math.sin(angle) * radius, CORNICE + 0.5 + Math.cos(angle) * radius, z + 0.01);
      this.line(point(0.16), point(far), 0.84, 0.84 + ray * 0.008, true);
    }
  }

  roof(): void {
    const [front, back] = [0.55, BACK - 0.55];
    this.line(at(0, RIDGE, front), at(0, RIDGE, back), 0.76, 0.84);
    for (const side of [-1, 1] as const) {
      const eaves = (z: number): Vector => at(3.3 * side, CORNICE - 0.04, z);
      this.line(eaves(front), eaves(back), 0.74, 0.82);
      for (let rafter = 0; rafter <= 10; rafter += 1) {
        const z = front + ((back - front) * rafter) / 10;
        this.line(eaves(z), at(0, RIDGE, z), 0.74 + rafter * 0.008, 0.8 + rafter * 0.008, rafter % 10 !== 0);
      }
      const corners = [eaves(front), at(0, RIDGE, front), at(0, RIDGE, back), eaves(back)];
      this.faces.push(lit(side === 1 ? corners.reverse() : corners, side === 1 ? 0.35 : 0.6));
    }
  }
}

/** Whether a column stands here: only around the hall, not in it. */
function isOuter(across: number, deep: number): boolean {
  return across === 0 || across === COLUMNS_ACROSS - 1 || deep === 0 || deep === COLUMNS_DEEP - 1;
}

/** The whole temple: three steps, eighteen columns, what they carry, and the roof. */
export function temple(): Building {
  const builder = new Builder();
  for (let step = 0; step < 3; step += 1) {
    const reach = 1.1 - step * 0.28;
    builder.block(
      HALF + reach,
      reach,
      BACK - reach,
      -0.6 + step * 0.2,
      -0.4 + step * 0.2,
      step * 0.04,
      0.08 + step * 0.04,
    );
  }
  for (let deep = 0; deep < COLUMNS_DEEP; deep += 1) {
    for (let across = 0; across < COLUMNS_ACROSS; across += 1) {
      if (isOuter(across, deep)) builder.column(across - HALF, -deep, 0.14 + across * 0.028 + deep * 0.03);
    }
  }
  builder.block(HALF + 0.36, 0.36, BACK - 0.36, COLUMN_HEIGHT, 3.4, 0.5, 0.6);
  builder.block(HALF + 0.32, 0.32, BACK - 0.32, 3.4, 3.85, 0.56, 0.66);
  builder.block(HALF + 0.7, 0.7, BACK - 0.7, 3.85, CORNICE, 0.6, 0.7);
  builder.triglyphs(0.33);
  builder.gable(0.5, 1);
  builder.gable(BACK - 0.5, -1);
  builder.roof();
  builder.emblem(0.5);
  return { lines: builder.lines, faces: builder.faces };
}

/** How much of something stands at a moment, from 0 to 1. */
export function grown({ begins, ends }: Built, moment: number): number {
  // Compared first, because sums of fractions end a hair beside 1.
  if (moment >= ends) return 1;
  return Math.max(0, (moment - begins) / (ends - begins));
}

/** How many lines stand whole. */
export function linesStanding({ lines }: Building, moment: number): number {
  return lines.filter((line) => grown(line, moment) === 1).length;
}

/** The moment for a scroll position: from the section's coming into sight until shortly before it leaves. */
export function momentAt(top: number, height: number, viewport: number): number {
  const start = viewport * 0.55;
  const end = -Math.max(height - viewport, 0) * 0.94;
  return Math.min(1, Math.max(0, (start - top) / (start - end)));
}
