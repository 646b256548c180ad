/**
 * The sculpture itself, drawn by `<model-viewer>`. This module and what it imports are most of the page's weight, so it is
 * asked for late (`gate.ts`) and only where it can be drawn at all.
 *
 * The element never plays its clip: its clock rests off screen and jumps on slow devices. It is kept paused, and told
 * which moment to show.
 */
import { showAgain } from "./without-wasm";
import "@google/model-viewer/dist/model-viewer.min.js";
import sculpture from "../../models/sculpture.glb?url";
import neon from "../../models/sky-neon.hdr?url";
import synthwave from "../../models/sky-synthwave.hdr?url";
import { FRONT } from "./orbit";

showAgain();

const SKIES: { [look: string]: string } = { neon, synthwave };

/** As far as we use it; the package's own types would bring all of three.js's along. */
interface ModelViewer extends HTMLElement {
  currentTime: number;
  cameraOrbit: string;
  availableAnimations: string[];
  animationName: string | null;
  updateComplete: Promise<unknown>;
  jumpCameraToGoal(): void;
}

/** The drawn sculpture. */
export interface Statue {
  /** Shows a moment of the clip, in seconds. */
  show(seconds: number): void;
  /** Looks from another side, in degrees around the figure. */
  turn(degrees: number): void;
}

/** The camera's height above the horizon and its distance, with which the figure fills a square. */
const orbitOf = (degrees: number): string => `${degrees}deg 82deg 5.4m`;

/** Where decoders would be that this model does not need: the element knows addresses of them on another host. */
const NOWHERE = "/assets/none";

/** Loads the sculpture into its place on the stage; rejects when it cannot be drawn. */
export async function loadStatue(place: HTMLElement, look: string): Promise<Statue> {
  Object.assign(customElements.get("model-viewer") ?? {}, {
    dracoDecoderLocation: NOWHERE,
    ktx2TranscoderLocation: NOWHERE,
  });
  const viewer = document.createElement("model-viewer") as ModelViewer;
  const attributes = {
    src: sculpture,
    "environment-image": SKIES[look] ?? neon,
    "variant-name": look,
    "camera-orbit": orbitOf(FRONT),
    "camera-target": "0m 0.86m 0m",
    "field-of-view": "28deg",
    "min-field-of-view": "28deg",
    "tone-mapping": "agx",
    exposure: "1.35",
    loading: "eager",
    "interaction-prompt": "none",
    "interpolation-decay": "100",
    "animation-name": "Rise",
  };
  for (const [name, value] of Object.entries(attributes)) viewer.setAttribute(name, value);
  await new Promise<void>((resolve, reject) => {
    viewer.addEventListener("load", () => resolve(), { once: true });
    viewer.addEventListener("error", () => reject(new Error("the sculpture could not be loaded")), { once: true });
    place.append(viewer);
  }).catch((error: unknown) => {
    viewer.remove();
    throw error;
  });
  await viewer.updateComplete;
  const show = (seconds: number): void => {
    viewer.currentTime = seconds;
  };
  show(0);
  return {
    show,
    turn: (degrees) => {
      viewer.cameraOrbit = orbitOf(degrees);
    },
  };
}
