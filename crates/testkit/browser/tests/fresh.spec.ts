/** What is configured reaches the page: whole, soon, and whatever fails on the way. */
import { expect, test } from "../src/fixtures.ts";
import type { System } from "../src/system.ts";

const SECTION = 'id="testimonials"';
const LINK = 'href="#testimonials"';

/** The page as one answer; in it, whether the voices are on, where each place that shows them must agree. */
async function showsVoices(system: System): Promise<boolean> {
  const html = await (await fetch(system.landing)).text();
  expect(html.trimEnd().endsWith("</html>")).toBe(true);
  expect(html.includes(SECTION), "a mixture").toBe(html.includes(LINK));
  return html.includes(SECTION);
}

test("a toggle switched a hundred times changes the next page, and no page is a mixture", async ({ system, admin }) => {
  let isOver = false;
  const watchers = [1, 2].map(async () => {
    let pages = 0;
    while (!isOver) {
      await showsVoices(system);
      pages += 1;
    }
    return pages;
  });
  for (let time = 0; time < 100; time++) {
    const enabled = time % 2 === 1;
    await admin.updateToggle("show_testimonials", { enabled });
    await expect.poll(() => showsVoices(system), { intervals: [0, 10, 50, 100], timeout: 10_000 }).toBe(enabled);
  }
  isOver = true;
  for (const pages of await Promise.all(watchers)) expect(pages).toBeGreaterThan(0);
});

test("changes arrive when connections are killed and services start again", async ({ system, admin }) => {
  const arrives = async (enabled: boolean) => {
    await admin.updateToggle("show_testimonials", { enabled });
    await expect.poll(() => showsVoices(system), { intervals: [0, 20, 100] }).toBe(enabled);
  };
  await arrives(false);
  await system.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and pid <> pg_backend_pid() and query ilike 'listen %'`,
  );
  await arrives(true);
  await system.stop("abtest");
  expect(await showsVoices(system)).toBe(true);
  await system.start("abtest");
  await arrives(false);

  // landing starts again while abtest is away, and still knows.
  await system.stop("abtest");
  await system.stop("landing");
  await system.start("landing");
  expect(await showsVoices(system)).toBe(false);
  await system.start("abtest");
  await arrives(true);
});

test("a returning visitor needs no abtest, not even one that hangs", async ({ page, context, system }) => {
  await page.goto(system.landing);
  const before = await page.locator("#page").textContent();
  expect((await context.cookies()).find((cookie) => cookie.name === "assignment")?.httpOnly).toBe(true);
  system.freeze("abtest");
  await page.reload();
  expect(await page.locator("#page").textContent()).toBe(before);
  system.thaw("abtest");
});
