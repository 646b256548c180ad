/** The frame of every chart: its legend above it, and the table behind it. The chart inside says in a sentence what it
 * shows, for those who cannot see it. */
import type { ReactNode } from "react";
import type { Tone } from "../../compute/tones.ts";
import "./charts.css";

export interface LegendEntry {
  name: string;
  tone: Tone;
}

interface ChartProps {
  /** What the table behind is called, different from every other on the screen. */
  name: string;
  legend?: LegendEntry[];
  /** Headings of the table; the first column names the row. */
  columns: string[];
  rows: ReactNode[][];
  children: ReactNode;
}

export function Chart({ name, legend = [], columns, rows, children }: ChartProps) {
  return (
    <figure className="chart">
      {legend.length === 0 ? null : (
        <ul className="legend" aria-hidden="true">
          {legend.map((entry) => (
            <li key={entry.name} className={`name tone-${entry.tone}`}>
              {entry.name}
            </li>
          ))}
        </ul>
      )}
      {children}
      <TableBehind name={name} columns={columns} rows={rows} />
    </figure>
  );
}

function TableBehind({ name, columns, rows }: Omit<ChartProps, "legend" | "children">) {
  return (
    <details className="disclosure">
      <summary>Show as table</summary>
      {/* A scrolling region must be reachable by keyboard. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: see above */}
      <section className="table-frame chart-table" aria-label={`Table: ${name}`} tabIndex={0}>
        <table className="table">
          <thead>
            <tr>
              {columns.map((column, index) => (
                <th key={column} scope="col" className={index === 0 ? undefined : "number"}>
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(([head, ...cells], place) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: two rows may have the same head, as 07:00 today and yesterday
              <tr key={place}>
                <th scope="row">{head}</th>
                {cells.map((cell, index) => (
                  <td key={columns[index + 1]} className="number">
                    {cell}
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
