/** What the landing page says in a variant, while it is being typed. */
import type { Experiment } from "../api/experiments.ts";
import type { components } from "../api/generated/abtest.ts";
import type { DraftVariant } from "./traffic-split.ts";

export type VariantContent = components["schemas"]["VariantContent"];
export type Palette = components["schemas"]["Palette"];

/** The fields as typed: empty for what is as the palette's own page has it. */
export interface ContentDraft {
  /** Whether the page can show the variant. */
  isShown: boolean;
  headline: string;
  subtitle: string;
  ctaPrimary: string;
  ctaSecondary: string;
  palette: Palette | "";
}

export const PALETTES: { name: Palette; label: string }[] = [
  { name: "neon", label: "Neon: pink dusk on Olympus" },
  { name: "synthwave", label: "Synthwave: cyan night in the Agora" },
  { name: "aurora", label: "Aurora: green lights over the Agora" },
  { name: "ember", label: "Ember: embers over Olympus" },
];

/** As the service counts (crates/common/src/contract/variant_content.rs): two lines of 40 make a headline. */
export const LONGEST = { headline: 81, subtitle: 240, cta: 32 };

export const NO_CONTENT: ContentDraft = {
  isShown: false,
  headline: "",
  subtitle: "",
  ctaPrimary: "",
  ctaSecondary: "",
  palette: "",
};

/** The page has words and colours of its own for these. */
export const isLook = (name: string): boolean => name === "neon" || name === "synthwave";

export function contentDraftOf(content: VariantContent | undefined): ContentDraft {
  return {
    isShown: content !== undefined,
    headline: content?.headline ?? "",
    subtitle: content?.subtitle ?? "",
    ctaPrimary: content?.cta_primary ?? "",
    ctaSecondary: content?.cta_secondary ?? "",
    palette: content?.palette ?? "",
  };
}

/** What to send: only what somebody wrote. */
export function contentOf(draft: ContentDraft): VariantContent {
  const content: VariantContent = {};
  const said = (text: string) =>
    text
      .trim()
      .split(/\r?\n/)
      .map((line) => line.trim())
      .join("\n");
  if (said(draft.headline)) content.headline = said(draft.headline);
  if (said(draft.subtitle)) content.subtitle = said(draft.subtitle);
  if (said(draft.ctaPrimary)) content.cta_primary = said(draft.ctaPrimary);
  if (said(draft.ctaSecondary)) content.cta_secondary = said(draft.ctaSecondary);
  if (draft.palette) content.palette = draft.palette;
  return content;
}

/** The content of all variants that have any. */
export function contentsOf(variants: DraftVariant[]): Experiment["variant_content"] {
  const entries = variants.map(({ name, content = NO_CONTENT }) => ({ name: name.trim(), content }));
  const said = entries.filter(({ name, content }) =>
    isLook(name) ? Object.keys(contentOf(content)).length > 0 : content.isShown,
  );
  return Object.fromEntries(said.map(({ name, content }) => [name, contentOf(content)]));
}

/** Whether both say the same, in whatever order. */
export function isSameContent(one: Experiment["variant_content"], other: Experiment["variant_content"]): boolean {
  const text = (contents: Experiment["variant_content"]) =>
    Object.entries(contents)
      .map(([name, content]) => JSON.stringify([name, Object.entries(content).sort()]))
      // Nothing written for a look is the same as no entry.
      .filter((line) => !/^\["(?:neon|synthwave)",\[\]\]$/.test(line))
      .sort()
      .join("\n");
  return text(one) === text(other);
}

/** As it reads on the screen. */
export function contentText(contents: Experiment["variant_content"]): string {
  const words = ([name, content]: [string, VariantContent]) =>
    `${name}: ${
      Object.values(content)
        .filter((value) => typeof value === "string")
        .map((value) => `“${value.replace("\n", " / ")}”`)
        .join(", ") || "the palette's own words"
    }`;
  return Object.entries(contents).map(words).join("; ");
}
