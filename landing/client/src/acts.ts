/** Which acts of a visitor are recorded, apart from those that the player and the form report themselves. */
import type { Record } from "./recorder";
import { watchScroll } from "./scroll";
import { VisibleTime } from "./visible-time";

const TEXT_CHARS = 120;
const REFERRER_CHARS = 1_000;

/** The page was seen. A page that the browser prepares in advance is seen when it is activated. */
export function recordView(record: Record): void {
  const seen = (): void =>
    record("page_view", "landing_page", {
      referrer: document.referrer.slice(0, REFERRER_CHARS),
      screen_width: screen.width,
    });
  if ((document as { prerendering?: boolean }).prerendering) {
    document.addEventListener("prerenderingchange", seen, { once: true });
  } else {
    seen();
  }
}

/** Calls to action and feature cards. One listener, so that one click is one event wherever inside it landed. */
export function recordClicks(record: Record): void {
  document.addEventListener("click", (event) => {
    const target =
      event.target instanceof Element ? event.target.closest<HTMLElement>("[data-cta], [data-feature]") : null;
    if (!target) return;
    const { cta, feature } = target.dataset;
    const label = feature ? target.querySelector("h3") : target;
    record("click", cta ?? `feature_${feature}`, {
      element: `${target.localName}#${target.id}`,
      text: (label?.textContent ?? "").trim().slice(0, TEXT_CHARS),
    });
  });
}

export function recordScroll(record: Record): void {
  watchScroll((percent) => record("scroll", `scroll_${percent}`, { percent }));
}

/** Visible time, told whenever the page is hidden; `goodbye` then sends what waits, this event with it. */
export function recordVisibleTime(record: Record, goodbye: () => void, welcome: () => void): void {
  const time = new VisibleTime(() => performance.now());
  const hide = (): void => {
    const seconds = time.hidden();
    if (seconds !== null) record("engagement", "time_on_page", { seconds });
    goodbye();
  };
  const show = (): void => {
    time.shown();
    welcome();
  };
  if (!document.hidden) time.shown();
  document.addEventListener("visibilitychange", () => (document.hidden ? hide() : show()));
  // Safari may skip visibilitychange when a page is left; a page that comes back from the cache goes on.
  addEventListener("pagehide", hide);
  addEventListener("pageshow", (event) => event.persisted && show());
}
