/** The screen of goals: what is typed is what is sent, and what is wrong is told. */
import { screen, within } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { anExperiment } from "../testing/samples.ts";
import { json, problem, serve } from "../testing/services.ts";
import { show } from "../testing/show.tsx";
import GoalsPage from "./goals-page.tsx";

const { id } = anExperiment();
const READ = `GET /api/experiments/${id}`;
const WRITE = `PUT /api/experiments/${id}`;

afterEach(() => vi.unstubAllGlobals());

test("a guardrail is added, and pauses", async () => {
  const asked = serve({
    [READ]: () => json(anExperiment()),
    [WRITE]: () => json(anExperiment()),
    "GET /api/experiments": () => json([]),
  });
  const person = show(<GoalsPage id={id} />);
  await person.click(await screen.findByRole("button", { name: "A guardrail" }));
  const added = within(screen.getByRole("group", { name: "New goal" }));
  await person.type(added.getByLabelText("Name"), "Complaints");
  const guardrail = within(screen.getByRole("group", { name: "Complaints" }));
  await person.clear(guardrail.getByLabelText("Event type"));
  await person.type(guardrail.getByLabelText("Event type"), "complaint");
  await person.click(guardrail.getByLabelText(/Pause the experiment/));
  await person.click(screen.getByRole("button", { name: "Save the goals" }));
  expect(await screen.findByText(/The goals are saved/)).toBeDefined();
  const sent = asked.find(({ call }) => call === WRITE)?.body as { goals: unknown[] };
  expect(sent.goals[1]).toEqual({
    name: "Complaints",
    role: "guardrail",
    direction: "decrease",
    any_of: [{ event_type: "complaint" }],
    window_hours: null,
    pause_on_harm: true,
  });
});

test("what is wrong is told and not sent, and a refusal is told", async () => {
  const asked = serve({
    [READ]: () => json(anExperiment()),
    [WRITE]: () => problem(422, "the goals are too many"),
  });
  const person = show(<GoalsPage id={id} />);
  const name = await screen.findByLabelText("Name");
  await person.clear(name);
  await person.click(screen.getByRole("button", { name: "Save the goals" }));
  expect(await screen.findByText("Every goal needs a name.")).toBeDefined();
  expect(asked.some(({ call }) => call === WRITE)).toBe(false);
  await person.type(name, "Clicked");
  await person.click(screen.getByRole("button", { name: "Save the goals" }));
  expect(await screen.findByText(/the goals are too many/i)).toBeDefined();
});
