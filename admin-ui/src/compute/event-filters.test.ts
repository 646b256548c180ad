/** Filters in the address. */
import { expect, test } from "vitest";
import { addressOf, filtersOf, isFiltered, PAGE_SIZE, queryOf } from "./event-filters.ts";

test("an address survives being read and written", () => {
  const address = "?type=click&variant=neon+%26+co&visitor=%CE%A9-visitor&before=01980000-0000-7000-8000-000000000001";
  expect(addressOf(filtersOf(new URLSearchParams(address)))).toBe(address);
});

test("a plain log has a plain address", () => {
  const none = filtersOf(new URLSearchParams(""));
  expect(addressOf(none)).toBe("");
  expect(isFiltered(none)).toBe(false);
  expect(queryOf(none)).toEqual({ limit: PAGE_SIZE + 1 });
});

test("what is asked names only what is filtered", () => {
  expect(queryOf(filtersOf(new URLSearchParams("?experiment=x&type= click ")))).toEqual({
    limit: PAGE_SIZE + 1,
    experiment_id: "x",
    event_type: "click",
  });
});

test("a page of the log is no filter", () => {
  expect(isFiltered(filtersOf(new URLSearchParams("?before=x")))).toBe(false);
});
