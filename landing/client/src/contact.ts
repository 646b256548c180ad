/**
 * The contact form. What is typed stays in the browser; only that a form was sent is recorded, and whether the two fields
 * were filled. Enter and the button are the same act, because only `submit` is listened to.
 */
import type { PageFacts } from "./facts";
import type { Record } from "./recorder";

export function wakeContact(facts: PageFacts, record: Record): void {
  const form = document.querySelector<HTMLFormElement>("#contact-form");
  const thanks = document.querySelector<HTMLElement>(".thanks");
  const button = form?.querySelector("button");
  if (!form || !thanks || !button) return;
  // Delivered disabled, because without this script a press would do nothing.
  button.disabled = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const filled = (name: string): boolean => String(new FormData(form).get(name) ?? "").trim() !== "";
    record("form_submit", "contact_form", { has_email: filled("email"), has_company: filled("company") });
    form.reset();
    form.hidden = true;
    showThanks(thanks, facts.recording);
  });
}

function showThanks(thanks: HTMLElement, recorded: boolean): void {
  const title = document.createElement("strong");
  title.textContent = thanks.dataset.title ?? "";
  const text = document.createElement("p");
  text.textContent = recorded
    ? "One form was counted. What you typed never left this device."
    : "Nothing was recorded, as your browser asked. What you typed never left this device.";
  thanks.replaceChildren(title, text);
  // The form is gone from under the keyboard's focus, so the answer takes it.
  thanks.tabIndex = -1;
  thanks.focus();
}
