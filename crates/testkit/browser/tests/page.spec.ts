/** The page itself: for everybody, on every width, with and without its script. */
import { violations } from "../src/accessibility.ts";
import { expect, test } from "../src/fixtures.ts";

const VARIANTS = ["neon", "synthwave"];
const WIDTHS = [320, 768, 1440];

test("neither variant has an accessibility violation, nor scrolls sideways, at any width", async ({ page, system }) => {
  for (const variant of VARIANTS) {
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 900 });
      await page.goto(`${system.landing}/?variant=${variant}`);
      const where = `${variant} at ${width}`;
      expect(await violations(page), where).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth), where).toBeLessThanOrEqual(width);
    }
  }
});

test("no mix of toggles makes either variant inaccessible", async ({ page, system, admin }) => {
  const seeded = ["matrix_rain", "hero_glitch", "show_testimonials", "show_music_player"];
  const more = ["show_scroll_temple", "cursor_light", "selection_sparkle"];
  for (const key of more) await admin.createToggle(key, { enabled: true });
  const keys = [...seeded, ...more];
  const mixes = [[], keys.filter((_, at) => at % 2 === 0), keys.filter((_, at) => at % 2 === 1)];
  for (const on of mixes) {
    for (const key of keys) await admin.updateToggle(key, { enabled: on.includes(key) });
    for (const variant of VARIANTS) {
      await page.goto(`${system.landing}/?variant=${variant}`);
      expect(await violations(page), `${variant} with ${on.join(", ") || "everything off"}`).toEqual([]);
    }
  }
});

test("without JavaScript the page is complete", async ({ browser, system }) => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(system.landing);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.locator("[data-cta=cta_primary]")).toBeVisible();
  for (const section of ["#features", "#numbers", "#testimonials", "#contact"]) {
    await expect(page.locator(section)).toBeVisible();
  }
  await page.locator("[data-feature] summary").first().click();
  await expect(page.locator("[data-feature]").first().locator("p").last()).toBeVisible();
  await context.close();
});

test("the calls to action are reached and pressed by keyboard, and each press is one event", async ({
  page,
  context,
  system,
  admin,
}) => {
  await page.goto(system.landing);
  const secondary = page.locator("[data-cta=cta_secondary]");
  const primary = page.locator("[data-cta=cta_primary]");
  await primary.focus();
  await page.keyboard.press("Tab");
  await expect(secondary).toBeFocused();
  await page.keyboard.press("Enter");
  await primary.focus();
  await page.keyboard.press("Enter");
  const visitorId = (await context.cookies()).find(({ name }) => name === "visitor_id")?.value ?? "";
  await expect
    .poll(async () =>
      (await admin.events({ visitor_id: visitorId, event_type: "click" })).map((event) => event.event_name).sort(),
    )
    .toEqual(["cta_primary", "cta_secondary"]);
});

test("nothing moves while the page arrives, also over a slow line", async ({ browser, system }) => {
  for (const variant of ["neon", "synthwave"]) {
    for (const width of [360, 1440]) {
      const context = await browser.newContext({ viewport: { width, height: 800 } });
      const page = await context.newPage();
      const line = await context.newCDPSession(page);
      await line.send("Network.enable");
      const speed = { latency: 150, downloadThroughput: 200_000, uploadThroughput: 100_000 };
      await line.send("Network.emulateNetworkConditions", { offline: false, ...speed });
      await page.addInitScript(() => {
        const shifts: number[] = [];
        Object.assign(window, { shifts });
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) shifts.push((entry as unknown as { value: number }).value);
        }).observe({ type: "layout-shift", buffered: true });
      });
      await page.goto(`${system.landing}/?variant=${variant}`, { waitUntil: "load" });
      await page.evaluate(async () => {
        await document.fonts.ready;
        // What arrived last is laid out with the next frame, and its shift is told after that.
        for (let frame = 0; frame < 3; frame += 1) await new Promise((next) => requestAnimationFrame(next));
      });
      const shifts = await page.evaluate(() => (window as unknown as { shifts: number[] }).shifts);
      expect(shifts, `${variant} at ${width} pixels`).toEqual([]);
      await context.close();
    }
  }
});
