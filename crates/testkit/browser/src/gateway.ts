/** nginx with the product's own configuration, in a folder of a test's own. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { Program } from "./program.ts";

const TEMPLATE = resolve(import.meta.dirname, "../../../../admin-ui/nginx.conf");
const NGINX = process.env.NGINX ?? "/usr/sbin/nginx";

/** Where things are: addresses without a trailing slash, folders absolute. */
export interface Surroundings {
  admin: string;
  abtest: string;
  metrics: string;
  landing: string;
  app: string;
}

/** nginx, not yet started; its configuration is what `configure` writes into the same folder. */
export function gateway(folder: string, admin: string): Program {
  const args = ["-e", "stderr", "-p", join(folder, "run"), "-c", join(folder, "nginx.conf")];
  // Started as root, nginx serves as this user; otherwise as whoever runs the tests.
  if (process.getuid?.() === 0) args.push("-g", "user root;");
  return new Program({ name: "nginx", command: NGINX, args, env: {}, healthUrl: `${admin}/healthz` });
}

/** Fills in the placeholders; one that we do not know is an error, not an empty word. */
export async function configure(folder: string, where: Surroundings): Promise<void> {
  await mkdir(join(folder, "run"));
  const values: Record<string, string> = {
    ADMIN_LISTEN: new URL(where.admin).host,
    ADMIN_ROOT: where.app,
    RUN_DIR: join(folder, "run"),
    RESOLVER: "127.0.0.1",
    ABTEST_URL: where.abtest,
    METRICS_URL: where.metrics,
    LANDING_URL: where.landing,
    LANDING_PORT: new URL(where.landing).port,
    ACCESS_LOG: join(folder, "access.log"),
    LOG_FORMAT: "json",
  };
  const template = await readFile(TEMPLATE, "utf8");
  const filled = template.replace(/\$\{([A-Z_]+)\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) {
      throw new Error(`admin-ui/nginx.conf has a placeholder ${name} that this test does not know`);
    }
    return value;
  });
  await writeFile(join(folder, "nginx.conf"), filled);
}
