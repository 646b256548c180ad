/** The fields of a toggle, the same for a new one and for one that exists. */
import { Field } from "../../components/field.tsx";
import { Switch } from "../../components/switch.tsx";
import { TextField } from "../../components/text-field.tsx";
import { errorWithin, type FieldErrors } from "../../compute/field-errors.ts";
import type { ToggleDraft } from "../../compute/toggle-draft.ts";
import { type Setting, settingIn, settingsOf, withSetting } from "../../compute/toggle-settings.ts";

interface ToggleFieldsProps {
  draft: ToggleDraft;
  errors: FieldErrors;
  onChange: (part: Partial<ToggleDraft>) => void;
  /** A new one still chooses its key, and whether it begins as on. */
  isNew?: boolean;
}

export function ToggleFields({ draft, errors, onChange, isNew = false }: ToggleFieldsProps) {
  const text = (name: "name" | "key" | "description" | "config", longest: number) => ({
    mistake: errorWithin(errors, `/${name}`),
    value: draft[name],
    onChange: (value: string) => onChange({ [name]: value }),
    longest,
  });
  return (
    <>
      <TextField className={isNew ? undefined : "is-wide"} label="Name" takesFocus {...text("name", 255)} />
      {isNew ? (
        <TextField label="Key" hint="What code calls it; it cannot be changed later." isCode {...text("key", 100)} />
      ) : null}
      <TextField className="is-wide" label="Description" {...text("description", 10_000)} />
      {settingsOf(draft.key).map((setting) => (
        <Slider
          key={setting.name}
          setting={setting}
          config={draft.config}
          onChange={(config) => onChange({ config })}
        />
      ))}
      <TextField
        className="is-wide"
        label="Config"
        hint="Settings as a JSON object; leave it empty for none."
        isLong
        isCode
        {...text("config", 16_384)}
      />
      {isNew ? (
        <div className="row is-wide">
          <Switch isOn={draft.enabled} label="On from the beginning" onSwitch={(enabled) => onChange({ enabled })} />
          <span className="small">from the beginning</span>
        </div>
      ) : null}
    </>
  );
}

interface SliderProps {
  setting: Setting;
  config: string;
  onChange: (config: string) => void;
}

function Slider({ setting, config, onChange }: SliderProps) {
  const value = settingIn(config, setting);
  return (
    <Field
      className="is-wide"
      label={`${setting.label}: ${value === null ? "–" : `${value} ×`}`}
      hint={value === null ? "The config below is no JSON object." : undefined}
      mistake={null}
    >
      {(control) => (
        <input
          {...control}
          type="range"
          min={setting.least}
          max={setting.most}
          step={0.05}
          disabled={value === null}
          value={value ?? setting.least}
          onChange={(event) => onChange(withSetting(config, setting.name, event.target.valueAsNumber))}
        />
      )}
    </Field>
  );
}
