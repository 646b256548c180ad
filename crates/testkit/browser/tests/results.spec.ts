/** Results, the calculator and the help, against the real services: from a visitor's click to a verdict and back. */
import { violations } from "../src/accessibility.ts";
import type { AdminApi, Experiment } from "../src/admin-api.ts";
import { expect, test } from "../src/fixtures.ts";
import { logIn } from "../src/log-in.ts";
import type { System } from "../src/system.ts";

async function firstExperiment(admin: AdminApi): Promise<Experiment> {
  const [experiment] = await admin.experiments();
  if (experiment === undefined) throw new Error("the first start brings an experiment");
  return experiment;
}

/** Visitors of both variants, of whom the first `clicks` of each click. Assigned by nobody, so they count by claim. */
async function visit(system: System, experiment: Experiment, visitors: number, clicks: Record<string, number>) {
  const events = experiment.variants.flatMap((variant) =>
    Array.from({ length: visitors }, (_, number) => {
      const act = (event_type: string, event_name: string) => ({
        visitor_id: `${variant}-${number}`,
        experiment_id: experiment.id,
        variant,
        event_type,
        event_name,
      });
      const seen = act("page_view", "landing_page");
      return number < (clicks[variant] ?? 0) ? [seen, act("click", "cta_primary")] : [seen];
    }).flat(),
  );
  for (let at = 0; at < events.length; at += 1000) {
    const response = await fetch(`${system.metrics}/api/events/batch`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(events.slice(at, at + 1000)),
    });
    expect(response.status).toBe(201);
  }
}

test("what visitors do becomes a verdict that says what to do next", async ({ page, system, admin }) => {
  const experiment = await firstExperiment(admin);
  await logIn(page, system, "/experiments");
  await page.getByRole("link", { name: `Results of ${experiment.name}` }).click();
  await expect(page.getByRole("heading", { name: "No visitors yet" })).toBeVisible();
  expect(await violations(page)).toEqual([]);

  await visit(system, experiment, 400, { neon: 40, synthwave: 120 });
  await expect(page.getByRole("heading", { name: /synthwave is ahead beyond chance/ })).toBeVisible({
    timeout: 20_000,
  });
  await expect(page.getByText("Keep running to day 7", { exact: false })).toBeVisible();
  await expect(page.getByRole("cell", { name: "120", exact: true })).toBeVisible();
  // Not decided before every weekday is in: nothing is green, and nothing can be shipped.
  await expect(page.locator(".is-won, .is-better")).toHaveCount(0);
  await expect(page.getByRole("button", { name: /^Ship/ })).toHaveCount(0);
  expect(await violations(page)).toEqual([]);
});

// What calls itself headless is a robot, and counts for nothing.
const BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";

test("a visitor of the page counts in the variant that was assigned, and music is no success", async ({
  browser,
  system,
  admin,
}) => {
  const experiment = await firstExperiment(admin);
  const counted = async () => {
    const { variants, traffic } = await admin.results(experiment.id);
    const sum = (what: "visitors" | "conversions") => variants.reduce((all, one) => all + one[what], 0);
    return { visitors: sum("visitors"), conversions: sum("conversions"), claimed: traffic.excluded.claimed_only };
  };
  const context = await browser.newContext({ userAgent: BROWSER, reducedMotion: "reduce" });
  const page = await context.newPage();
  await page.goto(system.landing);
  await expect.poll(counted, { timeout: 20_000 }).toEqual({ visitors: 1, conversions: 0, claimed: 0 });
  const recorded = async (name: string) => (await admin.events({ event_name: name })).length;
  await page.locator("#player .player__pill").click();
  await page.locator("#player [data-player=next]").click();
  await expect.poll(() => recorded("music_next"), { timeout: 20_000 }).toBe(1);
  expect(await counted()).toEqual({ visitors: 1, conversions: 0, claimed: 0 });
  // The queue sends it by itself; a page that is left would send it under the browser's real name, as a robot's.
  await page.locator("[data-cta='cta_secondary']").click();
  await expect.poll(counted, { timeout: 20_000 }).toEqual({ visitors: 1, conversions: 1, claimed: 0 });
  await context.close();
});

