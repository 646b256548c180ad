/** The main job: a visitor gets a variant, what they do is recorded, the admin shows it. */
import { expect, test } from "../src/fixtures.ts";
import { facts, leave, tally, visitorCookie } from "../src/landing.ts";
import { PASSWORD } from "../src/system.ts";

test("a new visitor's every act is recorded exactly once and shown in the admin", async ({
  page,
  context,
  system,
  admin,
}) => {
  await page.goto(system.landing);
  const cookie = await visitorCookie(context);
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: "Lax", path: "/" });
  const visitorId = cookie?.value ?? "";
  const [experiment] = await admin.experiments();
  const shown = await facts(page);
  expect(shown).toMatchObject({ experiment_id: experiment?.id, preview: false, recording: true });
  expect(experiment?.variants).toContain(shown.variant);

  await page.locator("[data-cta=cta_primary]").click();
  await page.locator("[data-cta=cta_secondary]").click();
  const cards = page.locator("[data-feature]");
  const slugs = await cards.evaluateAll((elements) =>
    elements.map((element) => (element as HTMLElement).dataset.feature ?? ""),
  );
  expect(slugs).toHaveLength(6);
  for (const slug of slugs) await page.locator(`[data-feature=${slug}] summary`).click();

  await page.getByLabel(/e-mail/i).fill("daphne@example.org");
  await page.getByLabel(/company/i).fill("Laurel & Co");
  await page.locator("#contact-form button[type=submit]").click();
  await expect(page.locator("#contact-thanks")).toBeVisible();

  const player = page.locator("#player");
  await expect(player).toBeVisible();
  const pill = player.locator(".player__pill");
  if ((await pill.getAttribute("aria-expanded")) === "false") await pill.click();
  const title = player.locator(".player__title");
  await player.locator("[data-player=toggle]").click();
  await expect(player.locator("[data-player=toggle]")).toHaveAttribute("aria-label", /pause/i);
  const first = (await title.textContent()) ?? "";
  await player.locator("[data-player=next]").click();
  await expect(title).not.toHaveText(first);
  await player.locator("[data-player=prev]").click();
  await expect(title).toHaveText(first);
  await player.locator(".player__list button").nth(2).click();
  await expect(title).not.toHaveText(first);
  await player.locator("[data-player=toggle]").click();
  await expect(player.locator("[data-player=toggle]")).toHaveAttribute("aria-label", /play/i);

  await page.evaluate(() => window.scrollTo({ top: 0, behavior: "instant" }));
  await page.evaluate(() => window.scrollTo({ top: document.body.scrollHeight, behavior: "instant" }));
  const recorded = async () => tally(await admin.events({ visitor_id: visitorId }));
  // A page reports what it scrolled past with its next frame; only somebody who sees that frame has scrolled there.
  await expect.poll(recorded, { timeout: 30_000 }).toMatchObject({ "scroll scroll_100": 1 });
  await leave(page);

  const expected: Record<string, number> = {
    "page_view landing_page": 1,
    "click cta_primary": 1,
    "click cta_secondary": 1,
    "form_submit contact_form": 1,
    "click music_play": 1,
    "click music_next": 1,
    "click music_prev": 1,
    "click music_track_select": 1,
    "click music_pause": 1,
    "scroll scroll_25": 1,
    "scroll scroll_50": 1,
    "scroll scroll_75": 1,
    "scroll scroll_100": 1,
    "engagement time_on_page": 1,
  };
  for (const slug of slugs) expected[`click feature_${slug.replaceAll("-", "_")}`] = 1;
  await expect.poll(recorded, { timeout: 30_000 }).toEqual(expected);

  const events = await admin.events({ visitor_id: visitorId });
  for (const event of events) {
    expect(event).toMatchObject({
      experiment_id: experiment?.id,
      variant: shown.variant,
      page_url: `${system.landing}/`,
    });
  }
  const metadata = (name: string) => events.find((event) => event.event_name === name)?.metadata;
  expect(metadata("landing_page")).toMatchObject({ referrer: "", screen_width: 1280 });
  expect(metadata("cta_primary")).toMatchObject({
    element: expect.any(String),
    text: expect.stringMatching(/Ascension|Knowledge/),
  });
  expect(metadata("contact_form")).toEqual({ has_email: true, has_company: true });
  expect(metadata("music_play")).toMatchObject({ track: expect.any(String) });
  expect(metadata("scroll_75")).toMatchObject({ percent: 75 });
  expect(metadata("time_on_page")?.seconds).toBeGreaterThan(0);
  expect(JSON.stringify(events)).not.toContain("daphne");

  // The same, as a marketer sees it.
  await page.goto(system.admin);
  await page.getByLabel(/password/i).fill(PASSWORD);
  await page.getByRole("button", { name: /log in|sign in/i }).click();
  const conversion = page.getByRole("region", { name: /conversion/i });
  const row = conversion.getByRole("row", { name: new RegExp(shown.variant) });
  await expect(row.getByRole("cell")).toContainText(["1", "1", "1"]);
  await expect(row).toContainText("100.0 %");
  await page.getByRole("link", { name: /event log|events/i }).click();
  await expect(page.getByRole("row", { name: /form_submit/ })).toHaveCount(1);
});

