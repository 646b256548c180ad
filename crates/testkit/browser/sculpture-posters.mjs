/**
 * Photographs the sculpture for everybody whose browser does not draw it: `node sculpture-posters.mjs http://localhost:3000`
 * writes poster-<variant>-<pose>-<width>.webp into landing/client/models, from the page itself, so that camera and light are
 * the page's own.
 */
import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { chromium } from "@playwright/test";

const [address = "http://127.0.0.1:3000"] = process.argv.slice(2);
const folder = resolve(import.meta.dirname, "../../../landing/client/models");
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
  ],
});

for (const variant of ["neon", "synthwave"]) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 1200 } });
  await page.goto(`${address}/?variant=${variant}`, { waitUntil: "domcontentloaded" });
  await page.mouse.move(200, 200);
  await page.locator("#stage[data-drawn]").waitFor({ timeout: 120_000 });
  for (const [pose, moment] of [
    ["lying", 0],
    ["standing", 3.19],
  ]) {
    const pictures = await page.evaluate(async (seconds) => {
      const viewer = document.querySelector("model-viewer");
      customElements.get("model-viewer").minimumRenderScale = 1;
      viewer.style.cssText = "position:fixed;inset:0 auto auto 0;width:1120px;height:1120px;z-index:99";
      document.body.append(viewer);
      // The clip's picture is one moment behind the first time.
      for (const shown of [1, seconds]) {
        viewer.currentTime = shown;
        await new Promise((done) => setTimeout(done, 1500));
      }
      const whole = await createImageBitmap(await viewer.toBlob({ mimeType: "image/png" }));
      return Promise.all(
        [560, 1120].map(async (width) => {
          const canvas = new OffscreenCanvas(width, width);
          const pen = canvas.getContext("2d");
          pen.imageSmoothingQuality = "high";
          pen.drawImage(whole, 0, 0, width, width);
          const blob = await canvas.convertToBlob({ type: "image/webp", quality: width > 600 ? 0.72 : 0.8 });
          return [width, [...new Uint8Array(await blob.arrayBuffer())]];
        }),
      );
    }, moment);
    for (const [width, bytes] of pictures) {
      await writeFile(resolve(folder, `poster-${variant}-${pose}-${width}.webp`), new Uint8Array(bytes));
      console.log(variant, pose, width, bytes.length, "bytes");
    }
  }
  await page.close();
}
await browser.close();
