/** A switch that acts when pressed. */

interface SwitchProps {
  isOn: boolean;
  label: string;
  onSwitch: (isOn: boolean) => void;
}

export function Switch({ isOn, label, onSwitch }: SwitchProps) {
  return (
    <button
      type="button"
      className="switch"
      role="switch"
      aria-checked={isOn}
      aria-label={label}
      onClick={() => onSwitch(!isOn)}
    >
      <span className="switch-groove" />
      <span className="switch-word" aria-hidden="true">
        {isOn ? "On" : "Off"}
      </span>
    </button>
  );
}
