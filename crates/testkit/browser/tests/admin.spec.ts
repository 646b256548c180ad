/** The admin's five screens against the real services, through the real nginx. */
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { violations } from "../src/accessibility.ts";
import { expect, test } from "../src/fixtures.ts";
import { facts } from "../src/landing.ts";
import { logIn } from "../src/log-in.ts";

const MUSIC = resolve(import.meta.dirname, "../../../../landing/music");

test("a wrong password is refused in words, the right one opens the address that was asked for", async ({
  page,
  system,
}) => {
  await page.goto(`${system.admin}/toggles`);
  await page.getByLabel(/password/i).fill("a guess");
  await page.getByRole("button", { name: /log in/i }).click();
  await expect(page.getByText(/password is wrong/i)).toBeVisible();
  await logIn(page, system, "/toggles");
  await expect(page.getByRole("heading", { name: "Toggles", level: 1 })).toBeVisible();
  await page.getByRole("button", { name: /log out/i }).click();
  await expect(page.getByLabel(/password/i)).toBeVisible();
});

test("an experiment is created, its split edited, paused and deleted", async ({ page, system, admin }) => {
  await logIn(page, system, "/experiments");
  await page.getByRole("link", { name: /new experiment/i }).click();
  await page.getByLabel("Name", { exact: true }).fill("Button text");
  await page.getByLabel("Name of variant 1").fill("short");
  await page.getByLabel("Name of variant 2").fill("long");
  await page.getByLabel("Percent of short").fill("49");
  await expect(page.getByLabel("Percent of long")).toHaveValue("51");
  await page.getByLabel("Share of short").press("ArrowRight");
  await expect(page.getByLabel("Percent of short")).toHaveValue("50");
  await expect(page.getByText("Total 100 %")).toBeVisible();
  await page.getByRole("button", { name: /create the experiment/i }).click();
  await expect(page.getByRole("heading", { name: "Button text" })).toBeVisible();
  expect((await admin.experiments())[0]).toMatchObject({ name: "Button text", variants: ["short", "long"] });

  await page.getByRole("link", { name: "Edit Button text" }).click();
  await page.getByLabel("Percent of short").fill("10");
  await page.getByRole("button", { name: /save/i }).click();
  await expect
    .poll(async () => (await admin.experiments())[0])
    .toMatchObject({ traffic_split: { short: 10, long: 90 } });

  await page.goto(`${system.admin}/experiments`);
  await page.getByRole("button", { name: "Pause Button text" }).click();
  await expect.poll(async () => (await admin.experiments())[0]).toMatchObject({ is_active: false });
  await page.getByRole("button", { name: "Delete Button text" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText(/can be undone.*with the variant of each visitor/i);
  await dialog.getByRole("button", { name: /delete/i }).click();
  await expect.poll(async () => (await admin.experiments()).length).toBe(1);
  await expect(page.getByRole("heading", { name: "Button text" })).toHaveCount(0);
});

test("a switched toggle changes the page", async ({ page, context, system }) => {
  const visitor = await context.newPage();
  await visitor.goto(system.landing);
  await expect(visitor.locator("#testimonials")).toHaveCount(1);
  await logIn(page, system, "/toggles");
  const toggle = page.getByRole("switch", { name: /testimonials/i });
  await expect(toggle).toBeChecked();
  await toggle.click();
  await expect(toggle).not.toBeChecked();
  await expect(async () => {
    await visitor.reload();
    await expect(visitor.locator("#testimonials")).toHaveCount(0, { timeout: 500 });
  }).toPass();
  expect((await facts(visitor)).preview).toBe(false);
});

test("a toggle that the server refuses to switch rolls back visibly", async ({ page, system }) => {
  await logIn(page, system, "/toggles");
  const toggle = page.getByRole("switch", { name: /testimonials/i });
  await expect(toggle).toBeChecked();
  await system.stop("abtest");
  await toggle.click();
  await expect(page.getByText(/Testimonials/).first()).toBeVisible();
  await expect(page.getByRole("alert").or(page.getByRole("status")).filter({ hasText: /\S/ }).first()).toBeVisible();
  await expect(toggle).toBeChecked();
});

test("tracks are uploaded, refused, reordered and deleted", async ({ page, system }) => {
  await logIn(page, system, "/library");
  const tracks = page.getByRole("button", { name: /^Play / });
  await expect(tracks).toHaveCount(3);
  const files = page.locator("input[type=file]");
  await files.setInputFiles([
    { name: "fourth.mp3", mimeType: "audio/mpeg", buffer: await readTrack() },
    { name: "text.mp3", mimeType: "audio/mpeg", buffer: Buffer.from("this is no music") },
  ]);
  await expect(tracks).toHaveCount(4);
  await expect(page.getByText(/not an MP3/i)).toBeVisible();

  const names = async () => {
    const response = await fetch(`${system.landing}/api/tracks`);
    return ((await response.json()) as { filename: string }[]).map((track) => track.filename);
  };
  await page
    .getByRole("button", { name: /Move Colonnade at Dusk up/i })
    .first()
    .click();
  await expect
    .poll(names)
    .toEqual(["02-colonnade-at-dusk.mp3", "01-neon-oracle.mp3", "03-lotus-arcade.mp3", "fourth.mp3"]);
  await page.getByRole("button", { name: "Delete Lotus Arcade" }).click();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: /delete/i })
    .click();
  await expect.poll(names).toEqual(["02-colonnade-at-dusk.mp3", "01-neon-oracle.mp3", "fourth.mp3"]);
});

test("every screen is without an accessibility violation", async ({ page, system }) => {
  await logIn(page, system);
  for (const path of ["/", "/experiments", "/experiments/new", "/toggles", "/events", "/library"]) {
    await page.goto(system.admin + path);
    // The heading of the screen itself, not the spoken one that stands in for it while the screen is fetched.
    await expect(page.locator("#main h1:not(.only-spoken)")).toBeVisible();
    expect(await violations(page), path).toEqual([]);
  }
});

function readTrack(): Promise<Buffer> {
  return readFile(join(MUSIC, "02-colonnade-at-dusk.mp3"));
}
