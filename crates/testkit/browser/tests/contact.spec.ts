/** The contact form: a letter arrives once, with and without the page's script, and none is lost without a word. */
import type { Page } from "@playwright/test";
import { violations } from "../src/accessibility.ts";
import { expect, test } from "../src/fixtures.ts";
import { facts, tally, visitorCookie } from "../src/landing.ts";
import type { System } from "../src/system.ts";

interface StoredLead {
  email: string;
  company: string | null;
  message: string | null;
  visitor_id: string | null;
  experiment_id: string | null;
  variant: string | null;
}

const stored = (system: System) =>
  system.query<StoredLead>(
    "select email, company, message, visitor_id, experiment_id, variant from leads order by created_at",
  );

const email = (page: Page) => page.getByLabel("Work e-mail");
const send = (page: Page) => page.locator("#contact-form button[type=submit]");
const thanks = (page: Page) => page.locator("#contact-thanks");

/** Presses the button until the letter is taken: a metrics that has just come back may be too slow for the first try. */
async function sendAgain(page: Page): Promise<void> {
  await expect(async () => {
    await send(page).click();
    await expect(thanks(page).or(page.getByRole("alert").filter({ hasText: /\S/ }))).toBeVisible();
    await expect(thanks(page)).toBeVisible({ timeout: 100 });
  }).toPass();
}

test("a letter is stored with the visitor, the variant and the experiment, and recorded once as booleans", async ({
  page,
  context,
  system,
  admin,
}) => {
  await page.goto(system.landing);
  await email(page).fill("daphne@example.com");
  await page.getByLabel(/company/i).fill("Laurel & Daughters");
  await page.getByLabel(/message/i).fill("Do you deliver\nto Delphi?");
  await send(page).click();
  await expect(thanks(page)).toBeVisible();
  await expect(thanks(page)).toBeFocused();
  await expect(page.locator("#contact-form")).toBeHidden();

  const { variant, experiment_id } = await facts(page);
  const visitorId = (await visitorCookie(context))?.value ?? "";
  expect(await stored(system)).toEqual([
    {
      email: "daphne@example.com",
      company: "Laurel & Daughters",
      message: "Do you deliver\nto Delphi?",
      visitor_id: visitorId,
      experiment_id,
      variant,
    },
  ]);
  const submitted = () => admin.events({ visitor_id: visitorId, event_type: "form_submit" });
  await expect.poll(async () => (await submitted()).length).toBe(1);
  expect((await submitted())[0]).toMatchObject({ variant, metadata: { has_email: true, has_company: true } });
  expect(JSON.stringify(await admin.events({ visitor_id: visitorId }))).not.toContain("daphne");
});

test("what is wrong is said beside the field, spoken, and nothing is sent", async ({ page, system }) => {
  const sent: string[] = [];
  page.on("request", (request) => {
    if (request.url().endsWith("/contact")) sent.push(request.url());
  });
  await page.goto(system.landing);
  await email(page).fill("daphne@gmail");
  await page.getByLabel(/company/i).fill("Laurel");
  await page.keyboard.press("Enter");
  await expect(email(page)).toBeFocused();
  await expect(email(page)).toHaveAttribute("aria-invalid", "true");
  await expect(email(page)).toHaveAccessibleDescription(/not a whole e-mail address/);
  await expect(page.getByRole("alert")).toHaveText(/something needs another look/);
  expect(await violations(page)).toEqual([]);
  await email(page).fill("daphne@gmail.com");
  await expect(email(page)).not.toHaveAttribute("aria-invalid");
  await expect(page.locator("#email-fault")).toBeEmpty();
  expect(sent).toEqual([]);
  expect(await stored(system)).toEqual([]);
});

