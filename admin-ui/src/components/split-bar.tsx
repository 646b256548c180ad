/** A traffic split as one bar: each variant with its share. The names and numbers stand below, so colour says nothing alone. */
import { toneAt } from "../compute/tones.ts";
import "./split-bar.css";

export interface Share {
  name: string;
  percent: number;
}

export function SplitBar({ shares }: { shares: Share[] }) {
  const placed = shares.map((share, index) => ({
    ...share,
    tone: toneAt(index),
    from: shares.slice(0, index).reduce((sum, before) => sum + before.percent, 0),
  }));
  return (
    <div className="split">
      <svg className="split-bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
        <rect className="bar-groove" width="100" height="8" />
        {placed.map((share, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: while names are typed, two may be the same
          <rect key={index} className={`bar-fill tone-${share.tone}`} x={share.from} width={share.percent} height="8" />
        ))}
      </svg>
      <ul className="split-names">
        {placed.map((share, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: as above
          <li key={index} className={`name tone-${share.tone}`}>
            <span>{share.name || "unnamed"}</span> <strong>{share.percent} %</strong>
          </li>
        ))}
      </ul>
    </div>
  );
}
