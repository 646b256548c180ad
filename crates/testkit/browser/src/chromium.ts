/** Debian's Chromium, as the tests start it: with or without a way to draw WebGL. */

/** Where it is, unless somebody has another one. */
const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";

/** No sandbox inside a container's own, and no word to anybody outside. */
const QUIET = [
  "--no-sandbox",
  "--disable-dev-shm-usage",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** For most tests: the sculpture would be drawn by the processor, which takes its time. */
export const PLAIN = { executablePath, args: [...QUIET, "--disable-gpu", "--disable-3d-apis"] };

/** For the tests of the sculpture: three dimensions without a graphics card. */
export const DRAWING = {
  executablePath,
  args: [...QUIET, "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist"],
};
