/** A toggle is edited: by its known settings, by JSON, and never over somebody else's change unseen. */
import { fireEvent, screen, within } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { aToggle } from "../../testing/samples.ts";
import { json, problem, serve } from "../../testing/services.ts";
import { show } from "../../testing/show.tsx";
import { EditToggle } from "./edit-toggle.tsx";

const READ = "GET /api/toggles/matrix_rain";
const WRITE = "PUT /api/toggles/matrix_rain";
const toggle = aToggle({ config: { speed: 1, mine: true } });
const saving = () => screen.getByRole("button", { name: "Save the changes" });

test("a slider changes its member of the config and nothing else", async () => {
  const asked = serve({ [READ]: () => json(toggle), [WRITE]: () => json(toggle), "GET /api/toggles": () => json([]) });
  const onClose = vi.fn();
  const person = show(<EditToggle toggleKey="matrix_rain" onClose={onClose} />);
  fireEvent.change(await screen.findByLabelText("Speed: 1 ×"), { target: { value: "2" } });
  expect(screen.getByLabelText("Speed: 2 ×")).toBeDefined();
  await person.click(saving());
  expect(await screen.findByText("“Greek rain” is saved.")).toBeDefined();
  expect(asked.find(({ call }) => call === WRITE)?.body).toEqual({ config: { speed: 2, mine: true } });
  expect(onClose).toHaveBeenCalledOnce();
});

test("what is no JSON object is told while one types, and not sent", async () => {
  const asked = serve({ [READ]: () => json(toggle) });
  const person = show(<EditToggle toggleKey="matrix_rain" onClose={() => {}} />);
  fireEvent.change(await screen.findByLabelText("Config"), { target: { value: "{" } });
  expect(screen.getByText(/a JSON object, such as/)).toBeDefined();
  expect(screen.getByLabelText<HTMLInputElement>("Speed: –").disabled).toBe(true);
  await person.click(saving());
  expect(asked.map(({ call }) => call)).toEqual([READ]);
});

test("somebody else's change is shown beside mine, also when it was only the switch", async () => {
  serve({
    [READ]: () => json(toggle, 200, { etag: '"old"' }),
    [WRITE]: () => problem(412, "changed", [], { etag: '"new"' }, { current: { ...toggle, enabled: false } }),
  });
  const person = show(<EditToggle toggleKey="matrix_rain" onClose={() => {}} />);
  await person.type(await screen.findByLabelText("Name"), " mine");
  await person.click(saving());
  const row = within(await screen.findByRole("row", { name: /^Switch/ }));
  expect(row.getByText("off")).toBeDefined();
  await person.click(screen.getByRole("button", { name: "Back to my text" }));
  expect(screen.getByLabelText<HTMLInputElement>("Name").value).toBe("Greek rain mine");
});

test("a service that is away loses nothing of what was typed", async () => {
  serve({ [READ]: () => json(toggle), [WRITE]: () => problem(503, "the database is away") });
  const person = show(<EditToggle toggleKey="matrix_rain" onClose={() => {}} />);
  await person.type(await screen.findByLabelText("Name"), " mine");
  await person.click(saving());
  expect((await screen.findByRole("alert")).textContent).toBe("Not saved: The database is away.");
  expect(screen.getByLabelText<HTMLInputElement>("Name").value).toBe("Greek rain mine");
});
