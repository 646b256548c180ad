/** The admin's screen of leads, against the real services and through the real nginx. */
import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { violations } from "../src/accessibility.ts";
import { expect, test } from "../src/fixtures.ts";
import { PASSWORD, type System } from "../src/system.ts";

const EVIL = `<img src=x onerror="alert(1)"><b id=evil>`;
const LETTERS = [
  { email: "daphne@example.com", company: "Laurel", message: "Do you deliver\nto Delphi?", variant: "neon" },
  { email: "apollo@example.com", company: "=1+1", message: EVIL, variant: "synthwave" },
  { email: "hermes@example.com", company: "A name of a company so long that it needs more than one line on a phone" },
];

async function opened(page: Page, system: System): Promise<void> {
  for (const letter of LETTERS) {
    const response = await fetch(`${system.metrics}/api/leads`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(letter),
    });
    expect(response.status).toBe(201);
  }
  await page.goto(`${system.admin}/leads`);
  await page.getByLabel(/password/i).fill(PASSWORD);
  await page.getByRole("button", { name: /log in/i }).click();
  await expect(page.getByRole("heading", { name: "Leads", level: 1 })).toBeVisible();
  await expect(page.locator(".lead")).toHaveCount(LETTERS.length);
}

test("letters are listed newest first, searched, and shown as text", async ({ page, system }) => {
  await opened(page, system);
  await expect(page.locator(".lead-who a")).toHaveText([
    "hermes@example.com",
    "apollo@example.com",
    "daphne@example.com",
  ]);
  await expect(page.getByText(EVIL)).toBeVisible();
  await expect(page.locator("#evil, .lead img")).toHaveCount(0);
  await page.getByLabel("Search").fill("DELPHI");
  await expect(page.locator(".lead-who a")).toHaveText(["daphne@example.com"]);
  await expect(page).toHaveURL(/\/leads\?q=DELPHI$/);
  await page.reload();
  await expect(page.locator(".lead-who a")).toHaveText(["daphne@example.com"]);
  await page.getByLabel("Search").fill("nobody at all");
  await expect(page.getByText("No lead holds “nobody at all”.")).toBeVisible();
});

test("the file holds what the screen shows, and no formula", async ({ page, system }) => {
  await opened(page, system);
  const coming = page.waitForEvent("download");
  await page.getByRole("link", { name: "Export as CSV" }).click();
  const download = await coming;
  expect(download.suggestedFilename()).toMatch(/^leads-\d{4}-\d{2}-\d{2}\.csv$/);
  const text = await readFile(await download.path(), "utf8");
  expect(text).toContain("apollo@example.com,'=1+1,");
  expect(text).toContain("daphne@example.com,Laurel");
});

test("a lead is erased after a question, and not before", async ({ page, system }) => {
  await opened(page, system);
  await page.getByRole("button", { name: "Erase the lead of apollo@example.com" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Keep it" }).click();
  await expect(page.locator(".lead")).toHaveCount(3);
  await page.getByRole("button", { name: "Erase the lead of apollo@example.com" }).click();
  await dialog.getByRole("button", { name: "Erase the lead" }).click();
  await expect(page.locator(".lead")).toHaveCount(2);
  const left = await system.query<{ email: string }>("select email from leads order by email");
  expect(left.map((lead) => lead.email)).toEqual(["daphne@example.com", "hermes@example.com"]);
});

test("with metrics away the screen says so and keeps the last answer", async ({ page, system }) => {
  await opened(page, system);
  await system.stop("metrics");
  await page.getByRole("button", { name: "Erase the lead of daphne@example.com" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Erase the lead" }).click();
  await expect(page.getByRole("dialog").getByRole("alert")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.locator(".lead")).toHaveCount(3);
});

for (const width of [360, 1440]) {
  test(`the screen fits ${width} pixels and has no accessibility violation`, async ({ page, system }) => {
    await page.setViewportSize({ width, height: 900 });
    await opened(page, system);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    expect(await violations(page)).toEqual([]);
  });
}
