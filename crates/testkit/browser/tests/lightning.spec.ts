/** Lightning: a press of any button calls it, nothing of it stays, and who wants calm gets a lit border instead. */
import type { Page } from "@playwright/test";
import { expect, test } from "../src/fixtures.ts";

/** What a page saw of its lightning, noted from inside, because a bolt is gone before a test can look. */
interface Seen {
  canvases: number;
  most: number;
  lit: boolean;
  /** Whether light was seen at the very top of the window, and where the press was. */
  top: boolean;
  target: boolean;
  cube: number;
  pulses: string[];
}

async function watchLightning(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const seen: Seen = { canvases: 0, most: 0, lit: false, top: false, target: false, cube: 0, pulses: [] };
    const place = { x: 0, y: 0 };
    Object.assign(window, { seen, place });
    const alpha = (canvas: HTMLCanvasElement, x: number, y: number, width: number, height: number): number => {
      const ratio = canvas.width / innerWidth;
      const pen = canvas.getContext("2d");
      const box = [x, y, width, height].map((side) => Math.round(side * ratio));
      const { data } = pen?.getImageData(...(box as [number, number, number, number])) ?? { data: [] };
      return Math.max(...[...data].filter((_, at) => at % 4 === 3));
    };
    // The flash of the whole window alone stays far below this.
    const bright = 150;
    const look = (canvas: HTMLCanvasElement): void => {
      seen.most = Math.max(seen.most, Number(canvas.dataset.bolts));
      seen.top ||= alpha(canvas, 0, 0, innerWidth, 4) > bright;
      seen.target ||= alpha(canvas, place.x - 3, place.y - 6, 6, 6) > bright;
      seen.lit ||= seen.top || seen.target;
    };
    new MutationObserver((changes) => {
      for (const { type, target, addedNodes, attributeName } of changes) {
        for (const node of addedNodes) if ((node as Element).matches?.("canvas.lightning")) seen.canvases += 1;
        if (type !== "attributes" || !(target instanceof HTMLElement)) continue;
        if (attributeName === "data-bolts") look(target as HTMLCanvasElement);
        if (attributeName === "class" && target.matches(".cube--struck")) seen.cube += 1;
        if (attributeName === "data-struck" && "struck" in target.dataset) seen.pulses.push(target.id);
      }
    }).observe(document, {
      subtree: true,
      childList: true,
      attributes: true,
      attributeFilter: ["data-bolts", "class", "data-struck"],
    });
  });
}

const seenOn = (page: Page) => page.evaluate(() => (window as unknown as { seen: Seen }).seen);

/** Tells the page where the next press will be. */
async function aimAt(page: Page, selector: string): Promise<{ x: number; y: number }> {
  const box = await page.locator(selector).boundingBox();
  if (!box) throw new Error(`${selector} is not on the page`);
  const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  await page.evaluate((at) => Object.assign((window as unknown as { place: object }).place, at), middle);
  return middle;
}

test.use({ viewport: { width: 1000, height: 700 } });

test("a press calls bolts from the top to the pointer and into the cube, and nothing of them stays", async ({
  page,
  system,
}) => {
  await watchLightning(page);
  await page.goto(`${system.landing}/?variant=neon`);
  // The link would scroll away from the cube.
  await page.evaluate(() => document.querySelector("#cta-primary")?.setAttribute("href", "#top"));
  const at = await aimAt(page, "#cta-primary");
  await page.mouse.click(at.x, at.y);
  await expect.poll(() => seenOn(page)).toMatchObject({ canvases: 1, most: 2, top: true, target: true });
  await expect.poll(async () => (await seenOn(page)).cube).toBeGreaterThan(0);
  await expect(page.locator("canvas.lightning")).toHaveCount(0);
  await expect(page.locator(".cube--struck")).toHaveCount(0);
});

test("pressed by keyboard, the bolt finds the focused button", async ({ page, system }) => {
  await watchLightning(page);
  await page.goto(`${system.landing}/?variant=synthwave`);
  await page.evaluate(() => document.querySelector("#cta-secondary")?.setAttribute("href", "#top"));
  await aimAt(page, "#cta-secondary");
  await page.locator("#cta-secondary").focus();
  await page.keyboard.press("Enter");
  await expect.poll(() => seenOn(page)).toMatchObject({ canvases: 1, target: true });
  await expect(page.locator("canvas.lightning")).toHaveCount(0);
});

test("a hammering visitor sees a few bolts at once on one canvas, and then none", async ({ page, system }) => {
  await watchLightning(page);
  await page.goto(system.landing);
  await page.evaluate(() => {
    const button = document.querySelector<HTMLElement>("#cta-primary");
    for (let press = 0; press < 40; press += 1) button?.click();
  });
  await expect(page.locator("canvas.lightning")).toHaveCount(0);
  const { canvases, most } = await seenOn(page);
  expect(canvases).toBe(1);
  expect(most).toBeGreaterThan(1);
  expect(most).toBeLessThanOrEqual(6);
});

test("who wants reduced motion gets a lit border for a moment and no lightning", async ({ browser, system }) => {
  const context = await browser.newContext({ reducedMotion: "reduce" });
  const page = await context.newPage();
  await watchLightning(page);
  await page.goto(system.landing);
  await page.locator("#cta-primary").click();
  await expect.poll(async () => (await seenOn(page)).pulses).toEqual(["cta-primary"]);
  await expect(page.locator("[data-struck]")).toHaveCount(0);
  expect(await seenOn(page)).toMatchObject({ canvases: 0, cube: 0 });
  await context.close();
});
