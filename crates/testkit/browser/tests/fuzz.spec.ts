/** Every call of the three OpenAPI documents, tried with thousands of inputs by Schemathesis: those the document allows and
 * those it forbids. Nothing may fail, and what is answered must be what the document promises. */
import { execFile } from "node:child_process";
import { mkdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { expect, test } from "../src/fixtures.ts";
import type { System } from "../src/system.ts";

/** What each document is tried with at least. */
const ENOUGH = 2000;
const PACKAGES = process.env.SCHEMATHESIS_PYTHONPATH;

/** What a run reports of itself, as far as it is read here. */
interface Report {
  test_cases: { generated: number };
}

interface Outcome {
  /** What was printed: the failures, with a command for each that shows it again. */
  output: string;
  code: number | null;
}

function tryAll(system: System, token: string, service: "abtest" | "metrics" | "landing", cwd: string) {
  const config = resolve(import.meta.dirname, "../schemathesis.toml");
  // Examples for each call; documents with few calls need more.
  const examples = { abtest: "60", metrics: "60", landing: "150" }[service];
  const words = ["-m", "schemathesis.cli", "--config-file", config, "run", `${system[service]}/openapi.json`];
  const options = ["-n", examples, "--no-color", "--report", "json", "--report-json-path", "report.json"];
  const env = { ...process.env, PYTHONPATH: PACKAGES ?? "", PUSHNAMI_TOKEN: token };
  return new Promise<Outcome>((done) => {
    const child = execFile("python3", [...words, ...options], { cwd, env, maxBuffer: 2 ** 26 }, (_, out, err) =>
      done({ output: out + err, code: child.exitCode }),
    );
  });
}

for (const service of ["abtest", "metrics", "landing"] as const) {
  test(`nothing in ${service}'s document makes it fail`, async ({ system, admin }, testInfo) => {
    test.skip(PACKAGES === undefined, "SCHEMATHESIS_PYTHONPATH says where Schemathesis is; `cargo xtask test` does");
    test.setTimeout(600_000);
    // It also keeps a memory of its own where it runs.
    const folder = testInfo.outputPath();
    await mkdir(folder, { recursive: true });
    const { output, code } = await tryAll(system, admin.bearer, service, folder);
    expect(code, output).toBe(0);
    const { test_cases } = JSON.parse(await readFile(join(folder, "report.json"), "utf8")) as Report;
    expect(test_cases.generated).toBeGreaterThanOrEqual(ENOUGH);
    const counters = await (await fetch(`${system[service]}/metrics`)).text();
    expect(counters).not.toMatch(/^pushnami_panics_total [^0]/m);
    // 503 is what an overloaded database may answer; it is not overloaded here.
    expect(counters).not.toMatch(/^pushnami_http_requests_total\{[^}]*status="5/m);
    console.log(`${service}: ${test_cases.generated} inputs tried`);
  });
}
