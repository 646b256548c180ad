/** The settings that the landing page knows, so that they need not be typed as JSON. */
import { configOf, configText } from "./toggle-draft.ts";

export interface Setting {
  /** The member of `config`. */
  name: string;
  label: string;
  /** The page keeps within these, whatever the config says (landing/src/page/toggles.rs): a form offers no more. */
  least: number;
  most: number;
}

const KNOWN: Record<string, Setting[]> = {
  matrix_rain: [
    { name: "speed", label: "Speed", least: 0.25, most: 3 },
    { name: "density", label: "Density", least: 0.1, most: 1 },
  ],
  hero_glitch: [{ name: "intensity", label: "Intensity", least: 0, most: 1 }],
};

/** All settings are factors, and what is not set is as usual. */
const USUAL = 1;

export const settingsOf = (key: string): Setting[] => KNOWN[key] ?? [];

/** What a setting amounts to on the page; null while the text is no JSON object. */
export function settingIn(text: string, { name, least, most }: Setting): number | null {
  const config = configOf(text);
  if (config === null) return null;
  const value = config[name];
  return typeof value === "number" ? Math.min(most, Math.max(least, value)) : USUAL;
}

/** The text with one setting changed and everything else as it was; a text that is no JSON object stays. */
export function withSetting(text: string, name: string, value: number): string {
  const config = configOf(text);
  return config === null ? text : configText({ ...config, [name]: value });
}
