/** A marketer gives a third variant words and colours of its own, sees the real page while typing, and has it on the page with
 * the save: no deployment. */
import { violations } from "../src/accessibility.ts";
import { expect, test } from "../src/fixtures.ts";
import { logIn } from "../src/log-in.ts";

test("a third variant is written beside its picture, saved, and on the page", async ({
  page,
  context,
  system,
  admin,
}) => {
  const id = (await admin.experiments())[0]?.id ?? "";
  await logIn(page, system, `/experiments/${id}`);
  await page.getByRole("button", { name: "Add a variant" }).click();
  await page.getByLabel("Name of variant 3").fill("muses");
  await page.getByLabel("Percent of muses").fill("100");
  const words = page.getByRole("group", { name: "What the page says" });
  await words.getByRole("button", { name: "muses" }).click();
  await words.getByRole("switch", { name: "Part of the landing page" }).click();
  await words.getByLabel("Headline").fill("MEET THE\nMUSES");
  await words.getByLabel("First call to action").fill("Listen to them");
  await words.getByLabel("Palette").selectOption("aurora");
  const picture = page.frameLocator("iframe[title='The landing page in muses']");
  await expect(picture.getByRole("heading", { level: 1 })).toHaveText(/MEET THE\s+MUSES/);
  await expect(picture.locator("[data-cta=cta_primary]")).toHaveText("Listen to them");
  await expect(picture.locator("html")).toHaveClass("synthwave aurora");
  // What breaks a rule is said while one types, in the service's words, and the last picture stays.
  await words.getByLabel("Headline").fill("A\nB\nC");
  await expect(words.getByText("must have at most 2 lines, got 3")).toBeVisible();
  await expect(words.getByLabel("Headline")).toHaveAttribute("aria-invalid", "true");
  await words.getByLabel("Headline").fill("MEET THE\nMUSES");
  await expect(words.getByText("must have at most 2 lines")).toHaveCount(0);
  expect(await violations(page)).toEqual([]);
  await page.screenshot({ path: test.info().outputPath("content.png"), fullPage: true });
  await page.setViewportSize({ width: 390, height: 844 });
  await page.screenshot({ path: test.info().outputPath("content-phone.png"), fullPage: true });

  await page.getByRole("button", { name: /save the changes/i }).click();
  await expect(page.getByText(/is saved/)).toBeVisible();
  const visitor = await context.newPage();
  await expect(async () => {
    await visitor.goto(system.landing);
    await expect(visitor.getByRole("heading", { level: 1 })).toHaveText(/MEET THE\s+MUSES/);
  }).toPass();
  await expect(visitor).toHaveTitle("MEET THE MUSES · Pushnami");
  await visitor.screenshot({ path: test.info().outputPath("page.png") });
  await visitor.setViewportSize({ width: 390, height: 844 });
  await visitor.screenshot({ path: test.info().outputPath("page-phone.png") });
  // Whoever wants to look at it again needs no experiment.
  await visitor.goto(`${system.landing}/?variant=muses`);
  await expect(visitor.getByRole("heading", { level: 1 })).toHaveText(/MEET THE\s+MUSES/);
});

test("each palette keeps its contrasts, and a long headline its place", async ({ page, system, admin }) => {
  const id = (await admin.experiments())[0]?.id ?? "";
  const content = (palette: string) => ({
    palette,
    headline: "Everything that a visitor could ask for\nand a little more than that, in stone",
    subtitle: "A sentence that goes on for as long as a subtitle may. ".repeat(4).trim(),
    cta_primary: "Thirty-two characters, all told!",
  });
  await admin.updateExperiment(id, {
    variants: ["ember", "aurora", "muses"],
    traffic_split: { ember: 50, aurora: 50, muses: 0 },
    variant_content: { ember: content("ember"), aurora: content("aurora"), muses: {} },
  });
  for (const variant of ["ember", "aurora"]) {
    await expect(async () => {
      await page.goto(`${system.landing}/?variant=${variant}`);
      await expect(page.locator("html")).toHaveClass(new RegExp(variant));
    }).toPass();
    for (const width of [1440, 390]) {
      await page.setViewportSize({ width, height: 900 });
      expect(await violations(page), `${variant} at ${width}`).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      await page.screenshot({ path: test.info().outputPath(`${variant}-${width}.png`) });
    }
  }
});

test("what a variant says is text, whatever it says", async ({ page, system, admin }) => {
  const id = (await admin.experiments())[0]?.id ?? "";
  const attack = "<img src=x onerror=document.title='owned'>";
  await admin.updateExperiment(id, {
    variants: ["neon", "<b>x"],
    traffic_split: { neon: 0, "<b>x": 100 },
    variant_content: {
      "<b>x": {
        headline: attack.slice(0, 40),
        subtitle: attack,
        cta_primary: "</script><script>1",
        cta_secondary: "\"'>",
      },
    },
  });
  await expect(async () => {
    await page.goto(system.landing);
    await expect(page.locator(".lede")).toHaveText(attack);
  }).toPass();
  await expect(page.locator("[data-cta=cta_primary]")).toHaveText("</script><script>1");
  await expect(page.locator("main img[src=x]")).toHaveCount(0);
  expect(await page.title()).not.toBe("owned");
});

test("an experiment is completed with a winner that everybody sees, and a deletion is undone", async ({
  page,
  context,
  system,
  admin,
}) => {
  const id = (await admin.experiments())[0]?.id ?? "";
  await logIn(page, system, `/experiments/${id}`);
  const status = page.getByRole("region", { name: "Status" });
  await page.getByLabel("Description").fill("Typed meanwhile");
  await status.getByRole("button", { name: "Complete" }).click();
  await status.getByLabel("Everybody is shown").selectOption("synthwave");
  await expect(status).toContainText("Completed: synthwave");
  await expect(page.getByLabel("Description")).toHaveValue("Typed meanwhile");
  const visitor = await context.newPage();
  await expect(async () => {
    await context.clearCookies({ name: "visitor_id" });
    await visitor.goto(system.landing);
    await expect(visitor.locator("html")).toHaveClass("synthwave");
    expect(await visitor.locator("#page").textContent()).toContain('"experiment_id":null');
  }).toPass();
  await status.getByRole("button", { name: "Run again" }).click();
  await expect(status).toContainText("Running");

  await page.getByRole("button", { name: "Delete…" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete the experiment" }).click();
  await expect.poll(async () => (await admin.experiments()).length).toBe(0);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByText(/is back, and so are its visitors/)).toBeVisible();
  expect((await admin.experiments())[0]?.id).toBe(id);
});

test("a preview that cannot be made says so, and nothing typed is lost", async ({ page, system, admin }) => {
  const id = (await admin.experiments())[0]?.id ?? "";
  await page.route("**/api/previews", (route) => route.fulfill({ status: 503, body: "" }));
  await logIn(page, system, `/experiments/${id}`);
  const words = page.getByRole("group", { name: "What the page says" });
  await words.getByLabel("Subtitle").fill("Still here");
  await expect(words.getByText(/No preview:/)).toBeVisible({ timeout: 30_000 });
  await page.getByRole("button", { name: /save the changes/i }).click();
  await expect(page.getByText(/is saved/)).toBeVisible();
  await expect(words.getByLabel("Subtitle")).toHaveValue("Still here");
});
