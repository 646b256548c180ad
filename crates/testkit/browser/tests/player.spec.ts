/** TEMPLE.FM: plays, seeks, goes on by itself, remembers, covers nothing, and gets over a track that is gone. */
import type { Page } from "@playwright/test";
import { expect, test } from "../src/fixtures.ts";
import { tally, visitorCookie } from "../src/landing.ts";

const part = (page: Page, name: string) => page.locator(`#player [data-player=${name}]`);
const row = (page: Page, place: number) => page.locator(".player__list button").nth(place);

async function open(page: Page): Promise<void> {
  const pill = page.locator(".player__pill");
  await pill.click();
  await expect(pill).toHaveAttribute("aria-expanded", "true");
  await expect(row(page, 2)).toBeVisible();
}

/** What the audio element itself says, which no part of the page shows. */
async function listen(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const { Audio } = window;
    window.Audio = class extends Audio {
      constructor(src?: string) {
        super(src);
        Object.assign(window, { heard: this });
      }
    };
  });
}

const heard = (page: Page) =>
  page.evaluate(() => {
    const { currentTime, paused, src, volume } = (window as unknown as { heard: HTMLAudioElement }).heard;
    return { currentTime, paused, file: src.split("/").at(-1), volume };
  });

const seekTo = (page: Page, seconds: number) =>
  page.evaluate((time) => {
    (window as unknown as { heard: HTMLAudioElement }).heard.currentTime = time;
  }, seconds);

test("nothing of the music is fetched before Play; then it plays, shows itself, and goes on to the next track", async ({
  page,
  system,
}) => {
  await listen(page);
  const asked: string[] = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await page.goto(system.landing);
  await expect(page.locator("#player")).toHaveAttribute("data-state", "paused");
  await open(page);
  expect(asked.filter((path) => path.startsWith("/music/"))).toEqual([]);
  await expect(row(page, 0)).toHaveAttribute("aria-current", "true");
  const spectrum = page.locator(".player__spectrum");
  await expect(spectrum).toHaveAttribute("data-spectrum", "still");

  await part(page, "toggle").click();
  await expect(page.locator("#player")).toHaveAttribute("data-state", "playing");
  await expect(spectrum).toHaveAttribute("data-spectrum", "live");
  await expect.poll(async () => (await heard(page)).currentTime).toBeGreaterThan(0.5);
  await expect(part(page, "elapsed")).not.toHaveText("0:00");
  await expect(part(page, "total")).toHaveText(/^1:\d\d$/);
  const lit = () =>
    spectrum.evaluate((element) => {
      const canvas = element as HTMLCanvasElement;
      const upper = canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height / 2);
      return (upper?.data ?? []).some((value) => value > 0);
    });
  await expect.poll(lit).toBe(true);

  // The last moments of it, and the next one comes by itself, which is nobody's act.
  await seekTo(page, 1e6);
  await expect(row(page, 1)).toHaveAttribute("aria-current", "true");
  await expect.poll(async () => (await heard(page)).file).toBe("02-colonnade-at-dusk.mp3");
  await expect.poll(async () => (await heard(page)).paused).toBe(false);
  // After the last comes the first.
  await row(page, 2).click();
  await expect.poll(async () => (await heard(page)).file).toBe("03-lotus-arcade.mp3");
  await part(page, "next").click();
  await expect(row(page, 0)).toHaveAttribute("aria-current", "true");
  await part(page, "toggle").click();
  await expect.poll(async () => (await heard(page)).paused).toBe(true);
  await expect(spectrum).toHaveAttribute("data-spectrum", "still");
  // What was silent stays silent.
  await part(page, "prev").click();
  await expect(row(page, 2)).toHaveAttribute("aria-current", "true");
  expect((await heard(page)).paused).toBe(true);
});

test("the seek bar obeys the pointer and the keyboard", async ({ page, system }) => {
  await listen(page);
  await page.goto(system.landing);
  await open(page);
  await part(page, "toggle").click();
  await expect(page.locator("#player")).toHaveAttribute("data-state", "playing");
  await part(page, "toggle").click();
  const bar = part(page, "seek");
  const box = await bar.boundingBox();
  if (!box) throw new Error("the seek bar is not to be seen");
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  const at = async () => Math.round((await heard(page)).currentTime);
  const total = Number(await bar.getAttribute("max"));
  await expect.poll(async () => Math.abs((await at()) - total / 2)).toBeLessThan(4);
  const middle = await at();
  await bar.press("ArrowRight");
  await expect.poll(at).toBe(middle + 5);
  await bar.press("PageDown");
  await expect.poll(at).toBe(middle - 10);
  await bar.press("Home");
  await expect.poll(at).toBe(0);
  await expect(bar).toHaveAttribute("aria-valuetext", /^0:00 of 1:\d\d$/);
});

