/**
 * Cuts the faces of the page down to the letters it can show. The packages bring every letter of several languages; most
 * of the first view's bytes would be letters that nobody sees.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import subsetFont from "subset-font";
import type { Plugin } from "vitest/config";

const between = (first: number, last: number): string =>
  String.fromCodePoint(...Array.from({ length: last - first + 1 }, (_, place) => first + place));

/** What Western Europe writes, with its dashes, quotes, bullets and dots: a marketer's words may hold any of it. */
const LATIN = `${between(0x20, 0x7e)}${between(0xa0, 0xff)}–—‘’‚“”„•…€`;
/** Greek as it is written today. */
const GREEK = between(0x370, 0x3ff);

const FACES = {
  "cinzel-latin-700-normal": LATIN,
  "cormorant-garamond-latin-600-normal": LATIN,
  "cormorant-garamond-latin-600-italic": LATIN,
  "share-tech-mono-latin-400-normal": LATIN,
  "gfs-didot-greek-400-normal": GREEK,
};

/** Writes the faces to `node_modules/.faces`, where `fonts.css` finds them, before anything is bundled. */
export function cutFonts(): Plugin {
  return {
    name: "cut-fonts",
    apply: "build",
    async buildStart() {
      const folder = join(import.meta.dirname, "node_modules");
      mkdirSync(join(folder, ".faces"), { recursive: true });
      for (const [face, letters] of Object.entries(FACES)) {
        const family = face.replace(/-(latin|greek)-.*/, "");
        const whole = readFileSync(join(folder, "@fontsource", family, "files", `${face}.woff2`));
        writeFileSync(
          join(folder, ".faces", `${face}.woff2`),
          await subsetFont(whole, letters, { targetFormat: "woff2" }),
        );
      }
    },
  };
}
