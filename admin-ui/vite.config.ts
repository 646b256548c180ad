/** How the admin is built, and how it is served while being developed: with the same paths to the three services as
 * nginx.conf gives them. */
import react from "@vitejs/plugin-react";
import { loadEnv, type ProxyOptions } from "vite";
import { defineConfig } from "vitest/config";
import { precompress } from "./build/precompress.ts";

export default defineConfig(({ mode }) => {
  // The project's own `.env`, one folder up, says where the services are; a variable of the environment wins.
  const env = loadEnv(mode, "..", "");
  return {
    plugins: [react(), precompress()],
    server: { port: Number(env.ADMIN_PORT ?? 3001), strictPort: true, proxy: services(env) },
    preview: { port: Number(env.ADMIN_PORT ?? 3001), strictPort: true, proxy: services(env) },
    // A file inlined as `data:` would be refused by the policy of nginx.conf, fonts above all.
    build: { assetsInlineLimit: 0, target: "es2022", reportCompressedSize: false },
    test: {
      environment: "happy-dom",
      include: ["src/**/*.test.{ts,tsx}"],
      setupFiles: ["src/testing/setup.ts"],
    },
  };
});

/** The first pattern that fits decides, so the exceptions stand before the rule. */
function services(env: Record<string, string>): Record<string, ProxyOptions> {
  const abtest = env.ABTEST_URL ?? `http://127.0.0.1:${env.ABTEST_PORT ?? 8002}`;
  const metrics = env.METRICS_URL ?? `http://127.0.0.1:${env.METRICS_PORT ?? 8001}`;
  const landing = env.LANDING_URL ?? `http://127.0.0.1:${env.LANDING_PORT ?? 3000}`;
  return {
    "^/api/(?:events|stats|live|leads|visitors|calculator)(?:[/?]|$)": { target: metrics },
    "^/api/experiments/[^/?]+/results(?:[?]|$)": { target: metrics },
    "^/api/(?:tracks|previews)(?:[/?]|$)": { target: landing },
    "^/music/": { target: landing },
    "^/(?:api|ofrep)/": { target: abtest },
  };
}
