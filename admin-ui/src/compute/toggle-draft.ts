/** A toggle while it is being typed. */
import type { NewToggle, Toggle, ToggleChange } from "../api/toggles.ts";
import type { Described } from "./differences.ts";
import type { FieldErrors } from "./field-errors.ts";

export interface ToggleDraft {
  key: string;
  name: string;
  description: string;
  enabled: boolean;
  /** JSON as typed; empty stands for no settings. */
  config: string;
}

export const NEW_TOGGLE: ToggleDraft = { key: "", name: "", description: "", enabled: false, config: "" };

const KEY = /^[a-z0-9][a-z0-9_.-]*$/;

/** What the service would refuse, found before it is asked, under the same pointers. */
export function toggleMistakes(draft: ToggleDraft): FieldErrors {
  const found: [string, string[]][] = [];
  if (draft.name.trim() === "") found.push(["/name", ["a toggle needs a name"]]);
  if (!KEY.test(draft.key)) {
    found.push(["/key", ["of a-z, 0-9, “_”, “-” and “.”, beginning with a letter or a digit"]]);
  }
  if (configOf(draft.config) === null) found.push(["/config", ['a JSON object, such as {"speed": 2}']]);
  return new Map(found);
}

export function toggleOf(draft: ToggleDraft): Required<NewToggle> {
  const { key, enabled } = draft;
  return {
    key,
    enabled,
    name: draft.name.trim(),
    description: draft.description.trim(),
    config: configOf(draft.config) ?? {},
  };
}

export const toggleDraftOf = (toggle: Toggle): ToggleDraft => ({ ...toggle, config: configText(toggle.config) });

/** Settings as one types them; none are an empty field. */
export const configText = (config: Record<string, unknown>): string =>
  Object.keys(config).length === 0 ? "" : JSON.stringify(config, null, 2);

/** Only what differs from `before`. The switch is no part of it: it acts at once, from the card. */
export function toggleChanges(before: Toggle, draft: ToggleDraft): ToggleChange {
  const { name, description, config } = toggleOf(draft);
  return {
    ...(name === before.name ? {} : { name }),
    ...(description === before.description ? {} : { description }),
    ...(sameConfig(config, before.config) ? {} : { config }),
  };
}

/** A toggle's fields as they read on the screen. */
export const describedToggle = (toggle: Pick<Toggle, "name" | "description" | "config" | "enabled">): Described => ({
  Name: toggle.name,
  Description: toggle.description,
  Config: configText(toggle.config),
  Switch: toggle.enabled ? "on" : "off",
});

const sameConfig = (one: Record<string, unknown>, other: Record<string, unknown>): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

/** The object in the text; null if it holds anything else. */
export function configOf(text: string): Record<string, unknown> | null {
  if (text.trim() === "") return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null;
  }
}
