/** The audit trail on the screen: what was changed is told, and taken back. */
import { violations } from "../src/accessibility.ts";
import { expect, test } from "../src/fixtures.ts";
import { PASSWORD } from "../src/system.ts";

test("a change is told with before and after, and taken back on the page", async ({ page, system, admin }) => {
  await page.goto(`${system.admin}/toggles`);
  await page.getByLabel(/password/i).fill(PASSWORD);
  await page.getByRole("button", { name: /log in/i }).click();
  await page.getByRole("switch", { name: /Greek rain/ }).click();
  await expect(page.getByRole("switch", { name: /Greek rain/ })).not.toBeChecked();

  await page.goto(`${system.admin}/changes`);
  const told = page.getByRole("listitem").filter({ hasText: "admin changed the toggle “Greek rain”" });
  await expect(told).toHaveCount(1);
  await told.getByText("1 field").click();
  await expect(told.getByRole("row", { name: "enabled true false" })).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await told.getByRole("button", { name: /Take back/ }).click();
  await expect(page.getByText("took back a change of the toggle “Greek rain”")).toBeVisible();
  const rain = async () => (await admin.toggles()).find((toggle) => toggle.key === "matrix_rain")?.enabled;
  expect(await rain()).toBe(true);
  // Once is enough: what is as it was cannot be taken back again.
  await told.getByRole("button", { name: /Take back/ }).click();
  await expect(told.getByRole("alert")).toContainText("changed again since");
  await page.getByRole("button", { name: "Leads" }).click();
  await expect(page.getByText("Nothing was changed yet.")).toBeVisible();
});

test("while abtest is away the screen says so, and comes back by itself", async ({ page, system }) => {
  await page.goto(`${system.admin}/changes`);
  await page.getByLabel(/password/i).fill(PASSWORD);
  await page.getByRole("button", { name: /log in/i }).click();
  await expect(page.getByRole("list").filter({ hasText: "created the experiment" })).toBeVisible();
  await system.stop("abtest");
  await expect(page.getByRole("alert").first()).toBeVisible({ timeout: 40_000 });
  await system.start("abtest");
  await expect(page.getByRole("alert")).toHaveCount(0, { timeout: 60_000 });
});
