/** What every browser test asks for: a system of its own, the admin's calls, and a watch on where requests go. */
import { test as base, expect, type Page } from "@playwright/test";
import { AdminApi } from "./admin-api.ts";
import { System } from "./system.ts";

interface Fixtures {
  system: System;
  admin: AdminApi;
  /** Requests to other hosts and errors in the page, of every page of the test. Must stay empty. */
  trespasses: string[];
}

export const test = base.extend<Fixtures>({
  system: async ({ browserName: _ }, use) => {
    const system = await System.start();
    await use(system);
    await system.dispose();
  },
  admin: async ({ system }, use) => {
    await use(await AdminApi.login(system));
  },
  trespasses: [
    async ({ context }, use) => {
      const trespasses: string[] = [];
      const watch = (page: Page) => {
        page.on("request", (request) => {
          const { hostname, protocol } = new URL(request.url());
          if (!["data:", "blob:", "about:"].includes(protocol) && !["127.0.0.1", "localhost"].includes(hostname)) {
            trespasses.push(`${request.method()} ${request.url()}`);
          }
        });
        page.on("pageerror", (error) => trespasses.push(`page error: ${error.message}`));
        page.on("console", (message) => {
          if (/Content Security Policy/i.test(message.text())) trespasses.push(message.text());
        });
      };
      context.on("page", watch);
      await use(trespasses);
      expect(trespasses, "requests to other hosts, script errors, breaches of the content security policy").toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };
