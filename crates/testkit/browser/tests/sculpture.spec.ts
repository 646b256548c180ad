/** The sculpture: asleep until a button is pressed, then up and down, drawn where that is possible and never before. */
import { createHash } from "node:crypto";
import type { Page } from "@playwright/test";
import { DRAWING } from "../src/chromium.ts";
import { expect, test } from "../src/fixtures.ts";

// Without a graphics card every picture takes a while: few pixels, and much patience.
test.use({ launchOptions: DRAWING, viewport: { width: 560, height: 620 } });
const PATIENCE = { timeout: 100_000 };

const stage = (page: Page) => page.locator("#stage");

/** The names of files of the page that were asked for so far, without their hashes. */
function watchFiles(page: Page): string[] {
  const files: string[] = [];
  page.on("request", (request) => {
    const name = /\/assets\/(.+)-[\w-]{8}\.(\w+)$/.exec(new URL(request.url()).pathname);
    if (name) files.push(`${name[1]}.${name[2]}`);
  });
  return files;
}

/** Comes near with the pointer, and waits until the sculpture is drawn. */
async function wake(page: Page): Promise<void> {
  await page.locator(".hero__stage").scrollIntoViewIfNeeded();
  await page.mouse.move(200, 200);
  await expect(stage(page)).toHaveAttribute("data-drawn", "", PATIENCE);
}

const moment = (page: Page) =>
  page.locator("model-viewer").evaluate((viewer) => (viewer as unknown as { currentTime: number }).currentTime);

/** A mark of what is to be seen on the stage. */
async function seen(page: Page): Promise<string> {
  return createHash("sha256")
    .update(await page.locator("model-viewer").screenshot())
    .digest("hex");
}

/** Notes every pose from now on, because a test may be too slow to see them all. */
async function notePoses(page: Page): Promise<() => Promise<string[]>> {
  await page.evaluate(() => {
    const poses: string[] = [];
    Object.assign(window, { poses });
    const button = document.querySelector<HTMLElement>("#stage");
    if (!button) return;
    new MutationObserver(() => {
      const pose = button.dataset.pose ?? "";
      if (poses.at(-1) !== pose) poses.push(pose);
    }).observe(button, { attributeFilter: ["data-pose"] });
  });
  return () => page.evaluate(() => (window as unknown as { poses: string[] }).poses);
}

test("nothing of it is loaded before a visitor is there; then it rises, lies down and rises with each press", async ({
  page,
  system,
}) => {
  test.slow();
  const files = watchFiles(page);
  await page.goto(`${system.landing}/?variant=neon`, { waitUntil: "domcontentloaded" });
  await expect(page.locator(".stage__poster")).toBeVisible();
  expect(files.filter((file) => /viewer|glb|hdr/.test(file))).toEqual([]);

  await wake(page);
  expect(files.filter((file) => /viewer|glb|hdr/.test(file)).sort()).toEqual([
    "sculpture.glb",
    "sky-neon.hdr",
    "viewer.js",
  ]);
  await expect(stage(page)).toHaveAttribute("data-pose", "lying");
  await expect(stage(page)).toHaveAttribute("aria-pressed", "false");
  expect(await moment(page)).toBe(0);
  const asleep = await seen(page);

  const poses = await notePoses(page);
  const moments = await page.evaluateHandle(() => {
    const seen: number[] = [];
    const look = (): void => {
      const viewer = document.querySelector("model-viewer") as unknown as { currentTime: number };
      if (seen.at(-1) !== viewer.currentTime) seen.push(viewer.currentTime);
      requestAnimationFrame(look);
    };
    look();
    return seen;
  });
  await stage(page).press("Enter");
  await expect(stage(page)).toHaveAttribute("data-pose", "standing", PATIENCE);
  await expect(stage(page)).toHaveAttribute("aria-pressed", "true");
  await expect(page.locator(".stage__told")).toHaveText("The statue stands.");
  expect(await moment(page)).toBeGreaterThan(3.1);
  const up = await moments.evaluate((seen) => seen.splice(0));
  expect(up).toEqual([...up].sort((a, b) => a - b));
  expect(up.length).toBeGreaterThan(5);
  expect(await seen(page)).not.toBe(asleep);

  await stage(page).press("Enter");
  await expect(stage(page)).toHaveAttribute("data-pose", "lying", PATIENCE);
  expect(await moment(page)).toBe(0);
  const down = await moments.evaluate((seen) => seen.splice(0));
  expect(down).toEqual([...down].sort((a, b) => b - a));

  // In the midst of it: it turns round as often as it is pressed, and arrives.
  await stage(page).press("Enter");
  await expect.poll(() => moment(page), PATIENCE).toBeGreaterThan(0.3);
  for (let press = 0; press < 4; press += 1) await stage(page).press("Enter");
  await expect(stage(page)).toHaveAttribute("data-pose", "standing", PATIENCE);
  expect((await poses()).slice(0, 5)).toEqual(["rising", "standing", "reclining", "lying", "rising"]);
});

