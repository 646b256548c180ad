/** Accessibility faults that axe-core finds in a rendered page. */
import type { Page } from "@playwright/test";
import axe from "axe-core";

/** Each violation with the markup it was found in; empty when there is none. */
export async function violations(page: Page): Promise<string[]> {
  // Injected through the protocol: the page's own policy allows no such script.
  await page.evaluate(axe.source);
  const results = await page.evaluate(
    () => (window as unknown as { axe: typeof axe }).axe.run() as Promise<axe.AxeResults>,
  );
  return results.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
}
