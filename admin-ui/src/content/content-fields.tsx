/** What the landing page says in each variant, beside a picture of the real page that follows what is typed. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { pageOriginQuery, previewQuery } from "../api/previews.ts";
import { CallError } from "../api/problem.ts";
import { Choices } from "../components/choices.tsx";
import { Field } from "../components/field.tsx";
import { Sentence } from "../components/sentence.tsx";
import { Switch } from "../components/switch.tsx";
import { TextField } from "../components/text-field.tsx";
import { useSettled } from "../components/use-settled.ts";
import { errorAt, type FieldErrors, fieldErrors } from "../compute/field-errors.ts";
import type { DraftVariant } from "../compute/traffic-split.ts";
import {
  type ContentDraft,
  contentOf,
  isLook,
  LONGEST,
  NO_CONTENT,
  PALETTES,
  type Palette,
} from "../compute/variant-content.ts";
import { PreviewFrame } from "./preview-frame.tsx";
import "./content.css";

/** A name as a JSON pointer spells it (RFC 6901 §3). */
const pointerPart = (name: string) => name.replaceAll("~", "~0").replaceAll("/", "~1");

interface ContentFieldsProps {
  variants: DraftVariant[];
  errors: FieldErrors;
  onChange: (variants: DraftVariant[]) => void;
}

export function ContentFields({ variants, errors, onChange }: ContentFieldsProps) {
  const [chosenRow, setChosenRow] = useState(variants[0]?.row ?? 0);
  const chosen = variants.find((variant) => variant.row === chosenRow) ?? variants[0];
  if (chosen === undefined) return null;
  const write = (content: ContentDraft) =>
    onChange(variants.map((variant) => (variant.row === chosen.row ? { ...variant, content } : variant)));
  return (
    <fieldset className="content-editor">
      <legend>What the page says</legend>
      <p className="hint">
        What is left empty is as the palette's own page has it. As soon as you save, the landing page shows it: no
        deployment, no wait.
      </p>
      <Choices
        label="Variant to write"
        choices={variants.map(({ row, name }, index) => [String(row), name.trim() || `variant ${index + 1}`] as const)}
        chosen={String(chosen.row)}
        onChoose={(row) => setChosenRow(Number(row))}
      />
      <VariantWords key={chosen.row} variant={chosen} errors={errors} onWrite={write} />
    </fieldset>
  );
}

interface VariantWordsProps {
  variant: DraftVariant;
  errors: FieldErrors;
  onWrite: (content: ContentDraft) => void;
}

function VariantWords({ variant, errors, onWrite }: VariantWordsProps) {
  const name = variant.name.trim();
  const draft = variant.content ?? NO_CONTENT;
  const isShown = isLook(name) || draft.isShown;
  const set = (part: Partial<ContentDraft>) => onWrite({ ...draft, isShown, ...part });
  // The key of a query is compared by its text, so that the same words ask nothing twice.
  const settled = useSettled(JSON.stringify([name, contentOf(draft)]));
  const [asked, content] = JSON.parse(settled) as [string, ReturnType<typeof contentOf>];
  const preview = useQuery({ ...previewQuery(asked, content), enabled: isShown && asked !== "" });
  const origin = useQuery({ ...pageOriginQuery, enabled: isShown });
  // The service's own words, while one types; after a save, those about the whole.
  const said = preview.error instanceof CallError ? preview.error.fields : [];
  const live = said.length > 0 ? fieldErrors(said) : null;
  const mistake = (field: string) =>
    (live === null ? null : errorAt(live, `/content/${field}`)) ??
    errorAt(errors, `/variant_content/${pointerPart(name)}/${field}`);
  const toggle = isLook(name) ? null : (
    <div className="row">
      <Switch isOn={isShown} label="Part of the landing page" onSwitch={(isOn) => set({ isShown: isOn })} />
      <span className="grow small">
        {isShown
          ? "Part of the landing page."
          : "No part of the landing page, which shows only experiments all of whose variants it knows."}
      </span>
    </div>
  );
  if (!isShown) return toggle;
  return (
    <div className="content-columns">
      <div className="stack">
        {toggle}
        <TextField
          label="Headline"
          hint="One line or two; short ones are set in the largest letters."
          isLong
          longest={LONGEST.headline}
          mistake={mistake("headline")}
          value={draft.headline}
          onChange={(headline) => set({ headline })}
        />
        <TextField
          label="Subtitle"
          isLong
          longest={LONGEST.subtitle}
          mistake={mistake("subtitle")}
          value={draft.subtitle}
          onChange={(subtitle) => set({ subtitle })}
        />
        <TextField
          label="First call to action"
          longest={LONGEST.cta}
          mistake={mistake("cta_primary")}
          value={draft.ctaPrimary}
          onChange={(ctaPrimary) => set({ ctaPrimary })}
        />
        <TextField
          label="Second call to action"
          longest={LONGEST.cta}
          mistake={mistake("cta_secondary")}
          value={draft.ctaSecondary}
          onChange={(ctaSecondary) => set({ ctaSecondary })}
        />
        <Field label="Palette" mistake={mistake("palette")}>
          {(control) => (
            <select
              {...control}
              className="input"
              value={draft.palette}
              onChange={(event) => set({ palette: event.target.value as Palette | "" })}
            >
              <option value="">{isLook(name) ? `As ${name} has it` : "As neon has it"}</option>
              {PALETTES.map((palette) => (
                <option key={palette.name} value={palette.name}>
                  {palette.label}
                </option>
              ))}
            </select>
          )}
        </Field>
      </div>
      <div className="stack">
        {origin.data !== undefined && preview.data !== undefined ? (
          <PreviewFrame title={`The landing page in ${name}`} src={origin.data + preview.data.path} />
        ) : null}
        {live === null && preview.error !== null ? (
          <p className="quiet small" role="status">
            No preview: <Sentence of={preview.error} />
          </p>
        ) : null}
        {origin.error === null ? null : (
          <p className="quiet small" role="status">
            No preview: <Sentence of={origin.error} />
          </p>
        )}
      </div>
    </div>
  );
}
