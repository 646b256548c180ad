/** What each variant counted: visitors, conversions, the rate with its interval drawn, the chance to be best. */
import { scaleLinear } from "d3-scale";
import { count, percent } from "../compute/format.ts";
import { toneAt } from "../compute/tones.ts";
import type { VariantResult } from "./api.ts";
import { chance } from "./compute.ts";

export function VariantTable({ variants }: { variants: VariantResult[] }) {
  const most = Math.max(0.001, ...variants.map((one) => one.rate_interval?.[1] ?? 0));
  return (
    <section className="table-frame" aria-label="Table: variants">
      <table className="table result-table">
        <thead>
          <tr>
            <th scope="col">Variant</th>
            <th scope="col" className="number">
              Visitors
            </th>
            <th scope="col" className="number">
              Conversions
            </th>
            <th scope="col">Rate, and where it truly lies</th>
            <th scope="col">Chance to be best</th>
          </tr>
        </thead>
        <tbody>
          {variants.map((one, index) => (
            <tr key={one.key}>
              <th scope="row" className={`tone-${toneAt(index)}`}>
                <span className="name">{one.key}</span>
                {one.is_control ? <span className="quiet small"> control</span> : null}
              </th>
              <td className="number" data-name="Visitors">
                {count(one.visitors)}
              </td>
              <td className="number" data-name="Conversions">
                {count(one.conversions)}
              </td>
              <td data-name="Rate">
                <RateCell variant={one} most={most} tone={toneAt(index)} />
              </td>
              <td data-name="Chance to be best">
                <span className="rate-figure">{chance(one.probability_best)}</span>
                <svg className="bar-track" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
                  <rect className="bar-groove" width="100" height="10" />
                  <rect className="bar-fill chance-fill" width={(one.probability_best ?? 0) * 100} height="10" />
                </svg>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function RateCell({ variant, most, tone }: { variant: VariantResult; most: number; tone: number }) {
  const x = scaleLinear([0, most], [0, 100]);
  const [low, high] = variant.rate_interval ?? [];
  if (low === undefined || high === undefined) return <span className="rate-figure">–</span>;
  return (
    <>
      <span className="rate-figure">
        {percent(variant.rate)}{" "}
        <span className="quiet small">
          {percent(low)} to {percent(high)}
        </span>
      </span>
      <svg className="bar-track" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
        <rect className="bar-groove" width="100" height="10" />
        <rect className={`bar-fill tone-${tone}`} x={x(low)} width={Math.max(0.6, x(high) - x(low))} height="10" />
      </svg>
    </>
  );
}
