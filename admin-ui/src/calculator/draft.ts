/** What is typed into the calculator, and what is asked of it. Pure. */
import type { Calculation } from "../results/api.ts";

export interface Row {
  /** Tells rows apart while their names change. */
  id: number;
  name: string;
  visitors: string;
  conversions: string;
  percent: string;
}

export interface Draft {
  rows: Row[];
  baseline: string;
  lift: string;
  daily: string;
}

export const FIRST: Draft = {
  rows: [
    { id: 0, name: "A", visitors: "10000", conversions: "500", percent: "50" },
    { id: 1, name: "B", visitors: "10000", conversions: "580", percent: "50" },
  ],
  baseline: "",
  lift: "10",
  daily: "",
};

const MOST_ROWS = 20;

/** With one row more, and equal shares; as it was when there is no room. */
export function withRow(draft: Draft): Draft {
  if (draft.rows.length >= MOST_ROWS) return draft;
  const id = Math.max(...draft.rows.map((row) => row.id)) + 1;
  const name = String.fromCharCode("A".charCodeAt(0) + draft.rows.length);
  return shared({ ...draft, rows: [...draft.rows, { id, name, visitors: "0", conversions: "0", percent: "" }] });
}

/** Without a row; control and one variant stay. */
export const withoutRow = (draft: Draft, id: number): Draft =>
  draft.rows.length <= 2 ? draft : shared({ ...draft, rows: draft.rows.filter((row) => row.id !== id) });

function shared(draft: Draft): Draft {
  const percent = String(Math.round(10_000 / draft.rows.length) / 100);
  return { ...draft, rows: draft.rows.map((row) => ({ ...row, percent })) };
}

/** A number that was typed; null where it is none. Spaces and commas between thousands are taken as such. */
export function numberOf(text: string): number | null {
  const plain = text.replace(/[\s,_]/g, "");
  if (!/^-?\d+(\.\d+)?$/.test(plain)) return null;
  return Number(plain);
}

/** The first thing that is wrong, or null. The service judges the rest. */
export function mistakeOf(draft: Draft): string | null {
  for (const row of draft.rows) {
    const [visitors, conversions] = [numberOf(row.visitors), numberOf(row.conversions)];
    if (visitors === null || visitors < 0 || !Number.isInteger(visitors))
      return `${row.name}: visitors must be a whole number.`;
    if (conversions === null || conversions < 0 || !Number.isInteger(conversions)) {
      return `${row.name}: conversions must be a whole number.`;
    }
    if (conversions > visitors) return `${row.name}: more conversions than visitors.`;
    if (numberOf(row.percent) === null) return `${row.name}: the share must be a number.`;
  }
  if (draft.baseline !== "" && numberOf(draft.baseline) === null)
    return "The rate of control must be a number, or empty.";
  if (numberOf(draft.lift) === null || numberOf(draft.lift) === 0)
    return "The smallest lift must be a number, and not 0.";
  if (draft.daily !== "" && numberOf(draft.daily) === null) return "Visitors a day must be a number, or empty.";
  return null;
}

/** What is asked; null while something is wrong. */
export function calculationOf(draft: Draft): Calculation | null {
  if (mistakeOf(draft) !== null) return null;
  const hundredth = (text: string) => (text === "" ? null : (numberOf(text) ?? 0) / 100);
  const baseline = hundredth(draft.baseline);
  const daily = draft.daily === "" ? null : numberOf(draft.daily);
  return {
    variants: draft.rows.map((row) => ({
      key: row.name,
      visitors: numberOf(row.visitors) ?? 0,
      conversions: numberOf(row.conversions) ?? 0,
    })),
    traffic_split: draft.rows.map((row) => numberOf(row.percent) ?? 0),
    mde_relative: hundredth(draft.lift) ?? 0.1,
    ...(baseline === null ? {} : { baseline_rate: baseline }),
    ...(daily === null ? {} : { visitors_per_day: daily }),
  };
}
