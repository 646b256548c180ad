/** A few choices of which one holds, side by side. */

interface ChoicesProps<T extends string> {
  label: string;
  choices: readonly (readonly [T, string])[];
  chosen: T;
  onChoose: (choice: T) => void;
}

export function Choices<T extends string>({ label, choices, chosen, onChoose }: ChoicesProps<T>) {
  return (
    <fieldset className="choices" aria-label={label}>
      {choices.map(([value, word]) => (
        <button
          type="button"
          key={value}
          className="choice"
          aria-pressed={value === chosen}
          onClick={() => onChoose(value)}
        >
          {word}
        </button>
      ))}
    </fieldset>
  );
}
