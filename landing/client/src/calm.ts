/** Whether the page may move: the visitor's system says so, or the switch in the footer, which is remembered. */
import { pageStorage } from "./outbox";

const KEY = "pushnami.calm";

const reduced = matchMedia("(prefers-reduced-motion: reduce)");
const watchers = new Set<(calm: boolean) => void>();
let wished = pageStorage()?.getItem(KEY) === "on";

export function isCalm(): boolean {
  return reduced.matches || wished;
}

/** Tells at once, and again whenever the wish changes. */
export function onCalm(watcher: (calm: boolean) => void): void {
  watchers.add(watcher);
  watcher(isCalm());
}

function tell(): void {
  document.documentElement.classList.toggle("calm-mode", isCalm());
  for (const watcher of watchers) watcher(isCalm());
}

/** Wakes the switch. */
export function wakeCalm(): void {
  const button = document.querySelector<HTMLButtonElement>(".calm");
  if (button) {
    button.hidden = false;
    button.setAttribute("aria-pressed", String(wished));
    button.addEventListener("click", () => {
      wished = !wished;
      button.setAttribute("aria-pressed", String(wished));
      try {
        pageStorage()?.setItem(KEY, wished ? "on" : "off");
      } catch {
        // Not remembered, then; it holds for this page.
      }
      tell();
    });
  }
  reduced.addEventListener("change", tell);
  tell();
}
