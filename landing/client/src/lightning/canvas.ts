/** Where bolts are drawn: one canvas for all, in the document only while there is something to draw. */
import { animate, type Part } from "../frames";
import type { Point } from "../press";
import { bolt, type Stroke } from "./bolt";
import { brightness, Storm } from "./storm";

/** Blurred light needs no more pixels than this per CSS pixel. */
const MAX_RATIO = 1.5;
/** How much of the whole window lights up with a strike: well below what could harm anybody. */
const FLASH = 0.06;
const TRUNK_PX = 3;

/** The layers of one stroke, from the haze to the core: how wide, how bright, in which of the two colours. */
const LAYERS = [
  { wide: 7, light: 0.16, colour: "halo" },
  { wide: 3, light: 0.45, colour: "halo" },
  { wide: 1, light: 1, colour: "core" },
] as const;

export class LightningCanvas {
  private readonly canvas = document.createElement("canvas");
  private readonly pen = this.canvas.getContext("2d");
  private readonly storm = new Storm();
  private part: Part | null = null;
  private colours = { halo: "", core: "#fff" };

  constructor() {
    this.canvas.className = "lightning";
    this.canvas.setAttribute("aria-hidden", "true");
  }

  /** Sends a bolt from `from` to `to`. */
  strike(from: Point, to: Point, delay = 0, onStrike?: () => void): void {
    this.storm.add(bolt(from, to), delay, onStrike);
    if (this.part) return;
    this.open();
    this.part = animate((elapsed) => this.step(elapsed));
  }

  /** Clears the air at once. */
  clear(): void {
    this.storm.clear();
    this.part?.stop();
    this.close();
  }

  private open(): void {
    const ratio = Math.min(devicePixelRatio, MAX_RATIO);
    this.canvas.width = Math.round(innerWidth * ratio);
    this.canvas.height = Math.round(innerHeight * ratio);
    this.pen?.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.colours.halo = getComputedStyle(document.documentElement).getPropertyValue("--accent").trim();
    document.body.append(this.canvas);
  }

  private close(): void {
    this.part = null;
    this.canvas.remove();
  }

  private step(elapsed: number): boolean {
    const more = this.storm.step(elapsed);
    if (more) this.draw();
    else this.close();
    return more;
  }

  private draw(): void {
    const pen = this.pen;
    if (!pen) return;
    pen.globalCompositeOperation = "source-over";
    pen.clearRect(0, 0, innerWidth, innerHeight);
    pen.globalCompositeOperation = "lighter";
    pen.lineJoin = "round";
    pen.lineCap = "round";
    let brightest = 0;
    for (const { strokes, age } of this.storm.inTheAir) {
      const light = brightness(age);
      brightest = Math.max(brightest, light);
      if (light > 0) this.drawBolt(pen, strokes, light);
    }
    pen.globalAlpha = brightest * FLASH;
    pen.fillStyle = this.colours.halo;
    pen.fillRect(0, 0, innerWidth, innerHeight);
    // Said after drawing, for stylesheets and for tests.
    this.canvas.dataset.bolts = String(this.storm.inTheAir.length);
  }

  private drawBolt(pen: CanvasRenderingContext2D, strokes: Stroke[], light: number): void {
    for (const layer of LAYERS) {
      pen.strokeStyle = this.colours[layer.colour];
      for (const { points, generation } of strokes) {
        pen.globalAlpha = (light * layer.light) / (1 + generation * 0.6);
        pen.lineWidth = (TRUNK_PX * layer.wide) / (1 + generation);
        pen.beginPath();
        for (const { x, y } of points) pen.lineTo(x, y);
        pen.stroke();
      }
    }
  }
}
