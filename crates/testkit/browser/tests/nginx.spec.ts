/** `admin-ui/nginx.conf` at its edge: which headers, which service answers, what when a service is away. */
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import * as http from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { type Answer, type Asked, ask, EchoService, type Seen, writeSmallApp } from "../src/echo.ts";
import { configure, gateway } from "../src/gateway.ts";
import { freePorts } from "../src/ports.ts";
import type { Program } from "../src/program.ts";

const SECURITY = [
  "x-frame-options",
  "x-content-type-options",
  "referrer-policy",
  "permissions-policy",
  "content-security-policy",
  "cross-origin-opener-policy",
  "cross-origin-resource-policy",
  "x-request-id",
];
const PROBLEM = "application/problem+json";
const MEGABYTE = 1_000_000;

let folder: string;
let admin: string;
let nginx: Program;
let metrics: EchoService;
let landing: EchoService;
let services: EchoService[];

test.beforeAll(async () => {
  const ports = (await freePorts(4)) as [number, number, number, number];
  folder = await mkdtemp(join(tmpdir(), "pushnami-nginx-"));
  admin = `http://127.0.0.1:${ports[0]}`;
  const abtest = new EchoService("abtest", ports[1]);
  metrics = new EchoService("metrics", ports[2]);
  landing = new EchoService("landing", ports[3]);
  services = [abtest, metrics, landing];
  const app = join(folder, "app");
  await writeSmallApp(app);
  await configure(folder, { admin, abtest: abtest.url, metrics: metrics.url, landing: landing.url, app });
  await Promise.all(services.map((service) => service.start()));
  nginx = gateway(folder, admin);
  await nginx.start();
});

test.afterAll(async () => {
  await nginx?.stop("SIGQUIT");
  await Promise.all((services ?? []).map((service) => service.stop()));
  await rm(folder, { recursive: true, force: true });
});

const at = (path: string, asked?: Asked): Promise<Answer> => ask(admin + path, asked);
const seen = async (path: string, asked?: Asked): Promise<Seen> => JSON.parse((await at(path, asked)).body);

function expectSecurityHeaders(answer: Answer): void {
  const counts = SECURITY.map((name) => [name, answer.lines(name).length]);
  expect(counts).toEqual(SECURITY.map((name) => [name, 1]));
  expect(answer.headers["x-frame-options"]).toBe("DENY");
  expect(answer.headers["cross-origin-opener-policy"]).toBe("same-origin");
  expect(answer.headers["cross-origin-resource-policy"]).toBe("same-origin");
  expect(answer.headers["content-security-policy"]).toContain("default-src 'none'");
  expect(answer.headers.server).toBe("nginx");
}

for (const [method, path, status] of [
  ["GET", "/", 200],
  ["GET", "/experiments/7", 200],
  ["GET", "/assets/index-AbC123.js", 200],
  ["GET", "/assets/gone.js", 404],
  ["GET", "/.env", 404],
  ["GET", "/healthz", 200],
  ["POST", "/", 405],
  ["GET", "/api/toggles", 200],
  ["GET", "/api/toggles?status=302", 302],
  ["GET", "/api/toggles?status=304", 304],
  ["GET", "/api/toggles?status=404", 404],
  ["GET", "/api/toggles?status=405", 405],
  ["GET", "/api/toggles?status=503", 503],
  ["GET", "/music/a%20track.mp3", 200],
] as const) {
  test(`${method} ${path} answers ${status} with each security header once`, async () => {
    const answer = await at(path, { method });
    expect(answer.status).toBe(status);
    expectSecurityHeaders(answer);
    expect(answer.lines("allow")).toHaveLength(status === 405 ? 1 : 0);
  });
}

for (const [service, ...paths] of [
  [
    "abtest",
    "/api/experiments",
    "/api/experiments/7",
    "/api/auth/session",
    "/ofrep/v1/evaluate/flags",
    "/api/eventual",
  ],
  ["metrics", "/api/events", "/api/events/batch", "/api/events/export?format=csv", "/api/stats?tz=Europe%2FBerlin"],
  ["metrics", "/api/leads", "/api/visitors/7/export", "/api/calculator", "/api/experiments/7/results"],
  ["landing", "/api/tracks", "/api/tracks/a%20track.mp3", "/api/tracks/.hidden.mp3", "/music/a%20track.mp3"],
] as const) {
  test(`${service} answers ${paths.join(", ")}, as they were asked`, async () => {
    for (const path of paths) expect(await seen(path)).toMatchObject({ service, url: path });
  });
}

test("only files with a hash in their name are kept for long", async () => {
  const cached = async (path: string) => (await at(path)).lines("cache-control");
  expect(await cached("/assets/index-AbC123.js")).toEqual(["public, max-age=31536000, immutable"]);
  for (const path of ["/", "/index.html", "/toggles", "/favicon.svg", "/assets/gone.js"]) {
    expect([path, await cached(path)]).toEqual([path, ["no-cache"]]);
  }
  expect(await cached("/api/toggles"), "the services say for themselves").toEqual([]);
});

