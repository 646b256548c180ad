/** Known settings are read from the JSON and written back into it. */
import { expect, test } from "vitest";
import { settingIn, settingsOf, withSetting } from "./toggle-settings.ts";

const speed = { name: "speed", label: "Speed", least: 0.25, most: 3 };

test("a setting reads as the page will take it", () => {
  expect(settingIn('{"speed": 2}', speed)).toBe(2);
  expect(settingIn('{"speed": 99}', speed)).toBe(3);
  expect(settingIn('{"speed": "fast"}', speed)).toBe(1);
  expect(settingIn("", speed)).toBe(1);
  expect(settingIn("{", speed)).toBeNull();
});

test("changing a setting leaves the others, and what cannot be read, alone", () => {
  expect(JSON.parse(withSetting('{"speed": 2, "mine": [1]}', "speed", 0.5))).toEqual({ speed: 0.5, mine: [1] });
  expect(withSetting("{", "speed", 0.5)).toBe("{");
});

test("keys that the page does not know have no form", () => {
  expect(settingsOf("matrix_rain").map(({ name }) => name)).toEqual(["speed", "density"]);
  expect(settingsOf("something_else")).toEqual([]);
});
