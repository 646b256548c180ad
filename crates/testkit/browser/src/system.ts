/**
 * A whole Pushnami of a test's own: a fresh database, the three services and nginx on free ports, an empty music folder.
 *
 * The environment says where things are: DATABASE_URL (a server in which databases may be created), PUSHNAMI_BIN_DIR,
 * NGINX. `cargo xtask test` sets them.
 */
import { randomUUID } from "node:crypto";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import pg from "pg";
import { configure, gateway } from "./gateway.ts";
import { freePorts } from "./ports.ts";
import { Program } from "./program.ts";

export const PASSWORD = "a password of the browser tests";

const ROOT = resolve(import.meta.dirname, "../../../..");
const SERVER = process.env.DATABASE_URL ?? "postgres://pushnami@127.0.0.1:5432/postgres";
const BIN_DIR = resolve(ROOT, process.env.PUSHNAMI_BIN_DIR ?? "target/debug");

export type Part = "abtest" | "metrics" | "landing" | "nginx";

export class System {
  readonly landing: string;
  readonly admin: string;
  readonly abtest: string;
  readonly metrics: string;
  private readonly programs: Record<Part, Program>;
  private readonly database: string;
  private readonly folder: string;

  private constructor(ports: number[], folder: string) {
    const [landing, admin, metrics, abtest] = ports;
    this.folder = folder;
    this.database = `browser_${randomUUID().replaceAll("-", "")}`;
    this.landing = `http://127.0.0.1:${landing}`;
    this.admin = `http://127.0.0.1:${admin}`;
    this.abtest = `http://127.0.0.1:${abtest}`;
    this.metrics = `http://127.0.0.1:${metrics}`;
    const env: Record<string, string> = {
      DATABASE_URL: withDatabase(SERVER, this.database),
      ADMIN_PASSWORD: PASSWORD,
      ADMIN_AUTH: "on",
      BIND_ADDR: "127.0.0.1",
      LISTEN_ADDR: "127.0.0.1",
      ALLOWED_ORIGINS: `${this.landing},${this.admin}`,
      LANDING_PORT: `${landing}`,
      ADMIN_PORT: `${admin}`,
      METRICS_PORT: `${metrics}`,
      ABTEST_PORT: `${abtest}`,
      ABTEST_URL: this.abtest,
      METRICS_URL: this.metrics,
      LANDING_URL: this.landing,
      MUSIC_DIR: join(folder, "music"),
      PUSHNAMI_DATA: folder,
      RUST_LOG: "info,sqlx=warn",
      LOG_FORMAT: "text",
    };
    const service = (name: Part, url: string) =>
      new Program({ name, command: join(BIN_DIR, name), env, healthUrl: `${url}/health` });
    this.programs = {
      abtest: service("abtest", this.abtest),
      metrics: service("metrics", this.metrics),
      landing: service("landing", this.landing),
      nginx: gateway(folder, this.admin),
    };
  }

  static async start(): Promise<System> {
    const folder = await mkdtemp(join(tmpdir(), "pushnami-browser-"));
    const system = new System(await freePorts(4), folder);
    try {
      await system.prepare();
      await Promise.all([system.start("abtest"), system.start("metrics")]);
      await system.start("landing");
      await system.start("nginx");
      return system;
    } catch (error) {
      await system.dispose();
      throw error;
    }
  }

  start(part: Part): Promise<void> {
    return this.programs[part].start();
  }

  stop(part: Part): Promise<void> {
    return this.programs[part].stop();
  }

  freeze(part: Part): void {
    this.programs[part].freeze();
  }

  thaw(part: Part): void {
    this.programs[part].thaw();
  }

  /** Rows of this system's own database. */
  async query<Row extends pg.QueryResultRow>(sql: string, values: unknown[] = []): Promise<Row[]> {
    return withClient(
      withDatabase(SERVER, this.database),
      async (client) => (await client.query<Row>(sql, values)).rows,
    );
  }

  /** Stops everything and leaves nothing behind. */
  async dispose(): Promise<void> {
    for (const part of ["nginx", "landing", "metrics", "abtest"] as const) {
      this.programs[part].thaw();
      await this.programs[part].stop(part === "nginx" ? "SIGTERM" : "SIGTERM");
    }
    await withClient(SERVER, (client) => client.query(`drop database if exists ${this.database} with (force)`));
    await rm(this.folder, { recursive: true, force: true });
  }

  private async prepare(): Promise<void> {
    await withClient(SERVER, (client) => client.query(`create database ${this.database}`));
    await chmod(this.folder, 0o755);
    const { admin, abtest, metrics, landing } = this;
    await configure(this.folder, { admin, abtest, metrics, landing, app: join(ROOT, "admin-ui/dist") });
  }
}

function withDatabase(server: string, database: string): string {
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.toString();
}

async function withClient<T>(connectionString: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
