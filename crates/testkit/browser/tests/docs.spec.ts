/** Developers at /docs: the page works on each service, without another host, and its calls succeed once authorised. */
import type { Page } from "@playwright/test";
import { expect, test } from "../src/fixtures.ts";

async function authorize(page: Page, token: string): Promise<void> {
  await page.getByRole("button", { name: "Authorize" }).first().click();
  const dialog = page.locator(".dialog-ux");
  await dialog.locator("input").first().fill(token);
  await dialog
    .getByRole("button", { name: /apply credentials/i })
    .first()
    .click();
  await dialog.getByRole("button", { name: "Close" }).first().click();
}

/** Opens an operation, sends it as it stands and gives the status that came back. */
async function tryItOut(page: Page, method: string, path: string): Promise<string> {
  const operation = page.locator(`.opblock-${method}`, { has: page.locator(`[data-path="${path}"]`) });
  // After a reload the address opens the operation by itself.
  const isOpen = await operation.evaluate((element) => element.classList.contains("is-open"));
  if (!isOpen) await operation.locator(".opblock-summary-control").click();
  const execute = operation.getByRole("button", { name: "Execute" });
  if (!(await execute.isVisible())) await operation.getByRole("button", { name: /try it out/i }).click();
  await execute.click();
  return (await operation.locator(".live-responses-table tbody .response-col_status").first().textContent()) ?? "";
}

test("abtest's documentation lets the admin create a toggle", async ({ page, system, admin }) => {
  await page.goto(`${system.abtest}/docs`);
  expect(await tryItOut(page, "get", "/api/experiments")).toContain("200");
  expect(await tryItOut(page, "post", "/api/toggles")).toContain("401");
  await page.reload();
  await authorize(page, admin.bearer);
  // The example names a toggle that exists: authorised, the call gets as far as the conflict.
  expect(await tryItOut(page, "post", "/api/toggles")).toContain("409");
});

test("metrics' documentation records an event and lists it", async ({ page, system, admin }) => {
  await page.goto(`${system.metrics}/docs`);
  expect(await tryItOut(page, "post", "/api/events")).toContain("201");
  await authorize(page, admin.bearer);
  expect(await tryItOut(page, "get", "/api/stats")).toContain("200");
});

test("landing's documentation lists the tracks", async ({ page, system }) => {
  await page.goto(`${system.landing}/docs`);
  expect(await tryItOut(page, "get", "/api/tracks")).toContain("200");
});
