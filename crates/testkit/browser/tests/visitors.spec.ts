/** A visitor who asks for it gets everything that is kept of them, and is erased: by the admin, in the event log. */
import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { violations } from "../src/accessibility.ts";
import { expect, test } from "../src/fixtures.ts";
import { PASSWORD, type System } from "../src/system.ts";

/** Somebody looks at the page, clicks and writes; somebody else looks, too. Answers who the first one is. */
async function visited(page: Page, system: System): Promise<string> {
  await page.goto(system.landing);
  const id = (await page.context().cookies()).find((cookie) => cookie.name === "visitor_id")?.value ?? "";
  const post = async (path: string, body: unknown) => {
    const headers = { "content-type": "application/json" };
    expect((await fetch(system.metrics + path, { method: "POST", headers, body: JSON.stringify(body) })).status).toBe(
      201,
    );
  };
  // A page that abtest did not answer in time shows the same variant, and nothing is remembered: ask on its behalf.
  const [experiment] = (await (await fetch(`${system.abtest}/api/experiments`)).json()) as { id: string }[];
  const asked = new URLSearchParams({ visitor_id: id, experiment_id: experiment?.id ?? "" });
  expect((await fetch(`${system.abtest}/api/assign?${asked}`)).status).toBe(200);
  await post("/api/leads", { email: "daphne@example.com", visitor_id: id });
  await post("/api/events", { visitor_id: "somebody else", event_type: "page_view" });
  const ofPage = "select 1 from events where visitor_id = $1 and event_type = 'page_view'";
  await expect.poll(async () => (await system.query(ofPage, [id])).length).toBe(1);
  return id;
}

async function opened(page: Page, system: System, visitor: string): Promise<void> {
  await page.goto(`${system.admin}/events?visitor=${visitor}&type=page_view`);
  await page.getByLabel(/password/i).fill(PASSWORD);
  await page.getByRole("button", { name: /log in/i }).click();
  await page.getByRole("button", { name: /^Details of page_view/ }).click();
}

test("the file holds what was done, written and given", async ({ page, context, system }) => {
  const visitor = await visited(page, system);
  const admin = await context.newPage();
  await opened(admin, system, visitor);
  const coming = admin.waitForEvent("download");
  await admin.getByRole("link", { name: "Export this visitor" }).click();
  const download = await coming;
  expect(download.suggestedFilename()).toBe(`visitor-${visitor}.json`);
  const file = JSON.parse(await readFile(await download.path(), "utf8"));
  expect(file.visitor_id).toBe(visitor);
  expect(file.leads).toMatchObject([{ email: "daphne@example.com" }]);
  expect(file.assignments).toMatchObject([{ experiment: "Landing Page Theme" }]);
  expect(file.events.map((event: { event_type: string }) => event.event_type)).toContain("page_view");
});

for (const width of [360, 1440]) {
  test(`at ${width} pixels a visitor is erased after a question, and not before`, async ({ page, context, system }) => {
    const visitor = await visited(page, system);
    await page.close();
    const admin = await context.newPage();
    await admin.setViewportSize({ width, height: 900 });
    await opened(admin, system, visitor);
    expect(await violations(admin)).toEqual([]);
    await admin.getByRole("button", { name: "Erase this visitor" }).click();
    const dialog = admin.getByRole("dialog");
    await expect(dialog).toContainText(/lost for good.*every event/i);
    await expect(dialog).toContainText(visitor);
    expect(await violations(admin)).toEqual([]);
    await admin.screenshot({ path: test.info().outputPath("question.png") });
    await dialog.getByRole("button", { name: "Keep it" }).click();
    const kept =
      "select visitor_id from events union all select visitor_id from leads union all select visitor_id from assignments";
    expect((await system.query(kept)).length).toBeGreaterThan(3);

    await admin.getByRole("button", { name: "Erase this visitor" }).click();
    await dialog.getByRole("button", { name: "Erase the visitor" }).click();
    await expect(admin.getByText(/The visitor is erased: .*1 lead, 1 assignment/)).toBeVisible();
    await expect(admin.getByText("No event fits these filters.")).toBeVisible();
    expect(await system.query(kept)).toEqual([{ visitor_id: "somebody else" }]);
    await admin.screenshot({ path: test.info().outputPath("erased.png") });
  });
}
