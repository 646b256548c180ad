/** One toggle with its switch. A refused switch goes back, and says so where it happened. */

import { type Toggle, useSwitchToggle } from "../api/toggles.ts";
import { ago, dayAndTime } from "../compute/format.ts";
import { useAnnounce } from "./announcer.tsx";
import { Icon } from "./icon.tsx";
import { Prose } from "./prose.tsx";
import { Sentence } from "./sentence.tsx";
import { Switch } from "./switch.tsx";

interface ToggleCardProps {
  toggle: Toggle;
  onEdit: () => void;
  onDelete: () => void;
}

export function ToggleCard({ toggle, onEdit, onDelete }: ToggleCardProps) {
  const change = useSwitchToggle(toggle.key);
  const announce = useAnnounce();

  function turn(isOn: boolean) {
    change.mutate(isOn, { onSuccess: () => announce(`“${toggle.name}” is ${isOn ? "on" : "off"}.`) });
  }

  return (
    <article className={change.isError ? "panel toggle is-refused" : "panel toggle"}>
      <div className="row toggle-head">
        <div className="grow">
          <h2>{toggle.name}</h2>
          <code className="quiet code">{toggle.key}</code>
        </div>
        <Switch isOn={toggle.enabled} label={toggle.name} onSwitch={turn} />
      </div>
      {change.error === null ? null : (
        <p className="mistake" role="alert">
          Still {toggle.enabled ? "on" : "off"}: <Sentence of={change.error} />
        </p>
      )}
      {toggle.description === "" ? null : (
        <p className="toggle-description">
          <Prose text={toggle.description} />
        </p>
      )}
      <Config config={toggle.config} />
      <Foot toggle={toggle} onEdit={onEdit} onDelete={onDelete} />
    </article>
  );
}

function Config({ config }: { config: Toggle["config"] }) {
  if (Object.keys(config).length === 0) return null;
  return (
    <details className="toggle-config">
      <summary>Config</summary>
      <pre>{JSON.stringify(config, null, 2)}</pre>
    </details>
  );
}

function Foot({ toggle, onEdit, onDelete }: ToggleCardProps) {
  const changed = new Date(toggle.updated_at);
  return (
    <footer className="row">
      <span className="quiet small grow">
        Last change{" "}
        <time dateTime={toggle.updated_at} title={dayAndTime(changed)}>
          {ago(changed, new Date())}
        </time>
      </span>
      <button type="button" className="button is-plain is-small" aria-label={`Edit ${toggle.name}`} onClick={onEdit}>
        Edit
      </button>
      <button
        type="button"
        className="button is-plain is-small is-danger"
        aria-label={`Delete ${toggle.name}`}
        onClick={onDelete}
      >
        <Icon name="bin" />
        Delete
      </button>
    </footer>
  );
}
