/** OpenFeature's released clients, unmodified, against the real service: on Node, in Python, in the browser. */
import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { OFREPProvider } from "@openfeature/ofrep-provider";
import { type EvaluationContext, OpenFeature, type TrackingEventDetails } from "@openfeature/server-sdk";
import { expect, test } from "../src/fixtures.ts";
import { openClientPage } from "../src/openfeature-modules.ts";
import type { System } from "../src/system.ts";

const EXPERIMENT = "01980000-0000-7000-8000-000000000001";
const FLAG = "landing-page-theme";

async function assigned(system: System, visitor: string): Promise<{ variant: string; is_new: boolean }> {
  const query = new URLSearchParams({ visitor_id: visitor, experiment_id: EXPERIMENT });
  return (await (await fetch(`${system.abtest}/api/assign?${query}`)).json()) as { variant: string; is_new: boolean };
}

/** The recipe of the README: what is tracked becomes an event. */
class PushnamiProvider extends OFREPProvider {
  readonly metrics: string;
  sent: Promise<unknown> = Promise.resolve();

  constructor(abtest: string, metrics: string) {
    super({ baseUrl: abtest });
    this.metrics = metrics;
  }

  track(name: string, context: EvaluationContext, details: TrackingEventDetails): void {
    const event = { visitor_id: context.targetingKey, event_type: "track", event_name: name, metadata: details };
    this.sent = fetch(`${this.metrics}/api/events`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(event),
    });
  }
}

test.describe("OpenFeature", () => {
  // The page of somebody else's that the web client runs in is played by an answer of landing's, whose own policy is not
  // theirs.
  test.use({ bypassCSP: true });

  test("on Node", async ({ system, admin }) => {
    const provider = new PushnamiProvider(system.abtest, system.metrics);
    await OpenFeature.setProviderAndWait("node", provider);
    const client = OpenFeature.getClient("node");
    const context = { targetingKey: "alice", plan: "gold", nested: { a: [1] } };
    const theme = await client.getStringDetails(FLAG, "none", context);
    expect(await assigned(system, "alice")).toMatchObject({ variant: theme.value, is_new: false });
    expect(theme).toMatchObject({ variant: theme.value, reason: "SPLIT", flagMetadata: { experiment_id: EXPERIMENT } });
    expect(await client.getBooleanDetails("matrix_rain", false, context)).toMatchObject({
      value: true,
      variant: "on",
      reason: "STATIC",
      flagMetadata: { speed: 1 },
    });
    expect(await client.getObjectValue("matrix_rain.config", {}, context)).toMatchObject({ speed: 1, density: 1 });

    await admin.updateToggle("matrix_rain", { enabled: false });
    const off = await client.getBooleanDetails("matrix_rain", true, context);
    expect(off).toMatchObject({ value: false, variant: "off", reason: "DISABLED" });

    const unknown = await client.getBooleanDetails("no-such-flag", true, context);
    expect(unknown).toMatchObject({ value: true, errorCode: "FLAG_NOT_FOUND" });
    const mismatch = await client.getStringDetails("matrix_rain", "default", context);
    expect(mismatch).toMatchObject({ value: "default", errorCode: "TYPE_MISMATCH" });
    const nobody = await client.getStringDetails(FLAG, "default", {});
    expect(nobody).toMatchObject({ value: "default", errorCode: "TARGETING_KEY_MISSING" });

    client.track("bought", context, { value: 9.5, currency: "EUR" });
    await provider.sent;
    const [event] = await admin.events({ event_name: "bought" });
    expect(event).toMatchObject({
      visitor_id: "alice",
      event_type: "track",
      metadata: { value: 9.5, currency: "EUR" },
    });
  });

  test("in Python", async ({ system, admin }) => {
    const packages = process.env.OPENFEATURE_PYTHONPATH;
    test.skip(
      packages === undefined,
      "OPENFEATURE_PYTHONPATH says where the Python packages are; `cargo xtask test` does",
    );
    const script = resolve(import.meta.dirname, "../src/openfeature_client.py");
    const { stdout } = await promisify(execFile)("python3", [script, system.abtest, system.metrics, "bob"], {
      env: { ...process.env, PYTHONPATH: packages ?? "" },
    });
    const { variant } = await assigned(system, "bob");
    const seen = JSON.parse(stdout) as Record<string, { value: unknown; error: string | null }>;
    expect(seen).toMatchObject({
      toggle: { value: true, variant: "on", reason: "STATIC", error: null },
      settings: { value: { speed: 1, density: 1 }, error: null },
      experiment: { value: variant, variant, reason: "SPLIT", error: null },
      unknown: { value: true, error: "FLAG_NOT_FOUND" },
      mismatch: { value: "default", error: "TYPE_MISMATCH" },
      nobody: { value: "default", error: "TARGETING_KEY_MISSING" },
    });
    expect(await admin.events({ event_name: "bought" })).toMatchObject([{ visitor_id: "bob", event_type: "track" }]);
  });

  test("in the browser, told of changes by the stream", async ({ page, system, admin }) => {
    await openClientPage(page, system.landing);
    const seen = () => page.evaluate(() => (window as unknown as { seen: () => unknown }).seen());
    await page.evaluate(
      async ({ abtest, flag }) => {
        // Typed by the packages themselves on Node; here they come by the page's import map.
        const [sdk, provider] = await Promise.all(
          ["@openfeature/web-sdk", "@openfeature/ofrep-web-provider"].map((name) => import(name)),
        );
        await sdk.OpenFeature.setContext({ targetingKey: "carol" });
        await sdk.OpenFeature.setProviderAndWait(new provider.OFREPWebProvider({ baseUrl: abtest }));
        const client = sdk.OpenFeature.getClient();
        Object.assign(window, {
          seen: () => ({
            toggle: client.getBooleanDetails("hero_glitch", false).value,
            settings: client.getObjectDetails("hero_glitch.config", {}).value,
            theme: client.getStringDetails(flag, "none").value,
            unknown: client.getBooleanDetails("no-such-flag", true).errorCode,
          }),
          become: (visitor: string) => sdk.OpenFeature.setContext({ targetingKey: visitor }),
        });
      },
      { abtest: system.abtest, flag: FLAG },
    );
    const { variant } = await assigned(system, "carol");
    const expected = { toggle: true, settings: { intensity: 1 }, theme: variant, unknown: "FLAG_NOT_FOUND" };
    expect(await seen()).toEqual(expected);

    // No polling, no reload: the stream tells.
    await admin.updateToggle("hero_glitch", { enabled: false, config: { intensity: 0.5 } });
    await expect.poll(seen).toEqual({ ...expected, toggle: false, settings: { intensity: 0.5 } });
    await admin.updateToggle("hero_glitch", { enabled: true });
    await expect.poll(seen).toEqual({ ...expected, settings: { intensity: 0.5 } });

    // Somebody else: the tag of the answer before must not pin it.
    for (const visitor of ["dave", "erin", "frank", "grace"]) {
      await page.evaluate((name) => (window as unknown as { become: (name: string) => unknown }).become(name), visitor);
      expect(await seen()).toMatchObject({ theme: (await assigned(system, visitor)).variant });
    }
  });
});
