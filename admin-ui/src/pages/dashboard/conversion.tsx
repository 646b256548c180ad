/** What the visitors of each variant did: counts and rates, each rate drawn as a bar inside its cell. Visitors, not events. */
import type { Stats } from "../../api/events.ts";
import { type Fetched, Loaded, Panel } from "../../components/panel.tsx";
import { count, percent } from "../../compute/format.ts";
import { type ConversionRow, conversions } from "../../compute/stats.ts";
import { toneAt } from "../../compute/tones.ts";
import { NothingYet } from "./nothing-yet.tsx";

export function ConversionPanel({ stats, variants }: { stats: Fetched<Stats>; variants: string[] }) {
  return (
    <Panel title="Conversion by variant" className="is-wide">
      <Loaded isQuiet of={stats} empty={(value) => (conversions(value, variants).length === 0 ? <NothingYet /> : null)}>
        {(value) => <ConversionTable rows={conversions(value, variants)} variants={variants} />}
      </Loaded>
    </Panel>
  );
}

function ConversionTable({ rows, variants }: { rows: ConversionRow[]; variants: string[] }) {
  return (
    <>
      <table className="table conversion">
        <thead>
          <tr>
            <th scope="col">Variant</th>
            <th scope="col" className="number">
              Views
            </th>
            <th scope="col" className="number">
              Clicks
            </th>
            <th scope="col" className="number">
              Submissions
            </th>
            <th scope="col">Click rate</th>
            <th scope="col">Submit rate</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.variant}>
              <th scope="row" className={`tone-${toneAt(variants.indexOf(row.variant))}`}>
                <span className="name">{row.variant}</span>
              </th>
              <Cell name="Views">{count(row.views)}</Cell>
              <Cell name="Clicks">{count(row.clicks)}</Cell>
              <Cell name="Submissions">{count(row.submissions)}</Cell>
              <RateCell name="Click rate" rate={row.clickRate} tone={0} />
              <RateCell name="Submit rate" rate={row.submitRate} tone={3} />
            </tr>
          ))}
        </tbody>
      </table>
      <p className="hint">
        Different visitors, not events. Rates are of the visitors who viewed the page; a full bar is 100 %.
      </p>
    </>
  );
}

// On a phone each row becomes a card, where `data-name` stands in for the heading of the column.
function Cell({ name, children }: { name: string; children: string }) {
  return (
    <td className="number" data-name={name}>
      {children}
    </td>
  );
}

function RateCell({ name, rate, tone }: { name: string; rate: number | null; tone: number }) {
  return (
    <td className="rate" data-name={name}>
      <span className="rate-figure">{percent(rate)}</span>
      <svg className="bar-track" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
        <rect className="bar-groove" width="100" height="10" />
        <rect className={`bar-fill tone-${tone}`} width={Math.min(100, (rate ?? 0) * 100)} height="10" />
      </svg>
    </td>
  );
}
