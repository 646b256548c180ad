/** From counts to what the dashboard draws. */
import { expect, test } from "vitest";
import { stats } from "../testing/samples.ts";
import { breakdown, conversions, kpis, leftOut, ranked, variantsOf } from "./stats.ts";

const conversion = (views: number, clicks: number, submissions: number) => ({
  views,
  clicks,
  submissions,
  click_rate: 0,
  submit_rate: 0,
});

const full = stats({
  total_events: 10,
  unique_visitors: 6,
  events_by_type: { page_view: 6, click: 3, form_submit: 1 },
  events_by_variant: { zeta: 1, neon: 5, synthwave: 4 },
  variant_breakdown: [
    { variant: "neon", event_type: "page_view", count: 3 },
    { variant: "neon", event_type: "click", count: 2 },
  ],
  conversion_by_variant: { neon: conversion(4, 2, 1), synthwave: conversion(0, 0, 0) },
});

test("rates are of all who viewed; without a view there is none", () => {
  expect(kpis(full)).toMatchObject({ views: 4, clicks: 2, submissions: 1, clickRate: 0.5, submitRate: 0.25 });
  expect(kpis(stats())).toMatchObject({ events: 0, clickRate: null, submitRate: null });
});

test("known variants come first and in their own order, the others by name", () => {
  expect(variantsOf(full, ["synthwave", "neon", "unseen"])).toEqual(["synthwave", "neon", "zeta"]);
});

test("a variant nobody viewed has no rate, one without a row is left out", () => {
  expect(conversions(full, ["neon", "synthwave", "zeta"]).map((row) => [row.variant, row.clickRate])).toEqual([
    ["neon", 0.5],
    ["synthwave", null],
  ]);
});

test("equal counts keep their places", () => {
  expect(ranked({ b: 1, a: 1, c: 9 }).map((one) => one.name)).toEqual(["c", "a", "b"]);
});

test("every variant has a number for every type", () => {
  expect(breakdown(full, ["neon", "synthwave"])).toEqual({
    types: ["page_view", "click", "form_submit"],
    rows: [
      { variant: "neon", total: 5, counts: [3, 2, 0] },
      { variant: "synthwave", total: 4, counts: [0, 0, 0] },
    ],
  });
});

test("what is left out is named also where it is nothing", () => {
  const excluded = { preview: 3, robot: 0, no_track: 7 };
  const listed = leftOut(stats({ excluded, erased: { visitors: 1, events: 5 } }));
  expect(listed.map((part) => part.count)).toEqual([0, 3, 7, 5]);
  expect(listed.map((part) => part.name)).toEqual(["robots", "previews", "not recorded on request", "erased"]);
});