test("a goal is added and counted from what has happened before", async ({ page, system, admin }) => {
  const experiment = await firstExperiment(admin);
  await visit(system, experiment, 5, { neon: 3, synthwave: 1 });
  await logIn(page, system, `/experiments/${experiment.id}/goals`);
  await page.getByRole("button", { name: "Another goal" }).click();
  const added = page.getByRole("group", { name: "New goal" });
  await added.getByLabel("Name", { exact: true }).fill("Any click");
  await page.getByRole("button", { name: "Save the goals" }).click();
  await expect(page.getByText(/The goals are saved/)).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await page.getByRole("link", { name: "Results", exact: true }).click();
  const row = page.getByRole("row", { name: /Any click/ });
  await expect(row).toContainText("20.0 % against 60.0 %", { timeout: 20_000 });
});

test("time on page and scroll depth are measured, compared by their means and drawn", async ({
  page,
  system,
  admin,
}) => {
  const experiment = await firstExperiment(admin);
  await visit(system, experiment, 60, {});
  const events = experiment.variants.flatMap((variant, at) =>
    Array.from({ length: 60 }, (_, number) => ({
      visitor_id: `${variant}-${number}`,
      experiment_id: experiment.id,
      variant,
      event_type: "engagement",
      event_name: "time_on_page",
      metadata: { seconds: (20 + number) / (at + 1) },
    })),
  );
  const response = await fetch(`${system.metrics}/api/events/batch`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(events),
  });
  expect(response.status).toBe(201);
  await logIn(page, system, `/experiments/${experiment.id}/goals`);
  for (const name of ["Time on page, in seconds", "Scroll depth, in percent"]) {
    await page.getByRole("button", { name: `Remove ${name}` }).click();
  }
  await page.getByRole("button", { name: "Time on page", exact: true }).click();
  await page.getByRole("button", { name: "Scroll depth", exact: true }).click();
  await page.getByRole("button", { name: "Save the goals" }).click();
  await expect(page.getByText(/The goals are saved/)).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await page.getByRole("link", { name: "Results", exact: true }).click();
  await expect(page.getByRole("row", { name: /Time on page/ })).toContainText("24.8 against 49.5", { timeout: 20_000 });
  await expect(page.getByRole("row", { name: /Time on page/ })).toContainText("−50 %");
  await expect(page.getByRole("img", { name: /^neon: 49.5, between/ })).toBeVisible();
  expect(await violations(page)).toEqual([]);
});

test("the calculator and the help are there for everybody who is in", async ({ page, system }) => {
  await logIn(page, system, "/calculator");
  await expect(page.getByText("No clear difference between B and A yet.")).toBeVisible();
  await page.getByLabel("Conversions of B").fill("750");
  await expect(page.getByText("B differs from A beyond chance.")).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await page.getByRole("link", { name: "What the numbers mean" }).click();
  await expect(page.getByRole("heading", { name: "True change (always valid)" })).toBeVisible();
  await expect(page.getByText("p = min(1, 1/E)").first()).toBeVisible();
  expect(await violations(page)).toEqual([]);
});

test("while metrics is away the screen says so, and comes back by itself", async ({ page, system, admin }) => {
  const experiment = await firstExperiment(admin);
  await logIn(page, system, `/experiments/${experiment.id}/results`);
  await expect(page.getByRole("heading", { name: "No visitors yet" })).toBeVisible();
  await page.route("**/results*", (route) =>
    route.fulfill({
      status: 503,
      contentType: "application/problem+json",
      body: JSON.stringify({ type: "about:blank", title: "x", status: 503, detail: "metrics rests" }),
    }),
  );
  await expect(page.getByText(/Not fresh any more/)).toBeVisible({ timeout: 30_000 });
  await page.unroute("**/results*");
  await expect(page.getByText(/Not fresh any more/)).toBeHidden({ timeout: 30_000 });
});
