/** The screen of results: its states, what is shipped, and that nothing is green before it is earned. */
import { screen, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { aResults } from "../testing/results-sample.ts";
import { anExperiment } from "../testing/samples.ts";
import { json, problem, serve } from "../testing/services.ts";
import { show } from "../testing/show.tsx";
import type { Results } from "./api.ts";
import ResultsPage from "./results-page.tsx";

const { id } = anExperiment();
const RESULTS = `GET /api/experiments/${id}/results`;
const EXPERIMENT = `GET /api/experiments/${id}`;
const REVISIONS = `POST /api/experiments/${id}/revisions`;

const won: Partial<Results> = {
  recommendation: {
    phase: "decided",
    state: "winner",
    variant: "synthwave",
    severity: "success",
    headline: "synthwave beats neon",
    body: "It does.",
    next_step: "Ship synthwave: give it all visitors.",
    cautions: [],
  },
};

beforeEach(() => history.replaceState(null, "", `/experiments/${id}/results`));
afterEach(() => vi.unstubAllGlobals());

test("the verdict comes first, in a sentence, with what to do next", async () => {
  serve({ [EXPERIMENT]: () => json(anExperiment()), [RESULTS]: () => json(aResults()) });
  show(<ResultsPage id={id} />);
  expect(await screen.findByRole("heading", { name: "Keep running: no clear difference yet" })).toBeDefined();
  expect(screen.getByText("Change nothing.")).toBeDefined();
  expect(screen.getByText(/41 visitors who saw two variants/)).toBeDefined();
  expect(screen.queryByRole("button", { name: /Ship/ })).toBeNull();
  expect(screen.getByRole("img", { name: /synthwave: −4.0 % to \+41 %/ })).toBeDefined();
  // Neither good nor bad before it is decided.
  expect(document.querySelector(".is-better, .is-worse, .is-won")).toBeNull();
});

test("a winner is shipped, and that is undone", async () => {
  const shipped = [
    ...aResults().timeline.revisions,
    { revision: 2, opened_at: "2026-01-12T12:00:00Z", action: "shipped", traffic_split: { neon: 0, synthwave: 100 } },
  ];
  let now = aResults(won);
  const asked = serve({
    [EXPERIMENT]: () => json(anExperiment()),
    [RESULTS]: () => json(now),
    "GET /api/experiments": () => json([]),
    [REVISIONS]: () => {
      now = aResults({ ...won, timeline: { step: "day", points: [], revisions: shipped } });
      return json(anExperiment(), 201);
    },
  });
  const person = show(<ResultsPage id={id} />);
  await person.click(await screen.findByRole("button", { name: "Ship synthwave" }));
  await person.click(await screen.findByRole("button", { name: /Undo/ }));
  const sent = asked.filter(({ call }) => call === REVISIONS).map(({ body }) => body);
  expect(sent).toEqual([
    { action: "ship", variant: "synthwave" },
    { action: "restore", revision: 1 },
  ]);
});

test("a refusal to ship is told where it was asked", async () => {
  serve({
    [EXPERIMENT]: () => json(anExperiment()),
    [RESULTS]: () => json(aResults(won)),
    [REVISIONS]: () => problem(409, "it is so already"),
  });
  const person = show(<ResultsPage id={id} />);
  await person.click(await screen.findByRole("button", { name: "Ship synthwave" }));
  expect(await screen.findByText(/It is so already/i)).toBeDefined();
});

test("traffic that is not as configured takes every verdict back", async () => {
  const results = aResults();
  const broken = aResults({
    traffic: { ...results.traffic, status: "fail" },
    recommendation: {
      ...results.recommendation,
      phase: "invalid",
      severity: "error",
      headline: "Do not use these results",
    },
  });
  serve({ [EXPERIMENT]: () => json(anExperiment()), [RESULTS]: () => json(broken) });
  show(<ResultsPage id={id} />);
  const verdict = within(
    (await screen.findByRole("heading", { name: "Do not use these results" })).closest("section") as HTMLElement,
  );
  expect(verdict.getByText("Invalid")).toBeDefined();
});

test("a failure is told, and tried again", async () => {
  let answer = () => problem(422, "the experiment has no goal");
  serve({ [EXPERIMENT]: () => json(anExperiment()), [RESULTS]: () => answer() });
  const person = show(<ResultsPage id={id} />);
  expect(await screen.findByText(/no goal/i)).toBeDefined();
  answer = () => json(aResults());
  await person.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByRole("heading", { name: /Keep running/ })).toBeDefined();
});

test("an experiment that is gone has no results", async () => {
  serve({
    [EXPERIMENT]: () => problem(404, "Experiment not found"),
    [RESULTS]: () => problem(404, "Experiment not found"),
  });
  show(<ResultsPage id={id} />);
  expect(await screen.findByRole("heading", { name: /no such screen|not found|nothing here/i })).toBeDefined();
});
