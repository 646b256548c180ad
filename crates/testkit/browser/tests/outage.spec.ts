/** Neighbours go away, hang and come back: the page stays whole, and no event is lost or counted twice. */
import { expect, test } from "../src/fixtures.ts";
import { facts, leave, tally, visitorCookie } from "../src/landing.ts";

test("with abtest stopped the page is complete and visitors keep their variants", async ({
  page,
  browser,
  system,
  admin,
}) => {
  await admin.updateToggle("hero_glitch", { enabled: false });
  await page.goto(system.landing);
  const before = await facts(page);
  await system.stop("abtest");

  await page.reload();
  expect(await facts(page)).toEqual(before);
  await expect(page.locator("#testimonials")).toBeVisible();
  await expect(page.locator("#headline[data-glitch]"), "the last known configuration").toHaveCount(0);

  const newcomer = await browser.newPage();
  await newcomer.goto(system.landing);
  await expect(newcomer.getByRole("heading", { level: 1 })).toBeVisible();
  const fallback = await facts(newcomer);
  expect(fallback.experiment_id).toBe(before.experiment_id);

  await system.start("abtest");
  await newcomer.reload();
  expect((await facts(newcomer)).variant, "the same rule gave the same answer").toBe(fallback.variant);
  await newcomer.close();
});

test("with abtest hanging the page still comes, whole", async ({ page, system }) => {
  await page.goto(system.landing);
  const before = await facts(page);
  system.freeze("abtest");
  await page.reload();
  expect(await facts(page)).toEqual(before);
  await expect(page.locator("#contact-form")).toBeVisible();
  system.thaw("abtest");
});

test("with metrics stopped the page works and its events arrive later, none twice", async ({
  page,
  context,
  system,
  admin,
}) => {
  await page.goto(system.landing);
  const visitorId = (await visitorCookie(context))?.value ?? "";
  await expect.poll(async () => (await admin.events({ visitor_id: visitorId })).length).toBeGreaterThan(0);

  await system.stop("metrics");
  const refused = page.waitForResponse(
    (response) => response.url().endsWith("/api/collect") && response.status() === 503,
  );
  await page.locator("[data-cta=cta_primary]").click();
  await refused;
  await leave(page);
  await system.start("metrics");

  await page.goto(system.landing);
  await expect
    .poll(async () => tally(await admin.events({ visitor_id: visitorId })), { timeout: 60_000 })
    .toMatchObject({ "click cta_primary": 1, "page_view landing_page": 2 });
  await leave(page);
  await page.goto(system.landing);
  await expect
    .poll(async () => tally(await admin.events({ visitor_id: visitorId, event_type: "page_view" })))
    .toEqual({ "page_view landing_page": 3 });
  const ids = (await admin.events({ visitor_id: visitorId })).map((event) => event.id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(tally(await admin.events({ visitor_id: visitorId, event_type: "click" }))).toEqual({ "click cta_primary": 1 });
});

test("an event that metrics stored but could not confirm is counted once", async ({ page, context, system, admin }) => {
  await page.goto(system.landing);
  const visitorId = (await visitorCookie(context))?.value ?? "";
  await expect.poll(async () => (await admin.events({ visitor_id: visitorId })).length).toBeGreaterThan(0);

  // Landing gives up waiting; metrics finds the request in its socket when it goes on, and stores the batch.
  system.freeze("metrics");
  const refused = page.waitForResponse(
    (response) => response.url().endsWith("/api/collect") && response.status() === 503,
  );
  await page.locator("[data-cta=cta_secondary]").click();
  await refused;
  const again = page.waitForResponse(
    (response) => response.url().endsWith("/api/collect") && response.status() === 201,
    {
      timeout: 90_000,
    },
  );
  system.thaw("metrics");
  await again;
  expect(tally(await admin.events({ visitor_id: visitorId, event_type: "click" }))).toEqual({
    "click cta_secondary": 1,
  });
});
