/** Every number of the comparisons, for those who want to check them. */
import { percent } from "../compute/format.ts";
import type { Comparison } from "./api.ts";
import { chance, lift, lifts, pValue } from "./compute.ts";

const points = (range: readonly (number | null)[] | null): string =>
  range === null ? "–" : `${percent(range[0] ?? null)} to ${percent(range[1] ?? null)}`;
const change = (range: readonly (number | null)[] | null): string => lifts(range?.[0] ?? null, range?.[1] ?? null);

const ROWS: [string, (one: Comparison) => string][] = [
  ["Lift, best guess", (one) => lift(one.relative_lift)],
  ["Difference of the rates", (one) => percent(one.absolute_difference)],
  ["Always valid: lift", (one) => change(one.always_valid.relative_interval)],
  ["Always valid: difference", (one) => points(one.always_valid.absolute_interval)],
  ["Always valid: p", (one) => pValue(one.always_valid.p_value)],
  ["Always valid: p, all variants (Holm)", (one) => pValue(one.always_valid.p_value_adjusted)],
  ["Chance to beat control", (one) => chance(one.bayesian?.chance_to_beat_control ?? null)],
  ["Lost on average if shipped and worse", (one) => loss(one.bayesian?.expected_loss)],
  ["Gained on average if better", (one) => loss(one.bayesian?.expected_gain)],
  ["Credible lift", (one) => change(one.bayesian?.relative_interval ?? null)],
  ["One look: p", (one) => pValue(one.fixed_horizon?.p_value ?? null)],
  ["One look: lift", (one) => change(one.fixed_horizon?.relative_interval ?? null)],
  ["Exact check: p", (one) => pValue(one.exact_check?.p_value ?? null)],
];

const loss = (rate: number | undefined): string => (rate === undefined ? "–" : `${(rate * 100).toPrecision(2)} points`);

export function AllNumbers({ comparisons }: { comparisons: Comparison[] }) {
  return (
    <details className="disclosure">
      <summary>All numbers</summary>
      {/* A scrolling region must be reachable by keyboard. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: see above */}
      <section className="table-frame chart-table" aria-label="Table: all numbers" tabIndex={0}>
        <table className="table">
          <thead>
            <tr>
              <th scope="col">Number</th>
              {comparisons.map((one) => (
                <th key={one.variant} scope="col" className="number">
                  {one.variant}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {ROWS.map(([name, value]) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                {comparisons.map((one) => (
                  <td key={one.variant} className="number">
                    {value(one)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </details>
  );
}
