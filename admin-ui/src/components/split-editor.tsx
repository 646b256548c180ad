/** Variants with their percents: names and numbers are typed, the total is always in sight, and a split can be made equal or
 * completed with one press. */
import {
  type DraftVariant,
  equalSplit,
  FEWEST_VARIANTS,
  MOST_VARIANTS,
  percentOf,
  total,
  withRest,
  withVariant,
} from "../compute/experiment-draft.ts";
import { errorAt, type FieldErrors } from "../compute/field-errors.ts";
import { Icon } from "./icon.tsx";
import { SplitBar } from "./split-bar.tsx";
import { VariantRow } from "./variant-row.tsx";
import "./split-editor.css";

interface SplitEditorProps {
  variants: DraftVariant[];
  errors: FieldErrors;
  onChange: (variants: DraftVariant[]) => void;
}

export function SplitEditor({ variants, errors, onChange }: SplitEditorProps) {
  const change = (row: number, part: Partial<DraftVariant>) =>
    onChange(variants.map((variant) => (variant.row === row ? { ...variant, ...part } : variant)));
  const whole = [errorAt(errors, "/variants"), errorAt(errors, "/traffic_split")].filter((text) => text !== null);
  return (
    <fieldset className="split-editor">
      <legend>Variants and traffic split</legend>
      <p className="hint">Which variant a new visitor gets. The first one is what the others are compared with.</p>
      <ol className="variant-rows">
        {variants.map((variant, index) => (
          <VariantRow
            key={variant.row}
            variant={variant}
            index={index}
            errors={errors}
            canRemove={variants.length > FEWEST_VARIANTS}
            onChange={(part) => change(variant.row, part)}
            onRest={() => onChange(withRest(variants, variant.row))}
            onRemove={() => onChange(variants.filter((other) => other.row !== variant.row))}
          />
        ))}
      </ol>
      <div className="row">
        <button
          type="button"
          className="button is-small"
          disabled={variants.length >= MOST_VARIANTS}
          onClick={() => onChange(withVariant(variants))}
        >
          <Icon name="plus" />
          Add a variant
        </button>
        <button type="button" className="button is-small" onClick={() => onChange(equalSplit(variants))}>
          Equal split
        </button>
        <Total variants={variants} />
      </div>
      {whole.map((text) => (
        <p key={text} className="mistake" role="alert">
          {text}
        </p>
      ))}
      <SplitBar shares={variants.map((variant) => ({ name: variant.name, percent: percentOf(variant) ?? 0 }))} />
    </fieldset>
  );
}

function Total({ variants }: { variants: DraftVariant[] }) {
  const sum = total(variants);
  const verdict = sum === 100 ? "exactly right" : sum < 100 ? `${100 - sum} % to give away` : `${sum - 100} % too many`;
  return (
    <output className={sum === 100 ? "total is-right" : "total"}>
      Total <strong>{sum} %</strong> – {verdict}
    </output>
  );
}