test("every screen has an address of its own, but a missing file is missing", async () => {
  for (const screen of ["/", "/experiments", "/experiments/7/edit", "/music", "/assets"]) {
    expect([screen, (await at(screen)).body]).toEqual([screen, "<!doctype html><title>admin</title>"]);
  }
  for (const gone of ["/assets/gone.js", "/robots.txt", "/.env", "/.git/config", "/assets/"]) {
    const answer = await at(gone);
    expect([gone, answer.status, answer.headers["content-type"]]).toEqual([gone, 404, PROBLEM]);
    expect(JSON.parse(answer.body)).toMatchObject({ type: "about:blank", title: "Not Found", status: 404 });
  }
});

test("files travel compressed, answers of the services as they are", async () => {
  const headers = { "accept-encoding": "gzip" };
  for (const file of ["/assets/index-AbC123.js", "/assets/plain-Xyz789.css"]) {
    expect((await at(file, { headers })).headers["content-encoding"]).toBe("gzip");
  }
  const answer = await at("/api/toggles", { headers });
  // A weak ETag would never match an If-Match again.
  expect([answer.headers["content-encoding"], answer.headers.etag]).toEqual([undefined, '"3"']);
});

test("a service learns who asked and how", async () => {
  const told = (await seen("/api/toggles", { headers: { host: "admin.example:3001" } })).headers;
  expect(told).toMatchObject({ host: "admin.example:3001", "x-forwarded-for": "127.0.0.1" });
  expect(told).toMatchObject({ "x-forwarded-proto": "http", "x-request-id": expect.stringMatching(/^[0-9a-f]{32}$/) });
  const behindTls = { "x-forwarded-proto": "https", "x-forwarded-for": "192.0.2.7", "x-request-id": "page-1" };
  expect((await seen("/api/toggles", { headers: behindTls })).headers).toMatchObject({
    "x-forwarded-proto": "https",
    "x-forwarded-for": "192.0.2.7, 127.0.0.1",
    "x-request-id": "page-1",
  });
  const strange = await at("/api/toggles", { headers: { "x-request-id": 'a "quoted" id' } });
  expect(strange.headers["x-request-id"]).toMatch(/^[0-9a-f]{32}$/);
});

test("the page of the same host may stand in a frame", async () => {
  const policy = async (host: string) => (await at("/", { headers: { host } })).headers["content-security-policy"];
  expect(await policy("admin.example:3001")).toContain(`frame-src 'self' http://admin.example:${landing.port};`);
  expect(await policy("a;script-src")).toContain(`frame-src 'self' http://localhost:${landing.port};`);
});

test("the services judge what is a little too large, nginx what is far too large", async () => {
  const body = (size: number) => ({ method: "POST", body: Buffer.alloc(size) });
  expect((await seen("/api/tracks/upload", body(21 * MEGABYTE))).bytes).toBe(21 * MEGABYTE);
  expect((await seen("/api/events", body(1.5 * MEGABYTE))).bytes).toBe(1.5 * MEGABYTE);
  const far = { method: "POST", headers: { "content-length": 24 * MEGABYTE, expect: "100-continue" } };
  for (const path of ["/api/tracks/upload", "/api/events"]) {
    const answer = await at(path, far);
    expect([answer.status, answer.headers["content-type"]]).toEqual([413, PROBLEM]);
    expectSecurityHeaders(answer);
  }
});

test("a live event passes while the answer is still open", async () => {
  const request = http.get(`${admin}/api/live`, { agent: false });
  const [response] = (await once(request, "response")) as [http.IncomingMessage];
  const [event] = (await once(response, "data")) as [Buffer];
  expect(event.toString()).toBe("data: first\n\n");
  request.destroy();
});

test("a service that is away is a problem, and none once it is back", async () => {
  await metrics.stop();
  const away = await at("/api/stats");
  expect([away.status, away.headers["content-type"]]).toEqual([502, PROBLEM]);
  expect(JSON.parse(away.body)).toMatchObject({ type: "about:blank", title: "Bad Gateway", status: 502 });
  expectSecurityHeaders(away);
  expect((await at("/api/toggles")).status).toBe(200);
  await metrics.start();
  expect((await at("/api/stats")).status).toBe(200);
});

test("who came by TLS is told to stay there, by nginx alone", async () => {
  for (const path of ["/", "/healthz", "/api/toggles", "/api/stats", "/assets/gone.js"]) {
    expect((await at(path)).lines("strict-transport-security"), path).toEqual([]);
    const byTls = await at(path, { headers: { "x-forwarded-proto": "https" } });
    expect(byTls.lines("strict-transport-security"), path).toHaveLength(1);
    expect(byTls.headers["strict-transport-security"]).toBe("max-age=31536000");
  }
});
