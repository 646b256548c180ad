/** The gate: who sees the login, when, and what it says. */
import { screen, waitFor } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { App } from "./app.tsx";
import { json, problem, serve } from "./testing/services.ts";
import { show } from "./testing/show.tsx";

const OPEN = { auth: "on", expires_at: "2999-01-01T00:00:00Z" };
const nobody = () => problem(401, "log in to do this");

beforeEach(() => {
  // A screen that asks for little.
  history.replaceState(null, "", "/toggles");
});

test("without a session there is only the login", async () => {
  serve({ "GET /api/auth/session": nobody });
  show(<App />);
  expect(await screen.findByLabelText("Password")).toBeDefined();
  expect(screen.queryByRole("navigation")).toBeNull();
});

test("a wrong password is explained, a right one opens the screen of the address", async () => {
  let answer = () => problem(401, "the password is wrong");
  serve({
    "GET /api/auth/session": nobody,
    "POST /api/auth/login": () => answer(),
    "GET /api/toggles": () => json([]),
  });
  const person = show(<App />);
  await person.type(await screen.findByLabelText("Password"), "zeus{Enter}");
  expect(await screen.findByText(/This is not the password/)).toBeDefined();
  answer = () => json({ token: "t", expires_at: OPEN.expires_at });
  await person.type(screen.getByLabelText("Password"), "olympus{Enter}");
  expect(await screen.findByRole("heading", { name: "Toggles" })).toBeDefined();
});

test("after too many wrong passwords the button counts the seconds", async () => {
  serve({
    "GET /api/auth/session": nobody,
    "POST /api/auth/login": () => problem(429, "too many wrong passwords", [], { "retry-after": "30" }),
  });
  const person = show(<App />);
  await person.type(await screen.findByLabelText("Password"), "zeus{Enter}");
  expect(await screen.findByText("Too many wrong passwords: the next try is possible in 30 s.")).toBeDefined();
  expect(screen.getByRole<HTMLButtonElement>("button", { name: "Wait 30 s" }).disabled).toBe(true);
});

test("with ADMIN_AUTH off there is a loud warning instead of a login", async () => {
  serve({ "GET /api/auth/session": () => json({ auth: "off" }), "GET /api/toggles": () => json([]) });
  show(<App />);
  expect((await screen.findByText(/open to everybody/)).textContent).toContain("ADMIN_AUTH is off");
  expect(screen.queryByRole("button", { name: "Log out" })).toBeNull();
});

test("a session that ends asks for the password over the screen, which keeps what was typed", async () => {
  let isOpen = true;
  serve({
    "GET /api/auth/session": () => (isOpen ? json(OPEN) : nobody()),
    "GET /api/toggles": () => json([]),
    "POST /api/toggles": nobody,
    "POST /api/auth/login": () => json({ token: "t", expires_at: OPEN.expires_at }),
  });
  const person = show(<App />);
  await person.click(await screen.findByRole("button", { name: "New toggle" }));
  await person.type(screen.getByLabelText("Name"), "Beta menu");
  await person.type(screen.getByLabelText("Key"), "beta");
  isOpen = false;
  await person.click(screen.getByRole("button", { name: "Create the toggle" }));
  expect(await screen.findByRole("heading", { name: "Your session has ended" })).toBeDefined();
  isOpen = true;
  await person.type(screen.getByLabelText("Password"), "olympus{Enter}");
  await waitFor(() => expect(screen.queryByRole("heading", { name: "Your session has ended" })).toBeNull());
  expect(screen.getByLabelText<HTMLInputElement>("Name").value).toBe("Beta menu");
});

test("who logs out is told so, and nothing of the screens stays", async () => {
  serve({
    "GET /api/auth/session": () => json(OPEN),
    "GET /api/toggles": () => json([]),
    "POST /api/auth/logout": () => new Response(null, { status: 204 }),
  });
  const person = show(<App />);
  await person.click(await screen.findByRole("button", { name: "Log out" }));
  expect(await screen.findByText("You have logged out.")).toBeDefined();
  expect(screen.queryByRole("navigation")).toBeNull();
});
