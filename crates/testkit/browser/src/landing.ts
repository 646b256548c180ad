/** The landing page, as a test speaks of it. */
import type { BrowserContext, Page } from "@playwright/test";

export interface PageFacts {
  experiment_id: string | null;
  variant: string;
  preview: boolean;
  recording: boolean;
}

/** What the server told the page's script. */
export async function facts(page: Page): Promise<PageFacts> {
  return JSON.parse((await page.locator("#page").textContent()) ?? "null") as PageFacts;
}

/** The visitor's cookie, which scripts cannot see. */
export async function visitorCookie(context: BrowserContext) {
  return (await context.cookies()).find((cookie) => cookie.name === "visitor_id");
}

/** Leaves the page, so that it sends what it still holds. */
export async function leave(page: Page): Promise<void> {
  await page.goto("about:blank");
}

/** How often each event name occurs. */
export function tally(events: { event_type: string; event_name: string | null }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { event_type, event_name } of events) {
    const name = `${event_type} ${event_name}`;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}
