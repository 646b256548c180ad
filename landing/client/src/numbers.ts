/**
 * Numbers that run when they first come into sight, and the rings around them that fill meanwhile. The markup holds the
 * final state, so this is decoration only: without it, or in calm mode, everything is already there.
 */
import { isCalm } from "./calm";
import { animate } from "./frames";

const DURATION_MS = 1_800;

/** Fast at first, then slower and slower, and exactly at its end at 1. */
export function eased(progress: number): number {
  return 1 - (1 - Math.min(Math.max(progress, 0), 1)) ** 3;
}

/** What a number shows on its way. */
export function between(from: number, goal: number, progress: number): number {
  return Math.round(from + (goal - from) * eased(progress));
}

export function wakeNumbers(): void {
  if (isCalm()) return;
  const observer = new IntersectionObserver(
    (entries) => {
      for (const entry of entries.filter((one) => one.isIntersecting)) {
        observer.unobserve(entry.target);
        run(entry.target as HTMLElement);
      }
    },
    { rootMargin: "0% 0% -6%" },
  );
  for (const number of document.querySelectorAll("[data-count]")) observer.observe(number);
}

function run(element: HTMLElement): void {
  const goal = Number(element.dataset.count);
  const from = Number(element.dataset.from ?? 0);
  const arc = element.closest(".ring")?.querySelector<SVGCircleElement>(".ring__arc");
  const length = Number.parseFloat(arc?.getAttribute("stroke-dasharray") ?? "0");
  let elapsed = 0;
  const step = (elapsedMs: number): boolean => {
    elapsed += elapsedMs;
    const progress = elapsed / DURATION_MS;
    element.textContent = String(between(from, goal, progress));
    arc?.style.setProperty("stroke-dashoffset", String(length * (1 - eased(progress))));
    return progress < 1;
  };
  step(0);
  animate(step);
}
