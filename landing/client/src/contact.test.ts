import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { wakeContact } from "./contact";

/** The form as the server draws it, without what does not matter here. */
const MARKUP = `
  <form id="contact-form" method="post" action="/contact#contact" data-away="nobody could be reached" data-faults="look again">
    <p id="contact-notice" role="alert"></p>
    <input id="email" name="email" maxlength="254" data-missing="no address" data-wrong="no whole address"><p id="email-fault"></p>
    <input id="company" name="company" maxlength="200" data-odd="unseen"><p id="company-fault"></p>
    <textarea id="message" name="message" maxlength="2000"></textarea><p id="message-fault"></p>
    <div class="field--trap" aria-hidden="true"><input id="homepage" name="homepage" tabindex="-1"><p id="homepage-fault"></p></div>
    <input type="hidden" name="form" value="f1"><input type="hidden" name="stamp" value="s1">
    <button type="submit" data-again="Send it again" data-busy="Sending…">Send</button>
  </form>
  <div id="contact-thanks" tabindex="-1" hidden>Thanks</div>`;

const record = vi.fn();
const ask = vi.fn<typeof fetch>();

function element<E extends HTMLElement>(id: string): E {
  return document.getElementById(id) as E;
}

function type(id: string, text: string): void {
  const input = element<HTMLInputElement>(id);
  input.value = text;
  input.dispatchEvent(new Event("input", { bubbles: true }));
}

function press(): void {
  element("contact-form").dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
}

function problem(status: number, detail: string, errors: { pointer: string; detail: string }[] = []): Response {
  return Response.json({ type: "about:blank", title: "x", status, detail, errors }, { status });
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("fetch", ask);
  document.body.innerHTML = MARKUP;
  wakeContact(record);
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.resetAllMocks();
});

test("what is wrong is said beside the field, and the first wrong field has the focus", () => {
  type("company", "Laurel\u001b");
  press();
  expect(element("email-fault").textContent).toBe("no address");
  expect(element("company-fault").textContent).toBe("unseen");
  expect(element("email").getAttribute("aria-invalid")).toBe("true");
  expect(element("contact-notice").textContent).toBe("look again");
  expect(document.activeElement).toBe(element("email"));

  type("email", "daphne@");
  expect(element("email-fault").textContent, "not mended yet").toBe("no address");
  type("email", "daphne@example.com");
  expect(element("email-fault").textContent).toBe("");
  expect(element("email").hasAttribute("aria-invalid")).toBe(false);
  expect(ask).not.toHaveBeenCalled();
  expect(record).not.toHaveBeenCalled();
});

test("a letter is sent once it is ripe, recorded once, and thanked for", async () => {
  ask.mockResolvedValue(new Response("{}", { status: 201 }));
  type("email", "daphne@example.com");
  press();
  press();
  expect(ask, "the server would take it for a robot's").not.toHaveBeenCalled();
  await vi.runAllTimersAsync();
  expect(ask).toHaveBeenCalledTimes(1);
  const [address, request] = ask.mock.calls[0] ?? [];
  expect(String(address)).toMatch(/\/contact$/);
  expect(String(request?.body)).toBe("email=daphne%40example.com&company=&message=&homepage=&form=f1&stamp=s1");
  expect(record.mock.calls).toEqual([["form_submit", "contact_form", { has_email: true, has_company: false }]]);
  expect(element("contact-form").hidden).toBe(true);
  expect(element("contact-thanks").hidden).toBe(false);
  expect(document.activeElement).toBe(element("contact-thanks"));
});

test.each([
  ["no answer", () => Promise.reject(new TypeError("network")), "nobody could be reached"],
  ["somebody else's answer", () => Promise.resolve(new Response("<html>", { status: 502 })), "nobody could be reached"],
  ["a refusal", () => Promise.resolve(problem(503, "cannot be stored now")), "cannot be stored now"],
])("after %s everything typed is there, and can be sent again", async (_, answer, notice) => {
  ask.mockImplementationOnce(answer).mockResolvedValue(new Response("{}", { status: 201 }));
  type("email", "daphne@example.com");
  type("message", "Χαίρε");
  press();
  await vi.runAllTimersAsync();
  expect(element("contact-notice").textContent).toBe(notice);
  expect(element<HTMLTextAreaElement>("message").value).toBe("Χαίρε");
  expect(document.querySelector("button")?.textContent).toBe("Send it again");
  expect(record).not.toHaveBeenCalled();

  press();
  await vi.runAllTimersAsync();
  expect(String(ask.mock.calls[1]?.[1]?.body), "the same letter under the same id").toBe(
    String(ask.mock.calls[0]?.[1]?.body),
  );
  expect(record).toHaveBeenCalledTimes(1);
});

test("what the server finds wrong is shown like what we find, and a sprung trap is opened", async () => {
  ask.mockResolvedValue(
    problem(422, "look", [
      { pointer: "/company", detail: "<b>not</b> a name" },
      { pointer: "/homepage", detail: "empty this" },
    ]),
  );
  type("email", "daphne@example.com");
  press();
  await vi.runAllTimersAsync();
  expect(element("company-fault").textContent).toBe("<b>not</b> a name");
  expect(document.activeElement).toBe(element("company"));
  expect(element("homepage-fault").textContent).toBe("empty this");
  expect(document.querySelector(".field--trap")).toBeNull();
  expect(element("homepage").hasAttribute("tabindex")).toBe(false);
});

test("a form that the server no longer knows is posted by the browser itself", async () => {
  const submit = vi.spyOn(HTMLFormElement.prototype, "submit").mockImplementation(() => {});
  ask.mockResolvedValue(problem(422, "too quick", [{ pointer: "/stamp", detail: "is too young" }]));
  type("email", "daphne@example.com");
  press();
  await vi.runAllTimersAsync();
  expect(submit).toHaveBeenCalledTimes(1);
  submit.mockRestore();
});
