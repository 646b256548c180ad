/**
 * The page's one animation loop (`frame-loop.ts`), joined to this window: it stops while the page is hidden, each part
 * stands still while it is off screen, and on a device that cannot keep up (`watchdog.ts`) detail is dropped.
 *
 * Whoever animates by script calls `animate`; nobody else calls requestAnimationFrame. Calm mode is each caller's own
 * affair (`onCalm`), because each has a calm picture of its own.
 */
import { FrameLoop, type Part, type Step } from "./frame-loop";
import { Watchdog } from "./watchdog";

export type { Part, Step };

/**
 * What is given up, one after the other, while frames stay slow: 1 the rain stands still, 2 no sparks and no cursor
 * light, 3 no glows, blurs and scan lines. Published as `data-dropped` on the root, where stylesheets see it too.
 */
export const RAIN = 1;
export const SPARKS = 2;
export const GLOWS = 3;

/** Slow frames while the page loads say nothing about the device. */
const PATIENCE_MS = 3_000;

let level = 0;
const watchers = new Set<(dropped: number) => void>();
const watchdog = new Watchdog();

const loop = new FrameLoop(
  { request: (callback) => requestAnimationFrame(callback), cancel: (handle) => cancelAnimationFrame(handle) },
  (lengthMs) => {
    if (performance.now() < PATIENCE_MS) return;
    if (level < GLOWS && watchdog.frame(lengthMs)) drop();
  },
);

document.addEventListener("visibilitychange", () => {
  watchdog.reset();
  loop.wake(!document.hidden);
});
loop.wake(!document.hidden);

function drop(): void {
  level += 1;
  document.documentElement.dataset.dropped = String(level);
  for (const watcher of watchers) watcher(level);
}

/** Tells which detail was given up, at once and whenever more is. */
export function onDropped(watcher: (dropped: number) => void): void {
  watchers.add(watcher);
  watcher(level);
}

/** Moves something with every frame until the step answers `false`, or `stop` is called. Given `sight`, only near it. */
export function animate(step: Step, sight?: Element): Part {
  const part = loop.add(step);
  if (sight) watch(sight, part);
  return part;
}

const seenWith = new WeakMap<Element, Set<Part>>();
let observer: IntersectionObserver | null = null;

function watch(sight: Element, part: Part): void {
  // Nothing is known until the observer has looked, which it does before the next frame but one.
  part.show(false);
  observer ??= new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        const parts = seenWith.get(target);
        for (const one of parts ?? []) {
          if (one.over) parts?.delete(one);
          else one.show(isIntersecting);
        }
      }
    },
    { rootMargin: "10%" },
  );
  const parts = seenWith.get(sight) ?? new Set();
  parts.add(part);
  seenWith.set(sight, parts);
  // Looking anew tells the newcomer too.
  observer.unobserve(sight);
  observer.observe(sight);
}
