/** What moves on the page: it obeys its toggles and their configuration, the visitor's wishes, and rests when it may. */
import type { Page } from "@playwright/test";
import { expect, test } from "../src/fixtures.ts";
import { hide, waitingFrames, watchFrames } from "../src/frames.ts";

/** The rain's column is so wide (`CELL` in landing/client/src/rain.ts), and so many of them have a drop. */
const CELL = 18;
const USUAL_SHARE = 0.7;

/** Whether anything is painted on a canvas. */
function isPainted(page: Page, selector: string): Promise<boolean> {
  return page.locator(selector).evaluate((element) => {
    const canvas = element as HTMLCanvasElement;
    const pixels = canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
    return pixels.some((value) => value > 0);
  });
}

/** Scrolls so that the top of the element is so many windows above the window's top. */
function scrollInto(page: Page, selector: string, windows: number): Promise<void> {
  return page.locator(selector).evaluate((element, share) => {
    const top = element.getBoundingClientRect().top + scrollY;
    scrollTo({ top: top + share * innerHeight, behavior: "instant" });
  }, windows);
}

test("it rains Greek letters, as densely as the toggle says, and not at all when it is off", async ({
  page,
  system,
  admin,
}) => {
  const columns = Math.ceil(1280 / CELL);
  for (const density of [1, 0.1]) {
    await admin.updateToggle("matrix_rain", { config: { speed: 3, density } });
    await page.goto(system.landing);
    const drops = Math.round(columns * USUAL_SHARE * density);
    await expect(page.locator(".rain")).toHaveAttribute("data-drops", String(drops));
    await expect.poll(() => isPainted(page, ".rain")).toBe(true);
  }
  await admin.updateToggle("matrix_rain", { enabled: false });
  await page.goto(system.landing);
  await expect(page.locator("#headline")).toBeVisible();
  await expect(page.locator(".rain")).toHaveCount(0);
});

test("the headline glitches as strongly as the toggle says, and not at all when it is off", async ({
  page,
  system,
  admin,
}) => {
  const ghost = () =>
    page
      .locator(".headline__line")
      .first()
      .evaluate((line) => getComputedStyle(line, "::before").animationName);
  const strength = () => page.evaluate(() => document.documentElement.style.getPropertyValue("--glitch"));
  await admin.updateToggle("hero_glitch", { config: { intensity: 0.25 } });
  await page.goto(system.landing);
  await expect.poll(ghost).toBe("glitch-left");
  await expect.poll(strength).toBe("0.25");
  await admin.updateToggle("hero_glitch", { enabled: false });
  await page.goto(system.landing);
  await expect(page.locator("#headline")).toBeVisible();
  expect(await ghost()).toBe("none");
});

test("numbers and rings run when they are first seen, and end where the markup said", async ({ page, system }) => {
  await page.addInitScript(() => {
    const seen: string[] = [];
    (window as unknown as { seen: string[] }).seen = seen;
    new MutationObserver((changes) => {
      for (const { target } of changes)
        if (target instanceof HTMLElement && target.dataset.count === "365") seen.push(target.textContent ?? "");
    }).observe(document, { childList: true, subtree: true });
  });
  await page.goto(system.landing);
  await page.locator("#numbers").scrollIntoViewIfNeeded();
  for (const number of await page.locator("[data-count]").all()) {
    await number.scrollIntoViewIfNeeded();
    await expect(number).toHaveText((await number.getAttribute("data-count")) ?? "");
  }
  await expect.poll(() => page.evaluate(() => (window as unknown as { seen: string[] }).seen)).toContain("0");
  for (const arc of await page.locator(".ring__arc").all()) await expect(arc).toHaveCSS("stroke-dashoffset", "0px");
});

