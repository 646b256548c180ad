/** How the browser tests run: one browser, Debian's, one test after another (every test starts a whole system). */
import { defineConfig } from "@playwright/test";
import { PLAIN } from "./src/chromium.ts";

export default defineConfig({
  testDir: "tests",
  workers: 1,
  fullyParallel: false,
  timeout: 120_000,
  expect: { timeout: 20_000 },
  // A busy machine can hold a browser up for longer than any of these limits. One more try, and the list names as flaky
  // whoever needed it; what fails twice has failed.
  retries: 1,
  reporter: [["list"]],
  outputDir: "test-results",
  use: {
    browserName: "chromium",
    viewport: { width: 1280, height: 800 },
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
    launchOptions: PLAIN,
  },
});