test("a visitor keeps the variant, with a new tab and a changed split", async ({ page, context, system, admin }) => {
  await page.goto(system.landing);
  const { variant } = await facts(page);
  const [experiment] = await admin.experiments();
  if (!experiment) throw new Error("the first-start experiment is missing");
  const other = experiment.variants.find((name) => name !== variant) ?? "";
  await admin.updateExperiment(experiment.id, { traffic_split: { [variant]: 0, [other]: 100 } });

  const tab = await context.newPage();
  await tab.goto(system.landing);
  expect((await facts(tab)).variant).toBe(variant);
  const stored = await system.query<{ count: string }>("select count(*) from assignments");
  expect(stored[0]?.count).toBe("1");
});

test("a preview shows the named variant and leaves no trace in an experiment", async ({
  page,
  context,
  system,
  admin,
}) => {
  for (const [variant, headline, primary, secondary] of [
    ["neon", /ascend\s+to\s+olympus/i, "Begin Ascension", "View the Prophecy"],
    ["synthwave", /enter\s+the\s+agora/i, "Seek Knowledge", "Read the Scrolls"],
  ] as const) {
    await page.goto(`${system.landing}/?variant=${variant}`);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(headline);
    await expect(page.locator("[data-cta=cta_primary]")).toHaveText(primary);
    await expect(page.locator("[data-cta=cta_secondary]")).toHaveText(secondary);
    expect(await facts(page)).toMatchObject({ variant, preview: true, experiment_id: null });
    await leave(page);
  }
  const visitorId = (await visitorCookie(context))?.value ?? "";
  await expect
    .poll(async () => (await admin.events({ visitor_id: visitorId, event_type: "page_view" })).length)
    .toBe(2);
  for (const event of await admin.events({ visitor_id: visitorId })) {
    expect(event).toMatchObject({ experiment_id: null, metadata: { preview: true } });
  }
  expect((await system.query<{ count: string }>("select count(*) from assignments"))[0]?.count).toBe("0");
});

test("each toggle changes the very next page", async ({ page, system, admin }) => {
  await page.goto(system.landing);
  await expect(page.locator("#testimonials")).toBeVisible();
  await expect(page.locator("#headline[data-glitch]")).toHaveCount(1);
  await expect(page.locator("canvas.rain")).toHaveCount(1);
  await expect(page.locator("#player")).toHaveCount(1);
  for (const key of ["show_testimonials", "hero_glitch", "matrix_rain", "show_music_player"]) {
    await admin.updateToggle(key, { enabled: false });
  }
  await page.reload();
  await expect(page.locator("#testimonials, [href='#testimonials']")).toHaveCount(0);
  await expect(page.locator("[data-glitch]")).toHaveCount(0);
  await expect(page.locator("canvas.rain")).toHaveCount(0);
  await expect(page.locator("#player")).toHaveCount(0);
});

test("who asks not to be recorded is not", async ({ browser, system, admin }) => {
  const context = await browser.newContext({ extraHTTPHeaders: { "Sec-GPC": "1" } });
  const page = await context.newPage();
  await page.goto(system.landing);
  await page.locator("[data-cta=cta_primary]").click();
  await leave(page);
  expect(await visitorCookie(context)).toBeUndefined();
  await context.close();
  // A recorded visitor comes after: when their event is there, nothing of the first one is still on its way.
  const other = await browser.newPage();
  await other.goto(system.landing);
  await leave(other);
  await expect
    .poll(async () => tally(await admin.events({ event_type: "page_view" })))
    .toEqual({ "page_view landing_page": 1 });
  expect((await admin.events({ event_type: "click" })).length).toBe(0);
  await other.close();
});
