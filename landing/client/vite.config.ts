/**
 * How the landing page's script, styles and fonts become files with hashed names in `dist/`, which the Rust side embeds
 * (`landing/src/page/assets.rs` reads `.vite/manifest.json` to find them).
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { defineConfig, type Plugin } from "vitest/config";
import { cutFonts } from "./fonts";

/** Text shrinks, and so do vertices and light; fonts and pictures are compressed already. */
const COMPRESSIBLE = /\.(js|css|svg|txt|glb|hdr)$/;

/**
 * Writes a `.br` and a `.gz` beside every file of text, once and at the highest level, so that serving costs nothing.
 * Our own, because node's zlib does the work and what is left is a loop.
 */
function precompress(): Plugin {
  let folder = "dist";
  return {
    name: "precompress",
    apply: "build",
    configResolved(config) {
      folder = join(config.root, config.build.outDir);
    },
    closeBundle() {
      for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
        if (!COMPRESSIBLE.test(name)) continue;
        const path = join(folder, name);
        const content = readFileSync(path);
        const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
        writeFileSync(`${path}.br`, brotliCompressSync(content, { params }));
        writeFileSync(`${path}.gz`, gzipSync(content, { level: constants.Z_BEST_COMPRESSION }));
      }
    },
  };
}

export default defineConfig({
  plugins: [cutFonts(), precompress()],
  build: {
    target: ["chrome111", "firefox114", "safari16.4"],
    manifest: true,
    // A data: URI would need a hole in the Content-Security-Policy.
    assetsInlineLimit: 0,
    // Every browser of the target preloads modules by itself.
    modulePreload: { polyfill: false },
    rollupOptions: { input: "src/main.ts" },
  },
  test: { environment: "happy-dom", include: ["src/**/*.test.ts"] },
});
