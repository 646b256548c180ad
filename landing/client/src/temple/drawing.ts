/** Draws the temple at one moment: far things first, so that near ones cover them. */
import { type Building, type Face, grown, type Line } from "./building";
import { Camera, type Seen } from "./camera";

/** Colours of the variant. */
export interface Palette {
  edge: string;
  fine: string;
  stone: string;
  shade: string;
  halo: string;
}

/** A line lies on the faces that it borders, so it is drawn as if it were so much nearer. */
const LINE_BIAS = 0.25;
const HALOS = [1.5, 2.25, 3.1, 4.1];
const FIRST_HALO = 0.8;

interface Stroke {
  depth: number;
  draw: () => void;
}

export class TempleDrawing {
  constructor(
    private readonly pen: CanvasRenderingContext2D,
    private readonly building: Building,
    private readonly palette: Palette,
  ) {}

  draw(moment: number, width: number, height: number): void {
    const { pen } = this;
    pen.globalAlpha = 1;
    pen.clearRect(0, 0, width, height);
    pen.lineCap = "round";
    pen.lineJoin = "round";
    const camera = new Camera(moment, width, height);
    this.drawHalos(camera, moment);
    const strokes = [...this.faces(camera, moment), ...this.lines(camera, moment)];
    for (const { draw } of strokes.sort((a, b) => b.depth - a.depth)) draw();
    pen.globalAlpha = 1;
  }

  private *lines(camera: Camera, moment: number): Generator<Stroke> {
    for (const line of this.building.lines) {
      const share = grown(line, moment);
      if (share === 0) continue;
      const from = camera.see(line.from);
      const to = camera.see(partOf(line, share));
      yield {
        depth: (from.depth + to.depth) / 2 - LINE_BIAS,
        draw: () => this.drawLine(from, to, line.fine, share < 1),
      };
    }
  }

  private *faces(camera: Camera, moment: number): Generator<Stroke> {
    for (const face of this.building.faces) {
      const share = grown(face, moment);
      if (share === 0) continue;
      const corners = face.corners.map((corner) => camera.see(corner));
      if (!facesUs(corners)) continue;
      const depth = corners.reduce((sum, corner) => sum + corner.depth, 0) / corners.length;
      yield { depth, draw: () => this.drawFace(corners, face, share) };
    }
  }

  /** A wide faint stroke under a thin bright one looks like light, and costs less than a blur. */
  private drawLine(from: Seen, to: Seen, fine: boolean, growing: boolean): void {
    const { pen, palette } = this;
    pen.strokeStyle = fine ? palette.fine : palette.edge;
    pen.beginPath();
    pen.moveTo(from.x, from.y);
    pen.lineTo(to.x, to.y);
    if (!fine || growing) {
      pen.globalAlpha = growing ? 0.4 : 0.14;
      pen.lineWidth = 5;
      pen.stroke();
    }
    pen.globalAlpha = fine ? 0.55 : 0.9;
    pen.lineWidth = fine ? 0.9 : 1.3;
    pen.stroke();
  }

  private drawFace(corners: Seen[], { light }: Face, share: number): void {
    const { pen, palette } = this;
    pen.beginPath();
    for (const { x, y } of corners) pen.lineTo(x, y);
    pen.closePath();
    pen.globalAlpha = share * 0.92;
    pen.fillStyle = palette.shade;
    pen.fill();
    pen.globalAlpha = share * (0.08 + light * 0.62);
    pen.fillStyle = palette.stone;
    pen.fill();
  }

  /** Rings of light behind the gable, when the last stone lies. */
  private drawHalos(camera: Camera, moment: number): void {
    const { pen, palette } = this;
    const middle = camera.see({ x: 0, y: 3.6, z: -4.6 });
    const unit = Math.abs(camera.see({ x: 1, y: 3.6, z: -4.6 }).x - middle.x);
    for (const [index, radius] of HALOS.entries()) {
      const share = grown({ begins: FIRST_HALO + index * 0.035, ends: FIRST_HALO + 0.09 + index * 0.035 }, moment);
      if (share === 0) continue;
      pen.beginPath();
      pen.arc(middle.x, middle.y, radius * 1.25 * unit, -Math.PI / 2 - Math.PI * share, -Math.PI / 2 + Math.PI * share);
      pen.strokeStyle = palette.halo;
      pen.globalAlpha = 0.1 * share;
      pen.lineWidth = 9;
      pen.stroke();
      pen.globalAlpha = (0.75 - index * 0.14) * share;
      pen.lineWidth = 1.4;
      pen.stroke();
    }
  }
}

function partOf({ from, to }: Line, share: number): Line["to"] {
  if (share === 1) return to;
  const between = (a: number, b: number): number => a + (b - a) * share;
  return { x: between(from.x, to.x), y: between(from.y, to.y), z: between(from.z, to.z) };
}

/** Corners that go counter-clockwise on the drawing (whose y goes down) are seen from outside. */
function facesUs([a, b, c]: Seen[]): boolean {
  if (!a || !b || !c) return false;
  return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x) < 0;
}
