/** The frame of every chart: its legend above it, and the table behind it. The chart inside says in a sentence what it
 * shows, for those who cannot see it. */
import { type ReactNode, useId } from "react";
import type { Tone } from "../../compute/tones.ts";
import "./charts.css";

export interface LegendEntry {
  name: string;
  tone: Tone;
}

interface ChartProps {
  legend?: LegendEntry[];
  /** Headings of the table; the first column names the row. */
  columns: string[];
  rows: ReactNode[][];
  children: ReactNode;
}

export function Chart({ legend = [], columns, rows, children }: ChartProps) {
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
      <TableBehind columns={columns} rows={rows} />
    </figure>
  );
}

function TableBehind({ columns, rows }: { columns: string[]; rows: ReactNode[][] }) {
  const id = useId();
  return (
    <details className="disclosure">
      <summary id={id}>Show as table</summary>
      {/* A scrolling region must be reachable by keyboard. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: see above */}
      <section className="table-frame chart-table" aria-labelledby={id} tabIndex={0}>
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
            {rows.map(([head, ...cells]) => (
              <tr key={String(head)}>
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
