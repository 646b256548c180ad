/** The calculator's screen: what is asked, what is said, and what is not asked at all. */
import { screen } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { aCalculated } from "../testing/results-sample.ts";
import { json, problem, serve } from "../testing/services.ts";
import { show } from "../testing/show.tsx";
import Calculator from "./calculator.tsx";

afterEach(() => vi.unstubAllGlobals());

test("counts that are typed are judged", async () => {
  const asked = serve({ "POST /api/calculator": () => json(aCalculated()) });
  const person = show(<Calculator />);
  expect(await screen.findByText("No clear difference between synthwave and neon yet.")).toBeDefined();
  const field = screen.getByLabelText("Conversions of B");
  await person.clear(field);
  await person.type(field, "700");
  expect(asked.at(-1)?.body).toMatchObject({ variants: [{ conversions: 500 }, { conversions: 700 }] });
});

test("what cannot be is said, and not asked", async () => {
  const asked = serve({ "POST /api/calculator": () => json(aCalculated()) });
  const person = show(<Calculator />);
  await screen.findByText(/No clear difference/);
  const before = asked.length;
  await person.type(screen.getByLabelText("Visitors of A"), "x");
  expect(await screen.findByText("A: visitors must be a whole number.")).toBeDefined();
  expect(asked.length).toBe(before);
});

test("a failure is told", async () => {
  serve({ "POST /api/calculator": () => problem(422, "the numbers are on holiday") });
  show(<Calculator />);
  expect((await screen.findAllByText(/numbers are on holiday/i)).length).toBeGreaterThan(0);
});
