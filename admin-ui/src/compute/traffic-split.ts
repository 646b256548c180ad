/** The split editor's arithmetic: whole percents that keep totalling 100 while one of them is moved or typed. */

import type { ContentDraft } from "./variant-content.ts";

export interface DraftVariant {
  /** Stays with the row while its name is typed. */
  row: number;
  name: string;
  /** As typed: an empty field is not a zero. */
  percent: string;
  /** Whether somebody chose this percent: what others leave over goes to those that nobody chose. */
  isChosen?: boolean;
  /** What the landing page says in it; nothing was written if left out. */
  content?: ContentDraft | undefined;
}

export const FEWEST_VARIANTS = 2;
export const MOST_VARIANTS = 20;

const WHOLE_PERCENT = /^\d{1,3}$/;

/** The number in a field, or null if it holds no whole percent from 0 to 100. */
export function percentOf(variant: DraftVariant): number | null {
  const text = variant.percent.trim();
  const value = Number(text);
  return WHOLE_PERCENT.test(text) && value <= 100 ? value : null;
}

/** The sum of what is typed; fields that hold no percent count as nothing. */
export const total = (variants: DraftVariant[]): number =>
  variants.reduce((sum, variant) => sum + (percentOf(variant) ?? 0), 0);

/** Whole percents that total 100 and differ by at most one; the first variants get what is left over. */
export function equalSplit(variants: DraftVariant[]): DraftVariant[] {
  const shares = divided(
    100,
    variants.map(() => 1),
  );
  return variants.map((variant, index) => ({ ...variant, percent: String(shares[index]), isChosen: false }));
}

/** One more variant, without traffic: nobody's share shrinks unasked. */
export function withVariant(variants: DraftVariant[]): DraftVariant[] {
  const row = Math.max(-1, ...variants.map((variant) => variant.row)) + 1;
  return [...variants, { row, name: "", percent: "0" }];
}

/** One variant less; the others take over its share. */
export function withoutVariant(variants: DraftVariant[], row: number): DraftVariant[] {
  return sharing(
    variants.filter((variant) => variant.row !== row),
    100,
  );
}

/** One variant gets what was typed or drawn, and the others share what that leaves of 100. What is no percent yet moves
 * nobody. */
export function withPercent(variants: DraftVariant[], row: number, percent: string): DraftVariant[] {
  const chosen = variants.map((variant) => (variant.row === row ? { ...variant, percent, isChosen: true } : variant));
  const share = percentOf({ row, name: "", percent });
  if (share === null) return chosen;
  const others = sharing(
    chosen.filter((variant) => variant.row !== row),
    100 - share,
  );
  return chosen.map((variant) => others.find((other) => other.row === variant.row) ?? variant);
}

/** The variants with percents that total `rest`: who was chosen keeps theirs as long as the rest can take the difference. */
function sharing(variants: DraftVariant[], rest: number): DraftVariant[] {
  const chosen = variants.filter((variant) => variant.isChosen);
  const free = variants.filter((variant) => !variant.isChosen);
  const left = rest - total(chosen);
  return free.length > 0 && left >= 0
    ? withShares(variants, free, left)
    : withShares(withShares(variants, free, 0), chosen, rest);
}

/** The variants, among them `some` that share a whole in the proportions they had. */
function withShares(variants: DraftVariant[], some: DraftVariant[], whole: number): DraftVariant[] {
  const shares = divided(
    whole,
    some.map((variant) => percentOf(variant) ?? 0),
  );
  const shareOf = new Map(some.map((variant, index) => [variant.row, String(shares[index])]));
  return variants.map((variant) => ({ ...variant, percent: shareOf.get(variant.row) ?? variant.percent }));
}

/** A whole number divided by weights into whole numbers that total it: by the largest remainders, the first ones first.
 * Without any weight, equally. */
function divided(whole: number, weights: number[]): number[] {
  const sum = weights.reduce((one, other) => one + other, 0);
  const exact = weights.map((weight) => (sum > 0 ? (whole * weight) / sum : whole / weights.length));
  const shares = exact.map(Math.floor);
  const missing = whole - shares.reduce((one, other) => one + other, 0);
  const remainder = (index: number) => (exact[index] ?? 0) - (shares[index] ?? 0);
  const order = exact.map((_, index) => index).sort((one, other) => remainder(other) - remainder(one));
  for (const index of order.slice(0, missing)) shares[index] = (shares[index] ?? 0) + 1;
  return shares;
}
