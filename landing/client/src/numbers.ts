/** Numbers that count up when they first come into sight. The markup holds the final ones, so this is decoration only. */
import { isCalm } from "./calm";

const DURATION_MS = 1_600;

export function wakeNumbers(): void {
  if (isCalm()) return;
  const observer = new IntersectionObserver(
    (entries) => {
      for (const entry of entries.filter((one) => one.isIntersecting)) {
        observer.unobserve(entry.target);
        countUp(entry.target as HTMLElement);
      }
    },
    { threshold: 0.6 },
  );
  for (const number of document.querySelectorAll("[data-count]")) observer.observe(number);
}

function countUp(element: HTMLElement): void {
  const goal = Number(element.dataset.count);
  const start = performance.now();
  const step = (now: number): void => {
    const progress = Math.min((now - start) / DURATION_MS, 1);
    element.textContent = String(Math.round(goal * (1 - (1 - progress) ** 3)));
    if (progress < 1) requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
}
