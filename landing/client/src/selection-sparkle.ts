/**
 * Sparks when text was selected with a mouse. The selection itself is the browser's own and stays untouched. The canvas is
 * in the document only while something glows on it.
 */
import { isCalm } from "./calm";
import { animate, onDropped, type Part, SPARKS } from "./frames";
import { hasFinePointer } from "./pointer";
import { fall, type Spark, strike } from "./sparks";

class Sparkle {
  private readonly canvas = document.createElement("canvas");
  private readonly pen = this.canvas.getContext("2d");
  private sparks: Spark[] = [];
  private part: Part | null = null;
  private colours: string[] = [];

  constructor() {
    this.canvas.className = "sparkle";
    this.canvas.setAttribute("aria-hidden", "true");
  }

  /** Strikes sparks from the lines of the selection that are in the window. */
  strike(selection: Selection): void {
    if (selection.isCollapsed || selection.rangeCount === 0) return;
    const boxes = [...selection.getRangeAt(0).getClientRects()];
    this.sparks = strike(boxes.filter(({ top, bottom, width }) => bottom > 0 && top < innerHeight && width > 1));
    if (this.sparks.length === 0 || this.part) return;
    this.open();
    this.part = animate((elapsed) => this.step(elapsed));
  }

  private open(): void {
    this.canvas.width = innerWidth;
    this.canvas.height = innerHeight;
    const style = getComputedStyle(document.documentElement);
    this.colours = ["--warm", "--accent", "--second"].map((name) => style.getPropertyValue(name).trim());
    document.body.append(this.canvas);
  }

  private step(elapsed: number): boolean {
    this.sparks = fall(this.sparks, elapsed);
    const pen = this.pen;
    pen?.clearRect(0, 0, this.canvas.width, this.canvas.height);
    for (const spark of this.sparks) if (pen) this.draw(pen, spark);
    if (this.sparks.length > 0) return true;
    this.part = null;
    this.canvas.remove();
    return false;
  }

  /** A star of four points. */
  private draw(pen: CanvasRenderingContext2D, { x, y, size, life, hue }: Spark): void {
    const ray = size * (0.4 + life);
    const waist = ray * 0.16;
    pen.globalAlpha = Math.min(1, life * 1.6);
    pen.fillStyle = this.colours[hue] ?? "#fff";
    pen.beginPath();
    for (let corner = 0; corner < 8; corner += 1) {
      const radius = corner % 2 === 0 ? ray : waist;
      const angle = (corner * Math.PI) / 4;
      pen.lineTo(x + Math.sin(angle) * radius, y - Math.cos(angle) * radius);
    }
    pen.fill();
  }
}

export function wakeSelectionSparkle(enabled: boolean): void {
  if (!enabled) return;
  const sparkle = new Sparkle();
  let slow = false;
  onDropped((dropped) => {
    slow = dropped >= SPARKS;
  });
  document.addEventListener("pointerup", (event) => {
    const selection = getSelection();
    if (selection && !slow && !isCalm() && event.pointerType === "mouse" && hasFinePointer()) sparkle.strike(selection);
  });
}
