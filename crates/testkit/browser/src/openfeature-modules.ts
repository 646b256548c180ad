/** The released web client of OpenFeature as a page loads it: its own modules, unbundled, found by an import map. */
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Page } from "@playwright/test";

const PACKAGES = resolve(import.meta.dirname, "../node_modules/@openfeature");
const PROVIDER = "ofrep-web-provider";

const MODULES: Record<string, string> = {
  "@openfeature/core": "core/dist/esm/index.js",
  "@openfeature/web-sdk": "web-sdk/dist/esm/index.js",
  "@openfeature/ofrep-core": `${PROVIDER}/node_modules/@openfeature/ofrep-core/index.esm.js`,
  "@openfeature/ofrep-web-provider": `${PROVIDER}/index.esm.js`,
};

/** Opens a page of this origin in which the client can be imported. The page itself comes from the network: one that a
 * test makes up counts as foreign to the local machine, and Chromium would not let it ask there. */
export async function openClientPage(page: Page, origin: string): Promise<void> {
  const folder = `${origin}/openfeature-test/`;
  await page.route(`${folder}**`, async (route) => {
    const path = new URL(route.request().url()).pathname.slice("/openfeature-test/".length);
    await route.fulfill({ contentType: "text/javascript", body: await readFile(join(PACKAGES, path), "utf8") });
  });
  await page.goto(`${origin}/livez`);
  const imports = Object.fromEntries(Object.entries(MODULES).map(([name, file]) => [name, `${folder}${file}`]));
  await page.evaluate((map) => {
    const script = document.createElement("script");
    script.type = "importmap";
    script.textContent = map;
    document.head.append(script);
  }, JSON.stringify({ imports }));
}
