/**
 * The live spectrum: columns of square pixels on a canvas, with caps that fall more slowly than the columns. It is drawn
 * only while something sounds and the canvas is in sight; otherwise a still row says where it will be.
 *
 * What it does is published on the canvas as `data-spectrum`: `live` or `still`.
 */
import { animate, type Part } from "../frames";
import { edges, heights } from "./bands";
import type { Ear } from "./ear";

/** Sides of a square of light and the gap beside it, in CSS pixels. */
const CELL = 3;
const GAP = 1;
const FALL_PER_MS = 0.0007;

export class Spectrum {
  private part: Part | null = null;
  private caps: number[] = [];
  private columnEdges: number[] = [];
  private columns = 0;
  private rows = 0;
  private cell = CELL;
  private colours: string[] = [];
  private readonly pen: CanvasRenderingContext2D | null;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly ear: Ear,
  ) {
    this.pen = canvas.getContext("2d");
    // The first size, and every other one, arrives here: a canvas in a closed player has none.
    new ResizeObserver(() => this.resize()).observe(canvas);
    canvas.dataset.spectrum = "still";
  }

  /** Starts or stops. */
  run(running: boolean): void {
    if (running === (this.part !== null)) return;
    this.canvas.dataset.spectrum = running ? "live" : "still";
    if (running) {
      this.part = animate((elapsed) => this.frame(elapsed), this.canvas);
      return;
    }
    this.part?.stop();
    this.part = null;
    this.rest();
  }

  private resize(): void {
    const scale = Math.min(devicePixelRatio, 2);
    const { clientWidth, clientHeight } = this.canvas;
    this.cell = Math.round(CELL * scale);
    const step = this.cell + Math.round(GAP * scale);
    this.columns = Math.floor((clientWidth * scale + GAP) / step);
    this.rows = Math.floor((clientHeight * scale + GAP) / step);
    this.canvas.width = Math.round(clientWidth * scale);
    this.canvas.height = Math.round(clientHeight * scale);
    this.columnEdges = [];
    this.caps = Array.from({ length: this.columns }, () => 0);
    const style = getComputedStyle(this.canvas);
    this.colours = ["--accent", "--second", "--warm"].map((name) => style.getPropertyValue(name));
    this.rest();
  }

  private frame(elapsed: number): void {
    if (!this.ear.hears || this.columns < 1) return;
    const bins = this.ear.listen();
    if (this.columnEdges.length === 0) this.columnEdges = edges(this.columns, bins.length, this.ear.sampleRate);
    const shown = heights(bins, this.columnEdges);
    this.caps = this.caps.map((cap, column) => Math.max(cap - elapsed * FALL_PER_MS, shown[column] ?? 0));
    this.draw(shown, this.caps);
  }

  private rest(): void {
    this.caps.fill(0);
    this.draw([], []);
  }

  private draw(shown: readonly number[], caps: readonly number[]): void {
    const { pen, rows } = this;
    if (!pen) return;
    pen.clearRect(0, 0, this.canvas.width, this.canvas.height);
    for (let column = 0; column < this.columns; column += 1) {
      // The lowest row is always lit: silence is a line, not nothing.
      const lit = Math.max(1, Math.round((shown[column] ?? 0) * rows));
      for (let row = 0; row < lit; row += 1) this.light(pen, column, row, row / rows);
      const cap = Math.round((caps[column] ?? 0) * rows);
      if (cap > lit && cap < rows) this.light(pen, column, cap, 1);
    }
  }

  private light(pen: CanvasRenderingContext2D, column: number, row: number, height: number): void {
    pen.fillStyle = this.colours[height > 0.8 ? 2 : height > 0.5 ? 1 : 0] ?? "";
    const step = this.cell + Math.round((this.cell * GAP) / CELL);
    pen.fillRect(column * step, this.canvas.height - row * step - this.cell, this.cell, this.cell);
  }
}