test("with metrics away nothing typed is lost, and the same letter goes out again", async ({ page, system, admin }) => {
  await page.goto(system.landing);
  await system.stop("metrics");
  await email(page).fill("daphne@example.com");
  await page.getByLabel(/message/i).fill("Χαίρε");
  await send(page).click();
  await expect(page.getByRole("alert")).toHaveText(/Not sent: we cannot store it at the moment/);
  await expect(email(page)).toHaveValue("daphne@example.com");
  await expect(page.getByLabel(/message/i)).toHaveValue("Χαίρε");
  await expect(send(page)).toHaveText("Send it again");

  await system.start("metrics");
  await sendAgain(page);
  expect(await stored(system)).toMatchObject([{ email: "daphne@example.com", message: "Χαίρε" }]);
  await expect.poll(async () => (await admin.events({ event_type: "form_submit" })).length).toBe(1);
});

test("a letter to a metrics that hangs is stored once, whether or not the first attempt got through", async ({
  page,
  system,
}) => {
  await page.goto(system.landing);
  await email(page).fill("daphne@example.com");
  // Landing gives up waiting; metrics finds the request in its socket when it goes on, and may still store the letter.
  system.freeze("metrics");
  await send(page).click();
  await expect(send(page)).toHaveText("Send it again");
  system.thaw("metrics");
  await sendAgain(page);
  expect((await stored(system)).length).toBe(1);
});

test("a robot is caught: by the trap, by its haste, and by how much it sends", async ({ page, system }) => {
  await page.goto(system.landing);
  const hidden = async (name: string) =>
    (await page.locator(`#contact-form [name=${name}]`).getAttribute("value")) ?? "";
  const fields = { form: await hidden("form"), stamp: await hidden("stamp"), email: "robot@example.com" };
  const post = (form: Record<string, string>) =>
    page.request.post(`${system.landing}/contact`, { form, headers: { accept: "application/json" } });
  // A person never meets the trap, neither by eye nor by keyboard nor by ear.
  const trap = page.locator("#homepage");
  await expect(trap).toHaveAttribute("tabindex", "-1");
  expect(await trap.evaluate((field) => field.closest("[aria-hidden=true]")?.getBoundingClientRect().width)).toBe(1);

  expect((await post({ email: "robot@example.com" })).status(), "it never saw the page").toBe(422);
  expect((await post({ ...fields, homepage: "https://buy.example" })).status()).toBe(422);
  // The form ripens by itself; until then it is refused.
  await expect.poll(async () => (await post(fields)).status()).toBe(201);
  const answers: number[] = [];
  for (let letter = 0; letter < 6; letter += 1) {
    answers.push((await post({ ...fields, message: `${letter}` })).status());
  }
  expect(answers, "five at once from one address").toEqual([201, 201, 201, 201, 429, 429]);
  expect((await stored(system)).length).toBe(5);

  await email(page).fill("daphne@example.com");
  await send(page).click();
  await expect(page.getByRole("alert")).toHaveText(/many letters came from your network at once.*in \d+ seconds/i);
  await expect(email(page)).toHaveValue("daphne@example.com");
});

test("a page of another origin cannot send the form", async ({ page, system }) => {
  await page.goto(system.landing);
  const response = await page.request.post(`${system.landing}/contact`, {
    form: { email: "daphne@example.com" },
    headers: { origin: "https://evil.example" },
  });
  expect(response.status()).toBe(403);
  expect(await stored(system)).toEqual([]);
});

test("who asked not to be recorded may write, and stays unknown", async ({ browser, system, admin }) => {
  const context = await browser.newContext({ extraHTTPHeaders: { "Sec-GPC": "1" } });
  const page = await context.newPage();
  await page.goto(system.landing);
  await expect(page.locator(".form__note")).toHaveText(/tied to no visitor/);
  await email(page).fill("daphne@example.com");
  await send(page).click();
  await expect(thanks(page)).toBeVisible();
  expect(await stored(system)).toMatchObject([{ email: "daphne@example.com", visitor_id: null, experiment_id: null }]);
  expect(await visitorCookie(context)).toBeUndefined();
  await context.close();
  expect(await admin.events({ event_type: "form_submit" })).toEqual([]);
});

