/**
 * Time on the page: the seconds during which it was visible. Each time the page is hidden, one event carries the seconds
 * since the one before, so the sum over a visitor's events is the whole visible time and none is counted twice.
 */
export class VisibleTime {
  private total = 0;
  private told = 0;
  private since: number | null = null;

  /** `now` counts milliseconds upwards, never backwards: `performance.now`. */
  constructor(private readonly now: () => number) {}

  /** The page came into sight. */
  shown(): void {
    this.since ??= this.now();
  }

  /** The page went out of sight: the seconds to tell, in tenths, or null when there is nothing new. */
  hidden(): number | null {
    if (this.since === null) return null;
    this.total += this.now() - this.since;
    this.since = null;
    // Rounding the running total, not each piece, keeps the sum right.
    const tenths = Math.round(this.total / 100);
    const news = tenths - this.told;
    this.told = tenths;
    return news > 0 ? news / 10 : null;
  }
}
