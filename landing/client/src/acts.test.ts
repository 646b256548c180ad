/** One act is one event. */
import { beforeEach, expect, test, vi } from "vitest";
import { recordClicks, recordVisibleTime } from "./acts";

const PAGE = `
  <a id="cta-primary" data-cta="cta_primary" href="#contact"><span>Begin Ascension</span></a>
  <details id="feature-split" data-feature="split"><summary><h3>A fork</h3><i>+</i></summary><p>More</p></details>`;

const record = vi.fn();
recordClicks(record);

beforeEach(() => {
  document.body.innerHTML = PAGE;
  record.mockClear();
});

function press(selector: string): void {
  document.querySelector(selector)?.dispatchEvent(new MouseEvent("click", { bubbles: true }));
}

test("a call to action is one click, wherever inside it the pointer was", () => {
  press("#cta-primary span");
  const metadata = { element: "a#cta-primary", text: "Begin Ascension" };
  expect(record.mock.calls).toEqual([["click", "cta_primary", metadata]]);
});

test("a card is one click under its own name", () => {
  press("#feature-split i");
  const metadata = { element: "details#feature-split", text: "A fork" };
  expect(record.mock.calls).toEqual([["click", "feature_split", metadata]]);
});

test("visible time is recorded before the goodbye that carries it, once for each hidden period", () => {
  const order: string[] = [];
  vi.spyOn(performance, "now").mockReturnValueOnce(0).mockReturnValue(4_200);
  recordVisibleTime(
    (_, name, metadata) => order.push(`${name} ${metadata?.seconds}`),
    () => order.push("goodbye"),
    () => {},
  );
  const hidden = vi.spyOn(document, "hidden", "get").mockReturnValue(true);
  document.dispatchEvent(new Event("visibilitychange"));
  window.dispatchEvent(new Event("pagehide"));
  expect(order).toEqual(["time_on_page 4.2", "goodbye", "goodbye"]);
  hidden.mockRestore();
});