for (const width of [320, 1920]) {
  test(`both variants fit ${width} pixels, with faults and with thanks`, async ({ page, system }) => {
    await page.setViewportSize({ width, height: 900 });
    for (const variant of ["neon", "synthwave"]) {
      await page.goto(`${system.landing}/?variant=${variant}#contact`);
      await send(page).click();
      await expect(email(page)).toBeFocused();
      const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(await overflow()).toBeLessThanOrEqual(0);
      await page.goto(`${system.landing}/?variant=${variant}&sent=1#contact`);
      await expect(thanks(page)).toBeVisible();
      expect(await overflow()).toBeLessThanOrEqual(0);
      expect(await violations(page)).toEqual([]);
    }
  });
}

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  /** Presses the button until the form is ripe: a person takes longer to write than this takes. */
  async function sendUntilTaken(page: Page): Promise<void> {
    await expect(async () => {
      await send(page).click();
      await expect(thanks(page)).toBeVisible({ timeout: 2_000 });
    }).toPass();
  }

  test("a letter is stored and the page says thanks under an address of its own", async ({
    page,
    context,
    system,
    admin,
  }) => {
    await page.goto(system.landing);
    await email(page).fill("daphne@example.com");
    await page.getByLabel(/message/i).fill("two\nlines");
    await sendUntilTaken(page);
    expect(page.url()).toBe(`${system.landing}/?sent=1#contact`);
    await expect(page.locator("#contact-form")).toHaveCount(0);
    const visitorId = (await visitorCookie(context))?.value ?? "";
    expect(await stored(system)).toMatchObject([{ message: "two\nlines", visitor_id: visitorId }]);
    // Loading again sends nothing again.
    await page.reload();
    expect((await stored(system)).length).toBe(1);
    expect(tally(await admin.events({ visitor_id: visitorId }))).toEqual({ "form_submit contact_form": 1 });
    await thanks(page).getByRole("link", { name: "Write another" }).click();
    await expect(email(page)).toHaveValue("");
  });

  test("faults come back beside what was typed, and text that looks like markup stays text", async ({
    page,
    system,
  }) => {
    const evil = `"><img src=x onerror="alert(1)"><b id=evil>`;
    await page.goto(system.landing);
    await email(page).fill("daphne@gmail");
    await page.getByLabel(/company/i).fill(evil);
    await page.getByLabel(/message/i).fill(`</textarea>${evil}`);
    await send(page).click();
    await expect(page.getByText(/This is not a whole e-mail address/)).toBeVisible();
    await expect(page.getByRole("alert")).toHaveText(/something needs another look/);
    await expect(email(page)).toHaveValue("daphne@gmail");
    await expect(page.getByLabel(/company/i)).toHaveValue(evil);
    await expect(page.getByLabel(/message/i)).toHaveValue(`</textarea>${evil}`);
    await expect(page.locator("#evil, #contact img")).toHaveCount(0);
    await email(page).fill("daphne@gmail.com");
    await sendUntilTaken(page);
    expect(await stored(system)).toMatchObject([{ email: "daphne@gmail.com", company: evil }]);
  });

  test("with metrics away the page says so and keeps what was typed", async ({ page, system }) => {
    await page.goto(system.landing);
    await system.stop("metrics");
    await email(page).fill("daphne@example.com");
    await page.getByLabel(/message/i).fill("Χαίρε");
    await expect(async () => {
      await send(page).click();
      await expect(page.getByRole("alert")).toHaveText(/we cannot store it at the moment/, { timeout: 2_000 });
    }).toPass();
    await expect(email(page)).toHaveValue("daphne@example.com");
    await expect(page.getByLabel(/message/i)).toHaveValue("Χαίρε");
    await system.start("metrics");
    await sendUntilTaken(page);
    expect((await stored(system)).length).toBe(1);
  });
});
