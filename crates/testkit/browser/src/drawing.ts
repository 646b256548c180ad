/** A browser that draws WebGL without a graphics card, for the tests of the sculpture. */

/** Instead of `--disable-gpu`, which the other tests want: they shall not wait for three dimensions. */
export const DRAWING = {
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: [
    "--no-sandbox",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
};
