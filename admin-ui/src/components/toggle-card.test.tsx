/** A switch acts at once, and goes back when the service refuses. */
import { useQuery } from "@tanstack/react-query";
import { screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { togglesQuery } from "../api/toggles.ts";
import { aToggle } from "../testing/samples.ts";
import { json, problem, serve } from "../testing/services.ts";
import { show } from "../testing/show.tsx";
import { ToggleCard } from "./toggle-card.tsx";

function Toggles() {
  const toggles = useQuery(togglesQuery);
  return toggles.data?.map((toggle) => (
    <ToggleCard key={toggle.key} toggle={toggle} onEdit={() => {}} onDelete={() => {}} />
  ));
}

const isOn = () => screen.getByRole("switch", { name: "Greek rain" }).getAttribute("aria-checked");

test("the switch shows its new state before the service has answered", async () => {
  let answer = (_: Response) => {};
  const answered = new Promise<Response>((resolve) => {
    answer = resolve;
  });
  let enabled = true;
  const asked = serve({
    "GET /api/toggles": () => json([aToggle({ enabled })]),
    "PUT /api/toggles/matrix_rain": () => answered,
  });
  const person = show(<Toggles />);
  await person.click(await screen.findByRole("switch"));
  await waitFor(() => expect(isOn()).toBe("false"));
  enabled = false;
  answer(json(aToggle({ enabled })));
  expect(await screen.findByText("“Greek rain” is off.")).toBeDefined();
  expect(isOn()).toBe("false");
  expect(asked[1]).toEqual({ call: "PUT /api/toggles/matrix_rain", body: { enabled: false } });
});

test("a refused switch is back where it was, and says why", async () => {
  serve({
    "GET /api/toggles": () => json([aToggle()]),
    "PUT /api/toggles/matrix_rain": () => problem(503, "the database is away"),
  });
  const person = show(<Toggles />);
  await person.click(await screen.findByRole("switch"));
  const alert = await screen.findByRole("alert");
  expect(alert.textContent).toBe("Still on: The database is away.");
  expect(isOn()).toBe("true");
});