test("any button wakes it, also before it is there; the camera walks around it while the page is scrolled", async ({
  page,
  system,
}) => {
  test.slow();
  await page.goto(`${system.landing}/?variant=synthwave`, { waitUntil: "domcontentloaded" });
  await page.locator("#cta-secondary").evaluate((link) => link.setAttribute("href", "#top"));
  await page.locator("#cta-secondary").click();
  await page.locator(".hero__stage").scrollIntoViewIfNeeded();
  await expect(stage(page)).toHaveAttribute("data-pose", "standing", PATIENCE);
  const side = () => page.locator("model-viewer").evaluate((viewer) => viewer.getAttribute("camera-orbit") ?? "");
  const looking = () =>
    page
      .locator("model-viewer")
      .evaluate((viewer) => Number.parseFloat((viewer as unknown as { cameraOrbit: string }).cameraOrbit));
  expect(await side()).toContain("82deg");
  await page.evaluate(() => scrollTo({ top: 0, behavior: "instant" }));
  await expect.poll(looking).toBe(10);
  await stage(page).evaluate((button) => {
    const { top, height } = button.getBoundingClientRect();
    scrollTo({ top: scrollY + top + height / 2, behavior: "instant" });
  });
  await expect.poll(looking).toBeCloseTo(-20, 0);
});

test("who wants calm gets both poses as pictures, at once, and nothing heavy", async ({ page, system }) => {
  const files = watchFiles(page);
  await page.emulateMedia({ reducedMotion: "reduce" });
  await page.goto(`${system.landing}/?variant=synthwave`);
  await page.locator(".hero__stage").scrollIntoViewIfNeeded();
  const poster = page.locator(".stage__poster");
  await expect(poster).toHaveAttribute("src", /poster-synthwave-lying-560/);
  await stage(page).click();
  await expect(stage(page)).toHaveAttribute("data-pose", "standing");
  await expect(poster).toHaveAttribute("src", /poster-synthwave-standing-560/);
  await stage(page).click();
  await expect(stage(page)).toHaveAttribute("data-pose", "lying");
  await expect(poster).toHaveAttribute("src", /poster-synthwave-lying-560/);
  expect(files.filter((file) => /viewer|glb|hdr/.test(file))).toEqual([]);
});

test("a browser that cannot draw it has the pictures", async ({ page, system }) => {
  await page.addInitScript(() => {
    HTMLCanvasElement.prototype.getContext = new Proxy(HTMLCanvasElement.prototype.getContext, {
      apply: (get, canvas, [kind, ...rest]) =>
        /webgl/.test(kind) ? null : Reflect.apply(get, canvas, [kind, ...rest]),
    });
  });
  const files = watchFiles(page);
  await page.goto(`${system.landing}/?variant=neon`);
  await page.locator("#cta-primary").click();
  await expect(stage(page)).toHaveAttribute("data-pose", "standing");
  await expect(page.locator(".stage__poster")).toHaveAttribute("src", /poster-neon-standing-560/);
  expect(files.filter((file) => /viewer|glb|hdr/.test(file))).toEqual([]);
});

test("a model that does not come leaves the pictures", async ({ page, system }) => {
  await page.route("**/*.glb", (route) => route.abort());
  await page.goto(`${system.landing}/?variant=neon`);
  await page.locator("#cta-primary").click();
  await page.locator(".hero__stage").scrollIntoViewIfNeeded();
  await expect(stage(page)).toHaveAttribute("data-pose", "standing", PATIENCE);
  await expect(page.locator(".stage__poster")).toHaveAttribute("src", /poster-neon-standing-560/);
  await expect(page.locator("model-viewer")).toHaveCount(0);
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("there is the figure, with words for those who cannot see it, and no button that does nothing", async ({
    page,
    system,
  }) => {
    await page.goto(`${system.landing}/?variant=neon`);
    const poster = page.getByRole("img", { name: /marble statue/ });
    await expect(poster).toBeVisible();
    expect(await poster.evaluate((image: HTMLImageElement) => image.complete && image.naturalWidth)).toBeTruthy();
    await expect(stage(page)).toBeHidden();
  });
});
