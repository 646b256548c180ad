/** How a person comes to a screen of the admin. */
import type { Page } from "@playwright/test";
import { expect } from "./fixtures.ts";
import { PASSWORD, type System } from "./system.ts";

/** Opens the address, logs in, and waits until its screen is there. */
export async function logIn(page: Page, system: System, path = "/"): Promise<void> {
  await page.goto(system.admin + path);
  await page.getByLabel(/password/i).fill(PASSWORD);
  await page.getByRole("button", { name: /log in/i }).click();
  await expect(page.locator("#main h1:not(.only-spoken)")).toBeVisible();
}
