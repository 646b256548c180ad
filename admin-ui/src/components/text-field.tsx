/** A field for words: one line, or several. */
import type { ReactNode } from "react";
import { Field } from "./field.tsx";

interface TextFieldProps {
  label: string;
  hint?: ReactNode;
  mistake: string | null;
  value: string;
  onChange: (value: string) => void;
  longest: number;
  className?: string;
  /** Several lines instead of one. */
  isLong?: boolean;
  /** Written for machines: no spelling, no capitals, a font of even width. */
  isCode?: boolean;
  /** Digits: a phone shows its keys for them. */
  isNumber?: boolean;
  isReadOnly?: boolean;
  /** For the first field of a form that somebody has just opened. */
  takesFocus?: boolean;
}

export function TextField(props: TextFieldProps) {
  const {
    label,
    hint,
    mistake,
    value,
    onChange,
    longest,
    className,
    isLong,
    isCode,
    isNumber,
    isReadOnly,
    takesFocus,
  } = props;
  const how = {
    className: isCode ? "input is-code" : "input",
    spellCheck: isCode ? false : undefined,
    autoCapitalize: isCode ? "none" : undefined,
    autoFocus: takesFocus,
    inputMode: isNumber ? ("decimal" as const) : undefined,
    readOnly: isReadOnly,
    maxLength: longest,
    value,
    onChange: (event: { target: { value: string } }) => onChange(event.target.value),
  };
  return (
    <Field label={label} hint={hint} mistake={mistake} className={className}>
      {(control) => (isLong ? <textarea {...control} {...how} /> : <input {...control} {...how} />)}
    </Field>
  );
}
