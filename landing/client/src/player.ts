/**
 * TEMPLE.FM, the part that every page carries: the closed player, which covers no call to action, and remembers whether it
 * was open. The player itself (`player/deck.ts`) is fetched with the first sign that somebody wants it, and nothing of
 * the music before Play.
 */
import { animate } from "./frames";
import { pageStorage } from "./outbox";
import { clearance } from "./player/clearance";
import type { Deck } from "./player/deck";
import type { Record } from "./recorder";

const KEY = "pushnami.player";
const OFFERS = "[data-cta], .form [type=submit]";
/** The masthead stands this high; the player does not rise into it. */
const CEILING = 72;

/** Where the open player would cover the page (styles/player.css knows the same width), every page begins with it closed. */
const narrow = matchMedia("(width < 40rem)");

class Player {
  private deck: Promise<Deck> | null = null;
  private readonly pill: HTMLButtonElement;
  private rise = 0;
  private placing = false;

  constructor(
    private readonly root: HTMLElement,
    private readonly record: Record,
  ) {
    this.pill = root.querySelector(".player__pill") as HTMLButtonElement;
    root.hidden = false;
    this.pill.addEventListener("click", () => void this.open(!this.isOpen, true));
    root.querySelector("[data-player=toggle]")?.addEventListener("click", () => void this.press());
    root.addEventListener("keydown", (event) => event.key === "Escape" && this.isOpen && this.leave());
    // Who comes near with a pointer or by keyboard will press in a moment; the press then finds it there.
    for (const sign of ["pointerenter", "focusin"])
      root.addEventListener(sign, () => void this.ready().catch(() => {}), { once: true });
    for (const change of ["scroll", "resize"]) addEventListener(change, () => this.place(), { passive: true });
    new ResizeObserver(() => this.place()).observe(root);
    if (!narrow.matches && remembered() === "open") void this.open(true, false);
  }

  private get isOpen(): boolean {
    return this.pill.getAttribute("aria-expanded") === "true";
  }

  /** The player itself; `null` when it could not be fetched, which is said. */
  private async fetched(): Promise<Deck | null> {
    try {
      return await this.ready();
    } catch {
      const words = this.root.querySelector(".player__words");
      if (words) words.textContent = "The player could not be fetched. Try again in a moment.";
      return null;
    }
  }

  private ready(): Promise<Deck> {
    this.deck ??= import("./player/deck")
      .then(({ Deck }) => Deck.start(this.root, this.record))
      .catch((error) => {
        this.deck = null;
        throw error;
      });
    return this.deck;
  }

  private async press(): Promise<void> {
    await (await this.fetched())?.toggle();
  }

  private async open(open: boolean, remember: boolean): Promise<void> {
    if (open) {
      const deck = await this.fetched();
      if (!deck) return;
      void deck.look();
    }
    this.pill.setAttribute("aria-expanded", String(open));
    if (!remember) return;
    try {
      pageStorage()?.setItem(KEY, open ? "open" : "closed");
    } catch {
      // Not remembered, then.
    }
  }

  /** Closes it and stays at its door. */
  private leave(): void {
    void this.open(false, true);
    this.pill.focus();
  }

  /** Rises over whatever call to action is scrolled under it, with the next frame. */
  private place(): void {
    if (this.placing) return;
    this.placing = true;
    animate(() => {
      this.placing = false;
      const { left, top, right, bottom } = this.root.getBoundingClientRect();
      // Where it would rest, whatever it does at this moment on its way there.
      const style = getComputedStyle(this.root);
      const drift = Number.parseFloat(style.translate.split(" ")[1] ?? "0") || 0;
      const rest = { left, right, top: top - drift, bottom: bottom - drift };
      const offers = [...document.querySelectorAll(OFFERS)].map((offer) => offer.getBoundingClientRect());
      const rise = clearance(rest, offers, CEILING);
      if (rise !== this.rise) this.root.style.translate = `0 ${-rise}px`;
      this.rise = rise;
      return false;
    });
  }
}

function remembered(): string | null {
  return pageStorage()?.getItem(KEY) ?? null;
}

/** Wakes the player, if the page has one. */
export function wakePlayer(record: Record): void {
  const root = document.querySelector<HTMLElement>("#player");
  if (root) new Player(root, record);
}