test("how loud it was and whether it was open is remembered, mute brings back what was", async ({ page, system }) => {
  await page.goto(system.landing);
  await open(page);
  await part(page, "volume").fill("20");
  await part(page, "mute").click();
  await expect(part(page, "mute")).toHaveAttribute("aria-pressed", "true");
  await page.reload();
  await expect(page.locator(".player__pill")).toHaveAttribute("aria-expanded", "true");
  await expect(part(page, "volume")).toHaveValue("20");
  await expect(part(page, "mute")).toHaveAttribute("aria-pressed", "true");
  await part(page, "mute").click();
  await expect(part(page, "mute")).toHaveAttribute("aria-pressed", "false");
  await expect(part(page, "level")).toHaveText("20");
  // Escape closes it, and whoever pressed it stands at its door.
  await page.keyboard.press("Escape");
  await expect(page.locator(".player__pill")).toHaveAttribute("aria-expanded", "false");
  await expect(page.locator(".player__pill")).toBeFocused();
});

test("the system's media keys play it, and its card says what plays", async ({ page, system, context, admin }) => {
  await page.addInitScript(() => {
    const handlers: { [action: string]: () => void } = {};
    Object.assign(window, { handlers });
    navigator.mediaSession.setActionHandler = (action, handler) => {
      handlers[action] = handler as () => void;
    };
  });
  await page.goto(system.landing);
  await open(page);
  const press = (action: string) =>
    page.evaluate(
      (name) => (window as unknown as { handlers: { [action: string]: () => void } }).handlers[name]?.(),
      action,
    );
  const card = () =>
    page.evaluate(() => ({
      title: navigator.mediaSession.metadata?.title,
      album: navigator.mediaSession.metadata?.album,
      state: navigator.mediaSession.playbackState,
    }));
  await part(page, "toggle").click();
  await expect.poll(card).toEqual({ title: "Neon Oracle", album: "TEMPLE.FM", state: "playing" });
  await press("nexttrack");
  await expect.poll(card).toEqual({ title: "Colonnade at Dusk", album: "TEMPLE.FM", state: "playing" });
  await press("pause");
  await expect.poll(card).toMatchObject({ state: "paused" });
  await page.goto("about:blank");
  const visitor = (await visitorCookie(context))?.value ?? "";
  const acts = async () => tally(await admin.events({ visitor_id: visitor, event_type: "click" }));
  await expect.poll(acts).toEqual({ "click music_play": 1, "click music_next": 1, "click music_pause": 1 });
});

test("a track that is gone is said and passed over; a library that cannot be reached is said, too", async ({
  page,
  system,
}) => {
  await listen(page);
  await page.route("**/music/01-*", (route) => route.fulfill({ status: 404, body: "" }));
  await page.goto(system.landing);
  await open(page);
  await part(page, "toggle").click();
  await expect(part(page, "words")).toContainText("cannot be played");
  await expect(row(page, 1)).toHaveAttribute("aria-current", "true");
  await expect.poll(async () => (await heard(page)).file).toBe("02-colonnade-at-dusk.mp3");
  await expect(page.locator("#player")).toHaveAttribute("data-state", "playing");

  await page.route("**/api/tracks", (route) => route.abort());
  await page.route("**/music/**", (route) => route.abort());
  await part(page, "next").click();
  await expect(part(page, "words")).toContainText("cannot be reached");
  await expect(page.locator("#player")).toHaveAttribute("data-state", "paused");
});

test("on a phone it is a button that covers no call to action, wherever the page is scrolled to", async ({
  page,
  system,
}) => {
  await page.setViewportSize({ width: 360, height: 640 });
  await page.goto(system.landing);
  await expect(page.locator("#player")).toBeVisible();
  for (const offer of ["#cta-primary", "#cta-secondary", "#contact-form [type=submit]"]) {
    await page.locator(offer).evaluate((element) => {
      const { bottom } = element.getBoundingClientRect();
      // Right at the lower edge of the window, where the player rests.
      scrollTo({ top: scrollY + bottom - innerHeight + 30, behavior: "instant" });
    });
    const overlap = () =>
      page.evaluate((selector) => {
        const [one, other] = [selector, "#player"].map((name) => document.querySelector(name)?.getBoundingClientRect());
        if (!one || !other) return true;
        return one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
      }, offer);
    await expect.poll(overlap, offer).toBe(false);
  }
});
