/** Two people change the same thing in the admin, against the real services and through the real nginx: nothing is
 * overwritten unseen, and nothing typed is lost. */
import { violations } from "../src/accessibility.ts";
import { expect, test } from "../src/fixtures.ts";
import { logIn } from "../src/log-in.ts";

/** Long enough for a proxy to compress the answer, on which it would weaken the tag: nginx must not. */
const LONG = "Why we believe this. ".repeat(80).trim();

for (const [kind, description] of [
  ["short", ""],
  ["long", LONG],
] as const) {
  test(`a stale edit is refused and both versions are shown: ${kind} answer`, async ({ page, system, admin }) => {
    const id = (await admin.experiments())[0]?.id ?? "";
    await admin.updateExperiment(id, { description });
    await logIn(page, system, `/experiments/${id}`);
    const name = page.getByLabel("Name", { exact: true });
    await name.fill("Mine");
    await admin.updateExperiment(id, { name: "Theirs", traffic_split: { neon: 20, synthwave: 80 } });
    await page.getByRole("button", { name: /save the changes/i }).click();

    const dialog = page.getByRole("dialog");
    await expect(dialog.getByRole("row", { name: /^Name/ })).toContainText("Mine");
    await expect(dialog.getByRole("row", { name: /^Name/ })).toContainText("Theirs");
    await expect(dialog.getByRole("row", { name: /^Split/ })).toContainText("neon 20 %, synthwave 80 %");
    expect(await violations(page)).toEqual([]);
    expect((await admin.experiments())[0]?.name).toBe("Theirs");
    await page.screenshot({ path: test.info().outputPath("conflict.png") });
    await page.setViewportSize({ width: 390, height: 844 });
    await page.screenshot({ path: test.info().outputPath("conflict-phone.png") });

    await dialog.getByRole("button", { name: "Back to my text" }).click();
    await expect(name).toHaveValue("Mine");
    await page.getByRole("button", { name: /save the changes/i }).click();
    await dialog.getByRole("button", { name: "Save mine on top" }).click();
    await expect(dialog).toHaveCount(0);
    await expect
      .poll(async () => (await admin.experiments())[0])
      .toMatchObject({ name: "Mine", traffic_split: { neon: 20, synthwave: 80 } });
    // What was saved is the state that the next change is meant for.
    await name.fill("Mine again");
    await page.getByRole("button", { name: /save the changes/i }).click();
    await expect.poll(async () => (await admin.experiments())[0]?.name).toBe("Mine again");
  });
}

test("a save that the server cannot take keeps what was typed, and goes through once it is back", async ({
  page,
  system,
  admin,
}) => {
  const id = (await admin.experiments())[0]?.id ?? "";
  await logIn(page, system, `/experiments/${id}`);
  const name = page.getByLabel("Name", { exact: true });
  await name.fill("Typed with care");
  await system.stop("abtest");
  await page.getByRole("button", { name: /save the changes/i }).click();
  await expect(page.getByRole("alert")).toContainText(/not saved/i);
  await expect(name).toHaveValue("Typed with care");
  await system.start("abtest");
  await expect(async () => {
    await page.getByRole("button", { name: /save the changes/i }).click();
    expect((await admin.experiments())[0]?.name).toBe("Typed with care");
  }).toPass();
});

test("a toggle's settings are edited by slider and reach the page; a stale edit is refused", async ({
  page,
  context,
  system,
  admin,
}) => {
  await logIn(page, system, "/toggles");
  await page.getByRole("button", { name: "Edit Greek rain" }).click();
  await page.getByLabel(/^Speed/).fill("2");
  await expect(page.getByLabel("Config")).toHaveValue(/"speed": 2/);
  await page.screenshot({ path: test.info().outputPath("toggle.png") });
  await page.setViewportSize({ width: 390, height: 844 });
  await page.screenshot({ path: test.info().outputPath("toggle-phone.png"), fullPage: true });
  expect(await violations(page)).toEqual([]);
  await admin.updateToggle("matrix_rain", { description: "Theirs" });
  await page.getByRole("button", { name: /save the changes/i }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("row", { name: /^Description/ })).toContainText("Theirs");
  await dialog.getByRole("button", { name: "Save mine on top" }).click();
  await expect(page.getByRole("switch", { name: "Greek rain" })).toBeVisible();
  await expect(page.getByText("Theirs")).toBeVisible();
  const visitor = await context.newPage();
  await expect(async () => {
    await visitor.goto(system.landing);
    expect(await visitor.content()).toContain('"speed":2');
  }).toPass();
});

test("a toggle that the server cannot save stays as it was typed", async ({ page, system }) => {
  await logIn(page, system, "/toggles");
  await page.getByRole("button", { name: "Edit Greek rain" }).click();
  await page.getByLabel("Description").fill("Typed with care");
  await system.stop("abtest");
  await page.getByRole("button", { name: /save the changes/i }).click();
  await expect(page.getByRole("alert").filter({ hasText: /^Not saved/ })).toBeVisible();
  await expect(page.getByLabel("Description")).toHaveValue("Typed with care");
});
