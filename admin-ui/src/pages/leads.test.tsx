/** The screen of leads: what it says in each of its states, and what it asks for. */
import { screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { aLead } from "../testing/samples.ts";
import { json, problem, serve } from "../testing/services.ts";
import { show } from "../testing/show.tsx";
import Leads from "./leads.tsx";

beforeAll(() => {
  // The test's document knows the dialog element, and not how to show it.
  HTMLDialogElement.prototype.showModal ??= () => {};
});

beforeEach(() => history.replaceState(null, "", "/leads"));
afterEach(() => vi.unstubAllGlobals());

const DAPHNE = "01980000-0000-7000-8000-0000000000d1";

test("while nobody has written, it says so", async () => {
  serve({ "GET /api/leads": () => json([]) });
  show(<Leads />);
  expect(await screen.findByText("Nobody has written yet.")).toBeDefined();
});

test("a letter is shown as text, with a way to answer it", async () => {
  const evil = "<img src=x onerror=alert(1)>";
  serve({ "GET /api/leads": () => json([aLead({ company: evil, message: "one\ntwo", visitor_id: null })]) });
  show(<Leads />);
  const link = await screen.findByRole<HTMLAnchorElement>("link", { name: "daphne@example.com" });
  expect(link.getAttribute("href")).toBe("mailto:daphne@example.com");
  expect(screen.getByText(evil)).toBeDefined();
  expect(document.querySelector("main img, li img")).toBeNull();
  expect(screen.getByText("visitor unknown")).toBeDefined();
  expect(screen.getByText("1 lead in all")).toBeDefined();
});

test("a failure is told, and tried again", async () => {
  let answer = () => problem(422, "the list is shy today");
  serve({ "GET /api/leads": () => answer() });
  const person = show(<Leads />);
  expect(await screen.findByText(/the list is shy today/i)).toBeDefined();
  answer = () => json([aLead()]);
  await person.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByText("daphne@example.com")).toBeDefined();
});

test("the search asks for the words, stands in the address and in the export", async () => {
  const queries: string[] = [];
  serve({
    "GET /api/leads": (request) => {
      const words = new URL(request.url).searchParams.get("q") ?? "";
      queries.push(words);
      return json(words === "" ? [aLead()] : []);
    },
  });
  const person = show(<Leads />);
  await screen.findByText("daphne@example.com");
  await person.type(screen.getByLabelText("Search"), "100% & more");
  expect(await screen.findByText("No lead holds “100% & more”.")).toBeDefined();
  expect(queries.at(-1)).toBe("100% & more");
  expect(new URLSearchParams(location.search).get("q")).toBe("100% & more");
  const file = screen.getByRole("link", { name: "Export these as CSV" });
  expect(file.getAttribute("href")).toBe("/api/leads/export?format=csv&q=100%25+%26+more");
  await person.click(screen.getByRole("button", { name: "Clear the search" }));
  expect(await screen.findByText("daphne@example.com")).toBeDefined();
});

test("older letters follow the last one that is shown", async () => {
  const page = Array.from({ length: 50 }, (_, at) => aLead({ id: `id-${at}`, email: `n${at}@example.com` }));
  serve({
    "GET /api/leads": (request) => {
      const before = new URL(request.url).searchParams.get("before");
      return json(before === "id-49" ? [aLead({ id: "old", email: "oldest@example.com" })] : page);
    },
  });
  const person = show(<Leads />);
  await person.click(await screen.findByRole("button", { name: "Show older" }));
  expect(await screen.findByText("oldest@example.com")).toBeDefined();
  expect(screen.getByText("51 leads in all")).toBeDefined();
  expect(screen.queryByRole("button", { name: "Show older" })).toBeNull();
});

test("a lead is erased only after a question, and a refusal is told in it", async () => {
  let leads = [aLead({ id: DAPHNE })];
  let answer = () => problem(503, "the database is away");
  const asked = serve({
    "GET /api/leads": () => json(leads),
    [`DELETE /api/leads/${DAPHNE}`]: () => answer(),
  });
  const person = show(<Leads />);
  await person.click(await screen.findByRole("button", { name: "Erase the lead of daphne@example.com" }));
  expect(asked.some(({ call }) => call.startsWith("DELETE"))).toBe(false);
  const dialog = within(screen.getByRole("dialog", { hidden: true }));
  await person.click(dialog.getByRole("button", { name: "Erase the lead", hidden: true }));
  expect(await dialog.findByText(/database is away/i)).toBeDefined();
  answer = () => {
    leads = [];
    return new Response(null, { status: 204 });
  };
  await person.click(dialog.getByRole("button", { name: "Erase the lead", hidden: true }));
  expect(await screen.findByText("The lead of daphne@example.com is erased.")).toBeDefined();
  await waitFor(() => expect(screen.getByText("Nobody has written yet.")).toBeDefined());
});
