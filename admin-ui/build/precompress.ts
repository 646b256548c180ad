/** Writes a `.gz` beside each file of the build that gains by it, for `gzip_static` of nginx: compressed once, at the
 * highest level, instead of again for each visit. */
import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { Plugin } from "vite";

// Fonts (woff2) are compressed inside already; below a network packet there is nothing to win.
const COMPRESSIBLE = /\.(?:html|js|css|svg|json|webmanifest)$/;
const SMALLEST = 1024;

const compress = promisify(gzip);

export function precompress(): Plugin {
  let folder = "";
  return {
    name: "pushnami:precompress",
    apply: "build",
    configResolved(config) {
      folder = path.resolve(config.root, config.build.outDir);
    },
    async closeBundle() {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true });
      const files = entries.filter((entry) => entry.isFile() && COMPRESSIBLE.test(entry.name));
      await Promise.all(files.map((file) => writeCompressed(path.join(file.parentPath, file.name))));
    },
  };
}

async function writeCompressed(file: string): Promise<void> {
  const content = await readFile(file);
  if (content.length < SMALLEST) return;
  await writeFile(`${file}.gz`, await compress(content, { level: 9 }));
}