test("the temple is built by scrolling down, taken away by scrolling up, and left out by its toggle", async ({
  page,
  system,
  admin,
}) => {
  await page.goto(system.landing);
  const built = async () => Number(await page.locator("#temple").getAttribute("data-built"));
  await expect.poll(built).toBe(0);
  await scrollInto(page, "#temple", 0.3);
  await expect.poll(built).toBeGreaterThan(10);
  expect(await built()).toBeLessThan(100);
  await scrollInto(page, "#temple", 1.6);
  await expect.poll(built).toBe(100);
  expect(await isPainted(page, "#temple canvas")).toBe(true);
  await scrollInto(page, "#temple", -0.5);
  await expect.poll(built).toBeLessThan(10);
  await admin.createToggle("show_scroll_temple", { enabled: false });
  await page.goto(system.landing);
  await expect(page.locator("#contact")).toBeAttached();
  await expect(page.locator("#temple")).toHaveCount(0);
});

test("a light follows a mouse, and goes out when its toggle is off", async ({ page, system, admin }) => {
  await page.goto(system.landing);
  await expect(page.locator(".rain")).toHaveAttribute("data-drops", /\d+/);
  await page.mouse.move(400, 300);
  await page.mouse.move(500, 340);
  const light = page.locator(".cursor-light");
  await expect(light).toHaveCount(1);
  await expect.poll(() => light.evaluate((element) => element.style.transform)).toMatch(/^translate\((499|500)/);
  await admin.createToggle("cursor_light", { enabled: false });
  await page.goto(system.landing);
  await expect(page.locator(".rain")).toHaveAttribute("data-drops", /\d+/);
  await page.mouse.move(400, 300);
  await expect.poll(() => isPainted(page, ".rain")).toBe(true);
  await expect(light).toHaveCount(0);
});

test("fingers and people who want no motion get no light", async ({ browser, system }) => {
  for (const wish of [{ hasTouch: true, isMobile: true }, { reducedMotion: "reduce" as const }]) {
    const context = await browser.newContext(wish);
    const page = await context.newPage();
    await page.goto(system.landing);
    // The script has woken everything by the time it has counted the temple's lines.
    await expect(page.locator("#temple")).toHaveAttribute("data-built", /\d+/);
    await page.mouse.move(200, 200);
    await page.mouse.move(240, 220);
    await expect.poll(() => page.evaluate(() => document.readyState)).toBe("complete");
    await expect(page.locator(".cursor-light")).toHaveCount(0);
    await context.close();
  }
});

test("selected text strikes sparks, which go out and leave nothing behind", async ({ page, system }) => {
  await page.goto(system.landing);
  await expect(page.locator("#temple")).toHaveAttribute("data-built", /\d+/);
  const sparkle = page.locator(".sparkle");
  const struck = sparkle.waitFor({ state: "attached" });
  await page.locator(".lede").first().click({ clickCount: 3 });
  await struck;
  await expect(sparkle).toHaveCount(0);
  expect(await page.evaluate(() => getSelection()?.toString() ?? "")).not.toBe("");
});

test("a hidden tab waits for no frame, and goes on when it is shown", async ({ page, system }) => {
  await watchFrames(page);
  await page.goto(system.landing);
  await expect.poll(() => waitingFrames(page)).toBeGreaterThan(0);
  await hide(page, true);
  await expect.poll(() => waitingFrames(page)).toBe(0);
  await hide(page, false);
  await expect.poll(() => waitingFrames(page)).toBeGreaterThan(0);
});

test("calm mode stops everything that moves, and is remembered", async ({ page, system }) => {
  await watchFrames(page);
  await page.goto(system.landing);
  await expect.poll(() => isPainted(page, ".rain")).toBe(true);
  const calm = page.getByRole("button", { name: "Calm mode" });
  await calm.focus();
  await page.keyboard.press("Enter");
  for (const visit of ["now", "next time"]) {
    await expect(page.locator("html"), visit).toHaveClass(/calm-mode/);
    await expect(calm, visit).toHaveAttribute("aria-pressed", "true");
    await page.locator("#temple").scrollIntoViewIfNeeded();
    await expect(page.locator("#temple"), visit).toHaveAttribute("data-built", "100");
    await expect.poll(() => isPainted(page, ".rain"), visit).toBe(false);
    const moving = () =>
      page.evaluate(() => document.getAnimations().filter(({ playState }) => playState === "running").length);
    await expect.poll(moving, visit).toBe(0);
    if (visit === "now") await page.reload();
  }
});
