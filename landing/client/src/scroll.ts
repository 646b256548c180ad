/** How far down the page a visitor came: each quarter is reached once. */

const QUARTERS = [25, 50, 75, 100];

export class ScrollDepth {
  private waiting = QUARTERS;

  /**
   * The quarters that are newly reached at this position. `range` is how far the page can be scrolled at all; a page that
   * fits the window has no depth.
   */
  reached(top: number, range: number): number[] {
    // Browsers stop a fraction of a pixel short of the end at some zoom levels.
    const percent = range > 0 ? ((top + 1) / range) * 100 : 0;
    const reached = this.waiting.filter((quarter) => percent >= quarter);
    this.waiting = this.waiting.filter((quarter) => percent < quarter);
    return reached;
  }
}

/** Watches the window and looks at most once a frame. */
export function watchScroll(onQuarter: (percent: number) => void): void {
  const depth = new ScrollDepth();
  let asked = false;
  const look = (): void => {
    asked = false;
    const range = document.documentElement.scrollHeight - window.innerHeight;
    for (const percent of depth.reached(window.scrollY, range)) onQuarter(percent);
  };
  const onScroll = (): void => {
    if (!asked) requestAnimationFrame(look);
    asked = true;
  };
  addEventListener("scroll", onScroll, { passive: true });
}
