/** Variants with their shares of the traffic: one is moved or typed, the others make room, and the total stays 100. */
import { errorAt, type FieldErrors } from "../compute/field-errors.ts";
import {
  type DraftVariant,
  equalSplit,
  FEWEST_VARIANTS,
  MOST_VARIANTS,
  percentOf,
  total,
  withoutVariant,
  withPercent,
  withVariant,
} from "../compute/traffic-split.ts";
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
  const rename = (row: number, name: string) =>
    onChange(variants.map((variant) => (variant.row === row ? { ...variant, name } : variant)));
  const whole = [errorAt(errors, "/variants"), errorAt(errors, "/traffic_split")].filter((text) => text !== null);
  return (
    <fieldset className="split-editor">
      <legend>Variants and traffic split</legend>
      <p className="hint">
        Which variant a new visitor gets. The first one is what the others are compared with. Those you have not set
        make room for what you set.
      </p>
      <ol className="variant-rows">
        {variants.map((variant, index) => (
          <VariantRow
            key={variant.row}
            variant={variant}
            index={index}
            errors={errors}
            canRemove={variants.length > FEWEST_VARIANTS}
            onRename={(name) => rename(variant.row, name)}
            onShare={(percent) => onChange(withPercent(variants, variant.row, percent))}
            onRemove={() => onChange(withoutVariant(variants, variant.row))}
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
  const verdict = sum === 100 ? "exactly right" : `${100 - sum} % to give away`;
  return (
    <output className={sum === 100 ? "total is-right" : "total"}>
      Total <strong>{sum} %</strong> – {verdict}
    </output>
  );
}
