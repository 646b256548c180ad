/** The page as search engines and link previews meet it, and as Lighthouse judges it. */
import { chromium } from "@playwright/test";
import lighthouse from "lighthouse";
import { expect, test } from "../src/fixtures.ts";
import { freePorts } from "../src/ports.ts";

test("each variant says what it is, where it stands and how a link to it looks", async ({ page, system }) => {
  const home = `http://localhost:${new URL(system.landing).port}`;
  const content = (selector: string) => page.locator(selector).getAttribute("content");
  for (const variant of ["neon", "synthwave"]) {
    await page.goto(`${system.landing}/?variant=${variant}`);
    expect((await page.title()).length, variant).toBeLessThanOrEqual(60);
    const description = (await content("meta[name=description]")) ?? "";
    expect(description.length, variant).toBeGreaterThan(70);
    expect(description.length, variant).toBeLessThanOrEqual(160);
    await expect(page.locator("link[rel=canonical]")).toHaveAttribute("href", `${home}/`);
    expect(await content("meta[property='og:url']")).toBe(`${home}/`);
    expect(await content("meta[property='og:image']")).toBe(`${home}/open-graph.jpg`);
    await expect(page.locator("h1")).toHaveCount(1);
    // A preview is for looking; only the page itself belongs in an index.
    expect(await content("meta[name=robots]")).toBe("noindex");
  }
  await page.goto(system.landing);
  await expect(page.locator("meta[name=robots]")).toHaveCount(0);
});

test("what the page refers crawlers to is there, as what it claims to be", async ({ page, system, request }) => {
  await page.goto(system.landing);
  const icons = await page
    .locator("link[rel=icon], link[rel=apple-touch-icon]")
    .evaluateAll((links) => links.map((link) => link.getAttribute("href") ?? ""));
  expect(icons).toEqual(["/favicon.svg", "/apple-touch-icon.png"]);
  const types = [
    "image/svg+xml",
    "image/png",
    "image/jpeg",
    "text/plain; charset=utf-8",
    "application/xml; charset=utf-8",
  ];
  for (const [index, path] of [...icons, "/open-graph.jpg", "/robots.txt", "/sitemap.xml"].entries()) {
    const answer = await request.get(`${system.landing}${path}`);
    expect([answer.status(), answer.headers()["content-type"]], path).toEqual([200, types[index]]);
  }
  const size = await page.evaluate(async () => {
    const picture = new Image();
    picture.src = "/open-graph.jpg";
    await picture.decode();
    return [picture.naturalWidth, picture.naturalHeight];
  });
  expect(size.join(" by ")).toBe(
    `${await page.locator("meta[property='og:image:width']").getAttribute("content")} by ${await page.locator("meta[property='og:image:height']").getAttribute("content")}`,
  );
  const sitemap = await (await request.get(`${system.landing}/sitemap.xml`)).text();
  expect(sitemap).toContain(`<loc>${await page.locator("link[rel=canonical]").getAttribute("href")}</loc>`);
});

test("Lighthouse finds nothing to mend in either variant on a phone", async ({ system, admin }, info) => {
  test.setTimeout(400_000);
  const [experiment] = await admin.experiments();
  const [port] = await freePorts(1);
  const { executablePath, args = [] } = info.project.use.launchOptions ?? {};
  const browser = await chromium.launch({
    ...(executablePath ? { executablePath } : {}),
    args: [...args, `--remote-debugging-port=${port}`],
  });
  // By the canonical name: Lighthouse minds when a page names another host as its own.
  const address = `http://localhost:${new URL(system.landing).port}/`;
  for (const variant of ["neon", "synthwave"]) {
    const split = Object.fromEntries(["neon", "synthwave"].map((name) => [name, name === variant ? 100 : 0]));
    await admin.updateExperiment(experiment?.id ?? "", { traffic_split: split });
    const result = await lighthouse(address, { port: port ?? 0, output: "json", logLevel: "error" });
    const report = result?.lhr;
    if (!report) throw new Error("Lighthouse gave no report");
    const score = (category: string) => Math.round((report.categories[category]?.score ?? 0) * 100);
    // Time depends on the machine, so it is told and not asserted.
    console.log(`      Lighthouse, ${variant}: performance ${score("performance")}`);
    const blemishes = ["accessibility", "best-practices", "seo"].flatMap((category) =>
      (report.categories[category]?.auditRefs ?? [])
        .filter(({ id, weight }) => weight > 0 && (report.audits[id]?.score ?? 1) < 1)
        .map(({ id }) => `${category}: ${id}`),
    );
    expect(blemishes, variant).toEqual([]);
    expect(["accessibility", "best-practices", "seo"].map(score), variant).toEqual([100, 100, 100]);
  }
  await browser.close();
});
