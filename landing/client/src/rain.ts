/**
 * Greek letters falling behind the page. Where the drops are is decided in `rainfall.ts`; here they are drawn: a bright
 * letter at the head, the ones behind it in the variant's colours, fading.
 *
 * In calm mode there is none; on a slow device the picture stays and stands still.
 */
import { onCalm } from "./calm";
import { animate, onDropped, type Part, RAIN } from "./frames";
import { whenSettled } from "./presence";
import { type RainConfig, Rainfall } from "./rainfall";

const LETTERS = "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩαβγδεζηθικλμνξοπρστυφχψω";
const CELL = 18;
const FONT = `${CELL - 3}px "GFS Didot", serif`;
/** Letters that jump from row to row need no sixty pictures a second. */
const TICK_MS = 50;
/** How much of what fell before is gone after one tick. */
const FADE = 0.045;
/** More pixels than this per CSS pixel cost much and show nothing. */
const MAX_RATIO = 1.5;

class Rain {
  private readonly pen: CanvasRenderingContext2D | null;
  private rainfall = new Rainfall(1, 1, { speed: 1, density: 1 });
  private colours = ["#fff", "#fff"];
  private head = "#fff";
  private part: Part | null = null;
  private waited = 0;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly config: RainConfig,
  ) {
    this.pen = canvas.getContext("2d");
  }

  start(): void {
    this.part ??= animate((elapsed) => this.step(elapsed));
  }

  /** Stands still; the picture stays. */
  stop(): void {
    this.part?.stop();
    this.part = null;
  }

  clear(): void {
    this.stop();
    this.pen?.clearRect(0, 0, innerWidth, innerHeight);
  }

  /** Measures the window and spreads the drops anew. */
  layOut(): void {
    const ratio = Math.min(devicePixelRatio, MAX_RATIO);
    this.canvas.width = Math.round(innerWidth * ratio);
    this.canvas.height = Math.round(innerHeight * ratio);
    this.pen?.setTransform(ratio, 0, 0, ratio, 0, 0);
    const style = getComputedStyle(document.documentElement);
    const colour = (name: string): string => style.getPropertyValue(name).trim();
    this.colours = [colour("--second"), colour("--accent")];
    this.head = colour("--ink");
    this.rainfall = new Rainfall(Math.ceil(innerWidth / CELL), Math.ceil(innerHeight / CELL), this.config);
    // Said for stylesheets and for tests.
    this.canvas.dataset.drops = String(this.rainfall.drops.length);
  }

  private step(elapsed: number): void {
    this.waited += elapsed;
    if (this.waited < TICK_MS) return;
    const moved = this.rainfall.fall(this.waited);
    this.waited = 0;
    const pen = this.pen;
    if (!pen) return;
    // What fell before fades; the canvas stays transparent over the page's own night.
    pen.globalCompositeOperation = "destination-out";
    pen.fillStyle = `rgb(0 0 0 / ${FADE})`;
    pen.fillRect(0, 0, innerWidth, innerHeight);
    pen.globalCompositeOperation = "source-over";
    pen.font = FONT;
    for (const { column, row } of moved) {
      const y = Math.floor(row) * CELL;
      pen.clearRect(column * CELL, y - 2 * CELL + 4, CELL, CELL * 2);
      this.letter(column, y - CELL, this.colours[column % 3 === 0 ? 1 : 0] ?? this.head);
      this.letter(column, y, this.head);
    }
    this.canvas.dataset.ticks = String(Number(this.canvas.dataset.ticks ?? 0) + 1);
  }

  private letter(column: number, y: number, colour: string): void {
    if (!this.pen) return;
    this.pen.fillStyle = colour;
    this.pen.fillText(LETTERS[Math.floor(Math.random() * LETTERS.length)] ?? "", column * CELL, y);
  }
}

/** Lets it rain, if there is a canvas for it. */
export async function wakeRain(config: RainConfig | null): Promise<void> {
  const canvas = document.querySelector<HTMLCanvasElement>(".rain");
  const thrift = (navigator as { connection?: { saveData?: boolean } }).connection?.saveData === true;
  if (!canvas || !config || thrift) return;
  // A canvas does not wait for a font by itself, and draws with another one until the next letter.
  await document.fonts.load(FONT, "Ω").catch(() => []);
  const rain = new Rain(canvas, config);
  let calm = true;
  let slow = false;
  let settled = false;
  const decide = (): void => {
    if (calm) rain.clear();
    else if (slow || !settled) rain.stop();
    else rain.start();
  };
  rain.layOut();
  // Only a new width is a new window: on phones the height changes whenever the address bar comes or goes.
  let width = innerWidth;
  addEventListener("resize", () => {
    if (innerWidth === width) return;
    width = innerWidth;
    rain.layOut();
  });
  whenSettled(() => {
    settled = true;
    decide();
  });
  onDropped((dropped) => {
    slow = dropped >= RAIN;
    decide();
  });
  onCalm((wish) => {
    calm = wish;
    decide();
  });
}
