/** What a goal measures, where it is not simply reached. */
import { Field } from "../components/field.tsx";
import { TextField } from "../components/text-field.tsx";
import type { MeasureDraft } from "./draft.ts";

const FIRST: MeasureDraft = { property: "", fold: "sum", cap: "1000", absentIsZero: false };

interface MeasureFieldsProps {
  measure: MeasureDraft | null;
  onChange: (measure: MeasureDraft | null) => void;
}

export function MeasureFields({ measure, onChange }: MeasureFieldsProps) {
  return (
    <div className="goal-events">
      <label className="goal-pauses">
        <input
          type="checkbox"
          checked={measure !== null}
          onChange={(event) => onChange(event.target.checked ? FIRST : null)}
        />
        One number for each visitor, compared by its mean
      </label>
      {measure === null ? null : <Details measure={measure} onChange={onChange} />}
    </div>
  );
}

function Details({ measure, onChange }: { measure: MeasureDraft; onChange: (measure: MeasureDraft) => void }) {
  const set = (part: Partial<MeasureDraft>) => onChange({ ...measure, ...part });
  return (
    <>
      <div className="goal-row">
        <TextField
          label="Measured property"
          mistake={null}
          value={measure.property}
          longest={255}
          isCode
          onChange={(property) => set({ property })}
        />
        <Field label="Several events count as" mistake={null}>
          {(control) => (
            <select
              {...control}
              className="input"
              value={measure.fold}
              onChange={(event) => set({ fold: event.target.value as MeasureDraft["fold"] })}
            >
              <option value="sum">their sum</option>
              <option value="greatest">the greatest</option>
            </select>
          )}
        </Field>
        <TextField
          label="At most, of one visitor"
          mistake={null}
          value={measure.cap}
          longest={7}
          isNumber
          onChange={(cap) => set({ cap })}
        />
      </div>
      <label className="goal-pauses">
        <input
          type="checkbox"
          checked={measure.absentIsZero}
          onChange={(event) => set({ absentIsZero: event.target.checked })}
        />
        Visitors without such an event count as 0
      </label>
    </>
  );
}
