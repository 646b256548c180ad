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
