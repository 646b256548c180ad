/** Of many experiments those are listed that are looked for. */
import { expect, test } from "vitest";
import { anExperiment } from "../testing/samples.ts";
import { addressOf, filterOf, listed } from "./experiment-list.ts";

const LIST = [
  anExperiment({ name: "Button colour", status: "running" }),
  anExperiment({ name: "Headline", description: "In colour or not", status: "paused" }),
  anExperiment({ name: "Old button", status: "archived" }),
];
const names = (query: string) => listed(LIST, filterOf(new URLSearchParams(query))).map(({ name }) => name);

test("words narrow the list, wherever they stand, and what is archived is out of sight", () => {
  expect(names("")).toEqual(["Button colour", "Headline"]);
  expect(names("search=COLOUR")).toEqual(["Button colour", "Headline"]);
  expect(names("search=colour+button")).toEqual(["Button colour"]);
  expect(names("search=synthwave")).toEqual(["Button colour", "Headline"]);
  expect(names("status=archived&search=button")).toEqual(["Old button"]);
  expect(names("status=paused")).toEqual(["Headline"]);
});

test("an address that says nothing of use shows what is in sight", () => {
  expect(names("status=beige")).toEqual(["Button colour", "Headline"]);
  expect(addressOf(filterOf(new URLSearchParams("status=beige&search=")))).toEqual({});
  expect(addressOf({ words: "a b", status: "draft" })).toEqual({ search: "a b", status: "draft" });
});
