/** A toggle while it is being typed. */
import { expect, test } from "vitest";
import { NEW_TOGGLE, toggleMistakes, toggleOf } from "./toggle-draft.ts";

const draft = { ...NEW_TOGGLE, key: "beta.menu", name: " Beta menu " };

test("a config is an object, or nothing", () => {
  const wrong = ["[]", "3", "null", "{", '"text"'];
  expect(wrong.map((config) => toggleMistakes({ ...draft, config }).has("/config"))).toEqual(wrong.map(() => true));
  expect(toggleMistakes({ ...draft, config: '{"speed": 2}' }).size).toBe(0);
  expect(toggleOf({ ...draft, config: " " }).config).toEqual({});
});

test("keys are what the service takes", () => {
  const wrong = ["", "Beta", "_x", "a b", "ä"];
  expect(wrong.map((key) => toggleMistakes({ ...draft, key }).has("/key"))).toEqual(wrong.map(() => true));
  expect(toggleOf(draft)).toMatchObject({ key: "beta.menu", name: "Beta menu", enabled: false });
});
