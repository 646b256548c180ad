/** One variant in the split editor. */
import { useId } from "react";
import { errorWithin, type FieldErrors } from "../compute/field-errors.ts";
import { toneAt } from "../compute/tones.ts";
import { type DraftVariant, percentOf } from "../compute/traffic-split.ts";
import { Icon } from "./icon.tsx";

interface VariantRowProps {
  variant: DraftVariant;
  index: number;
  errors: FieldErrors;
  canRemove: boolean;
  onRename: (name: string) => void;
  onShare: (percent: string) => void;
  onRemove: () => void;
}

export function VariantRow({ variant, index, errors, canRemove, onRename, onShare, onRemove }: VariantRowProps) {
  const id = useId();
  const name = variant.name.trim() || `variant ${index + 1}`;
  const nameMistake = errorWithin(errors, `/variants/${index}`);
  // Our own check names the row, the service names the variant.
  const percentMistake =
    errorWithin(errors, `/traffic_split/${index}`) ?? errorWithin(errors, `/traffic_split/${variant.name.trim()}`);
  const mistakes = [nameMistake, percentMistake].filter((text) => text !== null);
  return (
    <li className={`variant-row tone-${toneAt(index)}`}>
      <span className="variant-mark" aria-hidden="true" />
      <input
        className="input"
        aria-label={`Name of variant ${index + 1}`}
        aria-invalid={nameMistake !== null}
        aria-describedby={mistakes.length > 0 ? id : undefined}
        maxLength={255}
        value={variant.name}
        onChange={(event) => onRename(event.target.value)}
      />
      <input
        className="share-slider"
        type="range"
        min={0}
        max={100}
        aria-label={`Share of ${name}`}
        aria-valuetext={`${percentOf(variant) ?? 0} %`}
        value={percentOf(variant) ?? 0}
        onChange={(event) => onShare(event.target.value)}
      />
      <span className="percent-field">
        <input
          className="input"
          inputMode="numeric"
          aria-label={`Percent of ${name}`}
          aria-invalid={percentMistake !== null}
          aria-describedby={mistakes.length > 0 ? id : undefined}
          value={variant.percent}
          onChange={(event) => onShare(event.target.value)}
        />
        <span aria-hidden="true">%</span>
      </span>
      <button
        type="button"
        className="button is-icon is-small"
        aria-label={`Remove ${name}`}
        title={canRemove ? undefined : "An experiment has at least two variants"}
        disabled={!canRemove}
        onClick={onRemove}
      >
        <Icon name="close" />
      </button>
      {mistakes.length === 0 ? null : (
        <p className="mistake" id={id}>
          {mistakes.join("; ")}
        </p>
      )}
    </li>
  );
}
