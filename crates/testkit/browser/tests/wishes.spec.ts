/** Visitors who ask not to be recorded, with a real browser: nothing is kept, nothing is sent, and one number is told. */
import { expect, test } from "../src/fixtures.ts";
import { facts, leave, visitorCookie } from "../src/landing.ts";
import { PASSWORD } from "../src/system.ts";

for (const header of ["Sec-GPC", "DNT"]) {
  test(`with ${header}: 1 the page sends nothing, keeps nothing, and only a number is known`, async ({
    browser,
    page,
    system,
  }) => {
    const context = await browser.newContext({ extraHTTPHeaders: { [header]: "1" } });
    const wishing = await context.newPage();
    const collected: string[] = [];
    context.on("request", (request) => {
      if (new URL(request.url()).pathname === "/api/collect") collected.push(request.method());
    });
    // What an earlier page of theirs kept, before they asked.
    await wishing.addInitScript(() => {
      if (sessionStorage.getItem("been") === null) {
        sessionStorage.setItem("been", "1");
        const event = { id: "01980000-0000-7000-8000-0000000000e1", event_type: "click", event_name: "old" };
        localStorage.setItem(`pushnami.event.${event.id}`, JSON.stringify(event));
      }
    });
    await wishing.goto(system.landing);
    expect(await facts(wishing)).toMatchObject({ recording: false, experiment_id: null });
    await expect(wishing.getByRole("heading", { level: 1 })).toBeVisible();
    await wishing.locator("[data-cta=cta_primary]").click();
    await wishing.evaluate(() => window.scrollTo({ top: document.body.scrollHeight, behavior: "instant" }));
    await expect
      .poll(() => wishing.evaluate(() => Object.keys(localStorage).filter((key) => key.includes("event"))))
      .toEqual([]);
    await wishing.reload();
    await leave(wishing);
    expect(await visitorCookie(context)).toBeUndefined();

    // Landing tells how many pages were not recorded; when that has arrived, anything else would have, too.
    const told = async () =>
      (await system.query<{ sum: string | null }>("select sum(events) from untracked_hours"))[0]?.sum;
    await expect.poll(told, { timeout: 20_000 }).toBe("2");
    expect(collected).toEqual([]);
    await context.close();
    for (const table of ["events", "assignments", "visitor_numbers"]) {
      expect(await system.query(`select 1 from ${table}`), table).toEqual([]);
    }

    await page.goto(system.admin);
    await page.getByLabel(/password/i).fill(PASSWORD);
    await page.getByRole("button", { name: /log in/i }).click();
    await expect(page.getByRole("img", { name: /^Left out:.*not recorded on request 2/ })).toBeVisible();
  });
}
