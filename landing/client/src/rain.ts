/**
 * Greek letters falling behind the page, about fourteen rows a second. It stops while the page is hidden, in calm mode and
 * on connections that ask for thrift; the canvas is rebuilt when the window changes.
 */
import { onCalm } from "./calm";

const LETTERS = "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩαβγδεζηθικλμνξοπρστυφχψω";
const CELL = 18;
const ROW_MS = 72;
/** More pixels than this per CSS pixel cost much and show nothing. */
const MAX_RATIO = 1.5;

export class Rain {
  private readonly pen: CanvasRenderingContext2D | null;
  private drops: number[] = [];
  private colours: [string, string] = ["#fff", "#fff"];
  private frame = 0;
  private last = 0;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly speed: number,
    private readonly density: number,
  ) {
    this.pen = canvas.getContext("2d");
  }

  start(): void {
    if (this.frame || !this.pen) return;
    this.frame = requestAnimationFrame(this.step);
  }

  stop(): void {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    this.pen?.clearRect(0, 0, this.canvas.width, this.canvas.height);
  }

  /** Measures the window and spreads the drops anew. */
  layOut(): void {
    const ratio = Math.min(devicePixelRatio, MAX_RATIO);
    this.canvas.width = Math.round(innerWidth * ratio);
    this.canvas.height = Math.round(innerHeight * ratio);
    this.pen?.setTransform(ratio, 0, 0, ratio, 0, 0);
    const style = getComputedStyle(document.documentElement);
    this.colours = [style.getPropertyValue("--second").trim(), style.getPropertyValue("--accent").trim()];
    const columns = Math.ceil(innerWidth / CELL);
    // Drops start above the window at different heights; those beyond the density start nowhere.
    this.drops = Array.from({ length: columns }, () =>
      Math.random() < this.density * 0.7 ? -Math.random() * (innerHeight / CELL) : Number.NaN,
    );
  }

  private readonly step = (now: number): void => {
    this.frame = requestAnimationFrame(this.step);
    if (now - this.last < ROW_MS / this.speed) return;
    this.last = now;
    this.drawRow();
  };

  private drawRow(): void {
    const pen = this.pen;
    if (!pen) return;
    // What fell before fades; the canvas stays transparent over the page's own night.
    pen.globalCompositeOperation = "destination-out";
    pen.fillStyle = "rgb(0 0 0 / 0.09)";
    pen.fillRect(0, 0, innerWidth, innerHeight);
    pen.globalCompositeOperation = "source-over";
    pen.font = `${CELL - 3}px "GFS Didot", serif`;
    this.drops.forEach((row, column) => {
      if (Number.isNaN(row)) return;
      pen.fillStyle = this.colours[column % 3 === 0 ? 1 : 0];
      pen.fillText(LETTERS[Math.floor(Math.random() * LETTERS.length)] ?? "", column * CELL, row * CELL);
      const below = row * CELL > innerHeight;
      this.drops[column] = below && Math.random() > 0.96 ? -1 : row + 1;
    });
  }
}

/** Lets it rain, if there is a canvas for it. */
export function wakeRain(config: { speed: number; density: number } | null): void {
  const canvas = document.querySelector<HTMLCanvasElement>(".rain");
  const thrift = (navigator as { connection?: { saveData?: boolean } }).connection?.saveData === true;
  if (!canvas || !config || thrift) return;
  const rain = new Rain(canvas, config.speed, config.density);
  let calm = true;
  const decide = (): void => (calm || document.hidden ? rain.stop() : rain.start());
  rain.layOut();
  addEventListener("resize", () => rain.layOut());
  document.addEventListener("visibilitychange", decide);
  onCalm((wish) => {
    calm = wish;
    decide();
  });
}
