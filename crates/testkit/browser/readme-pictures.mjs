/**
 * Makes the README's picture of the page, both variants side by side, from the page itself:
 * `node readme-pictures.mjs http://localhost:3000` writes .github/pictures/page.webp.
 */
import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { chromium } from "@playwright/test";

const [address = "http://127.0.0.1:3000"] = process.argv.slice(2);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-3d-apis", "--no-first-run", "--disable-background-networking"],
});
const shots = [];
for (const variant of ["neon", "synthwave"]) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(`${address}/?variant=${variant}`);
  // A press wakes the statue; the bolts that it calls are gone after a while, and the rain has begun by then.
  await page.locator("#stage").click();
  await page.locator("#stage[data-pose=standing]").waitFor();
  await page.waitForTimeout(5_000);
  shots.push((await page.screenshot()).toString("base64"));
  await page.close();
}
const page = await browser.newPage();
const picture = await page.evaluate(async (both) => {
  const canvas = new OffscreenCanvas(1720, 530);
  const pen = canvas.getContext("2d");
  pen.imageSmoothingQuality = "high";
  for (const [place, shot] of both.entries()) {
    const image = new Image();
    image.src = `data:image/png;base64,${shot}`;
    await image.decode();
    pen.drawImage(image, place * 868, 0, 852, 532);
  }
  const blob = await canvas.convertToBlob({ type: "image/webp", quality: 0.86 });
  return [...new Uint8Array(await blob.arrayBuffer())];
}, shots);
await writeFile(resolve(import.meta.dirname, "../../../.github/pictures/page.webp"), new Uint8Array(picture));
await browser.close();
