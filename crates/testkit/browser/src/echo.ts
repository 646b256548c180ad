/** Services that repeat what they were asked, an app in small, and a client that sees every header line. */
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import * as http from "node:http";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

/** What a service behind nginx saw. */
export interface Seen {
  service: string;
  url: string;
  bytes: number;
  headers: Record<string, string>;
}

/** Headers that the services set for themselves: none may reach the browser twice. */
const OWN_HEADERS = {
  "content-type": "application/json",
  etag: '"3"',
  "x-frame-options": "SAMEORIGIN",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "permissions-policy": "camera=*",
  "content-security-policy": "default-src *",
  "cross-origin-opener-policy": "unsafe-none",
  "cross-origin-resource-policy": "cross-origin",
  "strict-transport-security": "max-age=1",
};

/** Answers with what it saw. `?status=` picks the status; of its live events the first comes, and never another. */
export class EchoService {
  private server: http.Server | undefined;

  constructor(
    readonly name: string,
    readonly port: number,
  ) {}

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    this.server = http.createServer((request, response) => this.answer(request, response));
    this.server.listen(this.port, "127.0.0.1");
    await once(this.server, "listening");
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.server?.close(resolve));
    this.server?.closeAllConnections();
    await closed;
  }

  private async answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const url = request.url ?? "";
    if (url === "/api/live") {
      response.writeHead(200, { "content-type": "text/event-stream" }).write("data: first\n\n");
      return;
    }
    let bytes = 0;
    for await (const chunk of request) bytes += (chunk as Buffer).length;
    const status = Number(new URL(url, this.url).searchParams.get("status") ?? 200);
    const id = request.headers["x-request-id"] ?? "";
    const more = status === 405 ? { allow: "GET, PUT" } : status === 302 ? { location: "/api/toggles" } : {};
    response.writeHead(status, { ...OWN_HEADERS, ...more, "x-request-id": id });
    const seen = { service: this.name, url, bytes, headers: request.headers, filler: "x".repeat(4000) };
    response.end(status === 304 ? undefined : JSON.stringify(seen));
  }
}

/** A page, files under /assets/ with and without their .gz, and files that nobody may see. */
export async function writeSmallApp(root: string): Promise<void> {
  const script = "export {};".repeat(500);
  await mkdir(join(root, "assets"), { recursive: true });
  await mkdir(join(root, ".git"));
  await writeFile(join(root, "index.html"), "<!doctype html><title>admin</title>");
  await writeFile(join(root, "assets/index-AbC123.js"), script);
  await writeFile(join(root, "assets/index-AbC123.js.gz"), gzipSync(script));
  await writeFile(join(root, "assets/plain-Xyz789.css"), "a{}".repeat(1000));
  await writeFile(join(root, "favicon.svg"), "<svg/>");
  await writeFile(join(root, ".env"), "SECRET=1");
  await writeFile(join(root, ".git/config"), "secret");
}

export interface Asked {
  method?: string;
  headers?: http.OutgoingHttpHeaders;
  body?: Buffer;
}

export interface Answer {
  status: number;
  headers: http.IncomingHttpHeaders;
  /** Each line of one name, so that doubles can be seen. */
  lines: (name: string) => string[];
  body: string;
}

/** Unlike `fetch`, it takes no header away, adds none, and follows nothing. */
export function ask(url: string, { method = "GET", headers = {}, body }: Asked = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = http.request(url, { method, headers, agent: false });
    request.on("error", reject);
    request.on("response", (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => {
        const raw = response.rawHeaders;
        const lines = (name: string) => raw.filter((_, at) => at % 2 === 1 && raw[at - 1]?.toLowerCase() === name);
        const text = Buffer.concat(chunks).toString();
        resolve({ status: response.statusCode ?? 0, headers: response.headers, lines, body: text });
      });
    });
    request.end(body);
  });
}
