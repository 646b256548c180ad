/** The planner: what an experiment is to show is said before its start, and stays. */
import { violations } from "../src/accessibility.ts";
import { expect, test } from "../src/fixtures.ts";
import { PASSWORD } from "../src/system.ts";

test("a plan is made before the start, says how long it takes, and is fixed by the first visitor", async ({
  page,
  system,
  admin,
}) => {
  await page.goto(`${system.admin}/experiments/new`);
  await page.getByLabel(/password/i).fill(PASSWORD);
  await page.getByRole("button", { name: /log in/i }).click();
  await page.getByLabel("Name", { exact: true }).fill("A bolder headline");
  await page.getByLabel(/Expected rate/).fill("5");
  // The example of Fleiss' formula; three variants need more.
  const typically = page.locator(".figure", { hasText: "Typically decided at" });
  await expect(typically).toContainText("62,467");
  await page.getByRole("button", { name: "Add a variant" }).click();
  await page.getByLabel("Name of variant 3").fill("bold");
  await page.getByRole("button", { name: "Equal split" }).click();
  await expect(typically).not.toContainText("62,467");
  expect(await violations(page)).toEqual([]);

  // The service has the last word, in its own words.
  await page.getByLabel(/Expected rate/).fill("60");
  await page.getByLabel(/Smallest lift/).fill("90");
  await page.getByRole("button", { name: "Create the experiment" }).click();
  await expect(page.getByText("leads to a rate of 114.0000 %", { exact: false })).toBeVisible();
  await page.getByLabel(/Expected rate/).fill("5");
  await page.getByLabel(/Smallest lift/).fill("20");
  await page.getByRole("button", { name: "Create the experiment" }).click();
  await expect(page.getByRole("heading", { name: "Experiments" })).toBeVisible();
  const created = (await admin.experiments()).find((one) => one.name === "A bolder headline");
  if (created === undefined) throw new Error("it was created");

  await page.goto(`${system.admin}/experiments/${created.id}/results`);
  await expect(page.getByText("Planned before the start: a lift of 20 % over 5 %", { exact: false })).toBeVisible();

  const event = { visitor_id: "first", experiment_id: created.id, variant: "control", event_type: "page_view" };
  const assigned = await fetch(`${system.abtest}/api/assign?visitor_id=first&experiment_id=${created.id}`);
  const { variant } = (await assigned.json()) as { variant: string };
  const recorded = await fetch(`${system.metrics}/api/events`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ ...event, variant }),
  });
  expect(recorded.status).toBe(201);
  await expect
    .poll(async () => (await admin.results(created.id)).variants.reduce((all, one) => all + one.visitors, 0))
    .toBe(1);
  await page.goto(`${system.admin}/experiments/${created.id}`);
  await expect(page.getByText("Visitors are assigned: what was planned before stays", { exact: false })).toBeVisible();
  await expect(page.getByLabel(/Smallest lift/)).toHaveAttribute("readonly");
  expect(await violations(page)).toEqual([]);
});
