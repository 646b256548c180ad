/** Horizontal bars, one a row, with the name before and the number behind. A bar may consist of segments. */
import { scaleLinear } from "d3-scale";
import { stack } from "d3-shape";
import type { Tone } from "../../compute/tones.ts";

export interface BarSegment {
  name: string;
  value: number;
  tone: Tone;
}

export interface Bar {
  name: string;
  /** The number behind the bar, as people read it. */
  label: string;
  segments: BarSegment[];
}

interface BarsProps {
  /** What the bars say, in a sentence. */
  summary: string;
  bars: Bar[];
  /** What a full bar stands for; the longest bar if left out. */
  most?: number;
}

// The bar is drawn in hundredths of its own width, which the page decides; names and numbers stay text beside it, where
// they wrap and grow as text does.
const WIDTH = 100;
const HEIGHT = 10;

export function Bars({ summary, bars, most }: BarsProps) {
  const length = (bar: Bar) => bar.segments.reduce((sum, segment) => sum + segment.value, 0);
  const longest = most ?? Math.max(...bars.map(length), 1);
  const x = scaleLinear([0, longest], [0, WIDTH]).clamp(true);
  return (
    <div className="bars" role="img" aria-label={summary}>
      {bars.map((bar) => (
        <div className="bar" key={bar.name}>
          <span className="bar-name" title={bar.name}>
            {bar.name}
          </span>
          <svg className="bar-track" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
            <rect className="bar-groove" width={WIDTH} height={HEIGHT} />
            {placed(bar.segments).map(({ segment, from, to }) => (
              <rect
                key={segment.name}
                className={`bar-fill tone-${segment.tone}`}
                x={x(from)}
                width={Math.max(0, x(to) - x(from))}
                height={HEIGHT}
              >
                <title>{`${segment.name}: ${segment.value}`}</title>
              </rect>
            ))}
          </svg>
          <span className="bar-label">{bar.label}</span>
        </div>
      ))}
    </div>
  );
}

/** Where each segment begins and ends when they lie one behind the other. */
function placed(segments: BarSegment[]): { segment: BarSegment; from: number; to: number }[] {
  const keys = segments.map((_, index) => index);
  const layers = stack<BarSegment[], number>()
    .keys(keys)
    .value((row, key) => row[key]?.value ?? 0)([segments]);
  return segments.map((segment, index) => ({
    segment,
    from: layers[index]?.[0]?.[0] ?? 0,
    to: layers[index]?.[0]?.[1] ?? 0,
  }));
}
