/**
 * Lightning: each press of a button calls a bolt from the top of the window to where it was pressed, and a second one into
 * the cube. In calm mode the button's border lights up for a moment instead.
 */
import { isCalm, onCalm } from "./calm";
import { LightningCanvas } from "./lightning/canvas";
import { onPress, type Point } from "./press";

/** The second bolt follows the first as an echo does. */
const ECHO_MS = 80;
const PULSE_MS = 150;
/** A bolt comes from above, but not straight from above. */
const LEAN = 0.35;

/** Wakes it. */
export function wakeLightning(): void {
  const canvas = new LightningCanvas();
  const cube = document.querySelector<HTMLElement>(".cube");
  cube?.addEventListener("animationend", (event) => {
    if (event.animationName === "struck") cube.classList.remove("cube--struck");
  });
  onCalm((calm) => {
    if (!calm) return;
    canvas.clear();
    cube?.classList.remove("cube--struck");
  });
  onPress(({ button, at }) => {
    if (isCalm()) {
      pulse(button);
      return;
    }
    canvas.strike(above(at), at);
    const edge = cube && pointOnCube(cube);
    if (cube && edge) canvas.strike(above(edge), edge, ECHO_MS, () => flash(cube));
  });
}

/** Where in the sky a bolt to that point begins. */
function above(point: Point): Point {
  return { x: point.x + (Math.random() - 0.5) * LEAN * Math.min(point.y, innerWidth), y: 0 };
}

/** Somewhere on the cube's lid, which is seen from above at every turn; nothing while the cube is out of sight. */
function pointOnCube(cube: HTMLElement): Point | null {
  // The box of what is turned and projected, not of the flat element. Its middle half is lid, however the cube stands.
  const lid = cube.querySelector("i:nth-child(5)")?.getBoundingClientRect();
  if (!lid || lid.width === 0 || lid.bottom <= 0 || lid.top >= innerHeight) return null;
  return { x: lid.left + (0.25 + Math.random() * 0.5) * lid.width, y: Math.max(0, lid.top + lid.height / 2) };
}

/** The cube flashes twice (styles/stage.css). A second strike starts the flash again. */
function flash(cube: HTMLElement): void {
  cube.classList.remove("cube--struck");
  void cube.offsetWidth;
  cube.classList.add("cube--struck");
}

/** Calm mode switches animations off, so the light is switched on and off by hand. */
function pulse(button: HTMLElement): void {
  button.dataset.struck = "";
  setTimeout(() => delete button.dataset.struck, PULSE_MS);
}
