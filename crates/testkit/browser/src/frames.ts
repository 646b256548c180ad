/** What a page animates: the frames it waits for, and a way to hide it as a switched tab would be. */
import type { Page } from "@playwright/test";

interface Watched {
  waitingFrames: Set<number>;
}

/** Keeps count of the frames that scripts wait for, from the page's first line on. */
export async function watchFrames(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const waiting = new Set<number>();
    (window as unknown as Watched).waitingFrames = waiting;
    const request = window.requestAnimationFrame.bind(window);
    const cancel = window.cancelAnimationFrame.bind(window);
    window.requestAnimationFrame = (callback) => {
      const handle = request((now) => {
        waiting.delete(handle);
        callback(now);
      });
      waiting.add(handle);
      return handle;
    };
    window.cancelAnimationFrame = (handle) => {
      waiting.delete(handle);
      cancel(handle);
    };
  });
}

/** How many frames scripts wait for at this moment. */
export function waitingFrames(page: Page): Promise<number> {
  return page.evaluate(() => (window as unknown as Watched).waitingFrames.size);
}

/** Hides the page or shows it, as its scripts see it. (A headless browser never hides a tab by itself.) */
export async function hide(page: Page, hidden: boolean): Promise<void> {
  await page.evaluate((value) => {
    Object.defineProperty(document, "hidden", { value, configurable: true });
    Object.defineProperty(document, "visibilityState", { value: value ? "hidden" : "visible", configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  }, hidden);
}
