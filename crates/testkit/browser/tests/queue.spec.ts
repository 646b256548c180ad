/** The page's queue in a real browser: ids that sort, batches, beacons at the goodbye, bounds and patience while nobody
 * takes the events. What the queue promises in each single case is in landing/client/src/queue.test.ts. */
import type { Page, Request } from "@playwright/test";
import { expect, test } from "../src/fixtures.ts";
import { leave, visitorCookie } from "../src/landing.ts";

const COLLECT = "**/api/collect";
/** A UUID of version 7 in the form of RFC 9562. */
const V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
/** The most events that one batch has, and that wait. */
const BATCH = 20;
const OUTBOX = 500;

const idsOf = (request: Request): string[] =>
  (JSON.parse(request.postData() ?? "[]") as { id: string }[]).map((event) => event.id);

/** So many clicks on the call to action, in one go. */
async function click(page: Page, times: number): Promise<void> {
  await page.locator("[data-cta=cta_primary]").evaluate((button, times) => {
    for (let time = 0; time < times; time += 1) button.dispatchEvent(new MouseEvent("click", { bubbles: true }));
  }, times);
}

/** The ids of the events that wait in the browser's storage, oldest first. */
const kept = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    Object.keys(localStorage)
      .filter((key) => key.startsWith("pushnami.event."))
      .map((key) => key.slice("pushnami.event.".length))
      .sort(),
  );

test("events have ids of version 7 in the order of the acts, and go in batches", async ({ page, system }) => {
  const batches: string[][] = [];
  page.on("request", (request) => {
    if (request.url().endsWith("/api/collect")) batches.push(idsOf(request));
  });
  await page.goto(system.landing);
  await click(page, 2 * BATCH + 5);
  // The view, and scrolling or counting up, may add some of their own.
  await expect.poll(() => batches.flat().length).toBeGreaterThan(2 * BATCH + 5);
  expect(Math.max(...batches.map((batch) => batch.length))).toBe(BATCH);
  const ids = batches.flat();
  for (const id of ids) expect(id).toMatch(V7);
  expect(ids).toEqual([...new Set(ids)].sort());
  await expect.poll(() => kept(page), { message: "what is confirmed is forgotten" }).toEqual([]);
});

test("a page that is left sends a beacon with what still waits", async ({ page, context, system, admin }) => {
  // Nobody outside a page that is being left sees what it sends: it writes down itself what it handed over.
  await page.addInitScript(() => {
    const send = navigator.sendBeacon.bind(navigator);
    navigator.sendBeacon = (url, body) => {
      localStorage.setItem("test.beacon", `${url} ${String(body)}`);
      return send(url, body);
    };
  });
  await page.goto(system.landing);
  const visitor = (await visitorCookie(context))?.value ?? "";
  await expect.poll(async () => (await admin.events({ visitor_id: visitor })).length).toBeGreaterThan(0);
  // Long before the two seconds after which it would go by itself.
  await click(page, 1);
  await leave(page);
  const clicks = () => admin.events({ visitor_id: visitor, event_type: "click" });
  await expect.poll(async () => (await clicks()).length).toBe(1);
  const [event] = await clicks();
  await page.goto(system.landing);
  const beacon = (await page.evaluate(() => localStorage.getItem("test.beacon"))) ?? "";
  expect(beacon).toMatch(/^\/api\/collect \[/);
  expect(beacon).toContain(event?.id);
});

test("while nobody takes them a bounded number waits, the latest, and then all of those arrive once", async ({
  page,
  context,
  system,
  admin,
}) => {
  await page.route(COLLECT, (route) => route.fulfill({ status: 503, headers: { "retry-after": "1" } }));
  await page.goto(system.landing);
  await click(page, OUTBOX + 50);
  const waiting = await kept(page);
  expect(waiting.length).toBe(OUTBOX);
  await click(page, 1);
  const later = await kept(page);
  expect(later.length).toBe(OUTBOX);
  expect(later.at(-1), "the newest is kept").not.toBe(waiting.at(-1));
  expect(later[0], "the oldest goes").not.toBe(waiting[0]);

  await page.unroute(COLLECT);
  await expect.poll(() => kept(page), { timeout: 60_000 }).toEqual([]);
  const visitor = (await visitorCookie(context))?.value ?? "";
  const stored = (await admin.events({ visitor_id: visitor })).map((event) => event.id);
  expect(new Set(stored).size).toBe(stored.length);
  // What the page itself had to tell meanwhile may have taken the place of the oldest.
  expect(stored).toEqual(expect.arrayContaining(later.slice(OUTBOX / 10)));
});

test("what is not taken is sent again after pauses that double", async ({ page, system }) => {
  const STEP = 250;
  // No pause is shortened by chance; that chance shortens them is in the queue's own tests.
  await page.addInitScript(() => {
    Math.random = () => 0.999_999;
  });
  await page.clock.install({ time: "2026-01-02T12:00:00Z" });
  const sent: number[] = [];
  let stepped = 0;
  await page.route(COLLECT, (route) => {
    sent.push(stepped);
    return route.abort();
  });
  await page.goto(system.landing);
  await page.clock.pauseAt("2026-01-02T13:00:00Z");
  const before = sent.length;
  for (; sent.length < before + 4 && stepped < 300_000; stepped += STEP) {
    await page.clock.runFor(STEP);
    // A turn of the page, so that it has heard of the failure before time goes on.
    await page.evaluate(() => Promise.resolve());
  }
  const [first = 0, second = 0, third = 0, fourth = 0] = sent.slice(before);
  const pauses = [second - first, third - second, fourth - third];
  for (const [shorter, longer] of [pauses.slice(0, 2), pauses.slice(1)]) {
    expect(Math.abs((longer ?? 0) - 2 * (shorter ?? 0)), `${pauses}`).toBeLessThanOrEqual(4 * STEP);
  }
  expect(pauses[0], `${pauses}`).toBeGreaterThanOrEqual(2_000 - STEP);
});
