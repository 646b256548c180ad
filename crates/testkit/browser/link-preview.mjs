/**
 * Makes the pictures that other sites and phones show for a link to the page, from the page itself:
 * `node link-preview.mjs http://127.0.0.1:3000` writes open-graph.jpg and apple-touch-icon.png into landing/client/public.
 */
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { chromium } from "@playwright/test";

const [address = "http://127.0.0.1:3000"] = process.argv.slice(2);
const folder = resolve(import.meta.dirname, "../../../landing/client/public");
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking"],
});

// The first screen without its controls, standing still.
const page = await browser.newPage({ viewport: { width: 1200, height: 630 }, reducedMotion: "reduce" });
await page.goto(`${address}/?variant=neon`);
// Standing; who wants calm is shown both poses as pictures.
await page.locator("#stage").click();
await page.locator(".stage__poster[src*=standing]").waitFor();
await page.evaluate(async () => {
  await document.querySelector(".stage__poster").decode();
  for (const part of document.querySelectorAll(".masthead, .actions, .creed, .player, .motto, .stage__caption")) {
    part.remove();
  }
  await document.fonts.ready;
});
await page.screenshot({ path: resolve(folder, "open-graph.jpg"), type: "jpeg", quality: 82 });

const icon = await browser.newPage({ viewport: { width: 180, height: 180 } });
const svg = (await readFile(resolve(folder, "favicon.svg"), "utf8")).replace(/ rx="\d+"/, "");
await icon.setContent(`<body style="margin:0">${svg}</body>`);
await icon.screenshot({ path: resolve(folder, "apple-touch-icon.png") });
await browser.close();
