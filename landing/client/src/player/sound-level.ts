/** How loud the music is, and whether it is muted: remembered from page to page. Pure, apart from the memory it is given. */

const KEY = "pushnami.volume";
const FIRST_LEVEL = 50;

type Memory = Pick<Storage, "getItem" | "setItem">;

export class SoundLevel {
  private percent = FIRST_LEVEL;
  private silent = false;

  constructor(private readonly memory: Memory | null) {
    const kept = /^(\d{1,3})( muted)?$/.exec(memory?.getItem(KEY) ?? "");
    if (!kept) return;
    this.percent = Math.min(Number(kept[1]), 100);
    this.silent = kept[2] !== undefined;
  }

  /** Where the slider stands, 0 to 100. */
  get level(): number {
    return this.percent;
  }

  /** A slider at its lower end is as silent as the switch. */
  get muted(): boolean {
    return this.silent || this.percent === 0;
  }

  /** What amplitudes are multiplied by. Squared, because ears hear ratios: half way up then sounds half as loud. */
  get gain(): number {
    return this.muted ? 0 : (this.percent / 100) ** 2;
  }

  /** Who moves the slider wants to hear something. */
  set(percent: number): void {
    this.percent = Math.round(Math.min(Math.max(percent, 0), 100));
    this.silent = false;
    this.keep();
  }

  /** Mutes, or brings back what was heard before; from the very bottom, the level of a first visit. */
  toggleMute(): void {
    this.silent = !this.muted;
    if (!this.silent && this.percent === 0) this.percent = FIRST_LEVEL;
    this.keep();
  }

  private keep(): void {
    try {
      this.memory?.setItem(KEY, `${this.percent}${this.silent ? " muted" : ""}`);
    } catch {
      // Not remembered, then; it holds for this page.
    }
  }
}
