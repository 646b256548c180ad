/** Two people edit one experiment: the second is told, is shown both, and decides. */
import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { anExperiment } from "../testing/samples.ts";
import { json, problem, serve } from "../testing/services.ts";
import { show } from "../testing/show.tsx";
import EditExperiment from "./edit-experiment.tsx";

const { id } = anExperiment();
const READ = `GET /api/experiments/${id}`;
const WRITE = `PUT /api/experiments/${id}`;
const theirs = anExperiment({
  name: "Hera's theme",
  variants: ["neon", "dusk"],
  traffic_split: { neon: 20, dusk: 80 },
});

/** A service that holds their version, and refuses whatever is meant for another. */
function serveTheirs() {
  return serve({
    // As a proxy that compresses hands it on.
    [READ]: () => json(anExperiment(), 200, { etag: 'W/"old"' }),
    [WRITE]: async (request) =>
      request.headers.get("if-match") === '"new"'
        ? json({ ...theirs, ...((await request.json()) as object) }, 200, { etag: '"newest"' })
        : problem(412, "it was changed meanwhile", [], { etag: '"new"' }, { current: theirs }),
    "GET /api/experiments": () => json([]),
  });
}

async function renameTo(name: string) {
  const person = show(<EditExperiment id={id} />);
  const field = await screen.findByLabelText("Name");
  await person.clear(field);
  await person.type(field, name);
  await person.click(screen.getByRole("button", { name: "Save the changes" }));
  return person;
}

const row = (name: string) => within(screen.getByRole("row", { name: new RegExp(`^${name}`) }));

test("a stale edit is not saved: both versions are shown, and mine goes on top of theirs when I say so", async () => {
  const asked = serveTheirs();
  const person = await renameTo("Zeus's theme");
  expect(await screen.findByText(/was changed meanwhile/)).toBeDefined();
  expect(row("Name").getByText("Zeus's theme")).toBeDefined();
  expect(row("Name").getByText("Hera's theme")).toBeDefined();
  expect(row("Split").getByText("not changed")).toBeDefined();
  expect(row("Split").getByText("neon 20 %, dusk 80 %")).toBeDefined();
  await person.click(screen.getByRole("button", { name: "Save mine on top" }));
  expect(await screen.findByText("“Zeus's theme” is saved.")).toBeDefined();
  expect(asked.filter(({ call }) => call === WRITE).at(-1)?.body).toEqual({ name: "Zeus's theme" });
  expect(screen.getByLabelText<HTMLInputElement>("Name of variant 2").value).toBe("dusk");
});

test("taking theirs shows theirs; going back keeps what was typed", async () => {
  serveTheirs();
  const person = await renameTo("Zeus's theme");
  await person.click(await screen.findByRole("button", { name: "Back to my text" }));
  const field = screen.getByLabelText<HTMLInputElement>("Name");
  expect(field.value).toBe("Zeus's theme");
  await person.click(screen.getByRole("button", { name: "Save the changes" }));
  await person.click(await screen.findByRole("button", { name: "Take theirs" }));
  expect(field.value).toBe("Hera's theme");
  expect(screen.queryByText(/was changed meanwhile/)).toBeNull();
});

test("a service that does not answer loses nothing of what was typed", async () => {
  serve({ [READ]: () => json(anExperiment()), [WRITE]: () => problem(503, "the database is away") });
  await renameTo("Zeus's theme");
  expect((await screen.findByRole("alert")).textContent).toContain("The database is away.");
  expect(screen.getByLabelText<HTMLInputElement>("Name").value).toBe("Zeus's theme");
});
