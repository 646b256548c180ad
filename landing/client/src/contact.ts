/**
 * The contact form, which works without this: here it is checked before it is sent, stays on the page, and keeps what was
 * typed until somebody has stored it. Enter and the button are the same act, because only `submit` is listened to.
 */
import { Fields } from "./contact/fields";
import { send } from "./contact/send";
import type { Record } from "./recorder";

/** What the server asks between drawing a form and sending it (landing/src/contact/stamp.rs), and a little more. */
const LEAST_MS = 2_200;

export function wakeContact(record: Record): void {
  const form = document.querySelector<HTMLFormElement>("#contact-form");
  const thanks = document.querySelector<HTMLElement>("#contact-thanks");
  if (!form || !thanks) return;
  new Contact(form, thanks, record).wake();
}

class Contact {
  private readonly fields: Fields;
  private readonly notice: HTMLElement | null;
  private readonly button: HTMLButtonElement | null;
  /** The server drew the form before this, so its own watch shows more. */
  private readonly drawnAt = performance.now();
  private sending = false;

  constructor(
    private readonly form: HTMLFormElement,
    private readonly thanks: HTMLElement,
    private readonly record: Record,
  ) {
    this.fields = new Fields(form);
    this.notice = form.querySelector("#contact-notice");
    this.button = form.querySelector("button[type=submit]");
  }

  wake(): void {
    // The browser's own bubbles would cover what we say beside the fields.
    this.form.noValidate = true;
    this.fields.watch();
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!this.sending) void this.submit();
    });
  }

  private async submit(): Promise<void> {
    if (!this.fields.check()) {
      this.say(this.form.dataset.faults ?? "");
      this.fields.focusFirstFault();
      return;
    }
    this.say("");
    this.label("busy");
    await this.ripen();
    const outcome = await send(this.form);
    this.sending = false;
    switch (outcome.kind) {
      case "stored":
        this.showThanks();
        break;
      case "stale":
        // The server draws the page anew, with what was typed in it.
        HTMLFormElement.prototype.submit.call(this.form);
        break;
      case "away":
        this.label("again");
        this.say(this.form.dataset.away ?? "");
        break;
      case "refused":
        this.label("again");
        this.say(outcome.notice);
        for (const { name, sentence } of outcome.faults) {
          if (name === "homepage") this.fields.openTrap();
          this.fields.show(name, sentence);
        }
        this.fields.focusFirstFault();
    }
  }

  /** Waits until the form is as old as the server wants it; nearly always it is. */
  private async ripen(): Promise<void> {
    const rest = this.drawnAt + LEAST_MS - performance.now();
    if (rest > 0) await new Promise((resolve) => setTimeout(resolve, rest));
  }

  private say(sentence: string): void {
    if (this.notice) this.notice.textContent = sentence;
  }

  /** The button is not disabled while a letter is on its way: it would lose the keyboard's focus. */
  private label(state: "busy" | "again"): void {
    this.sending = state === "busy";
    if (!this.button) return;
    this.button.textContent = this.button.dataset[state] ?? "";
    this.button.setAttribute("aria-disabled", String(this.sending));
  }

  private showThanks(): void {
    const filled = (name: string): boolean => String(new FormData(this.form).get(name) ?? "").trim() !== "";
    this.record("form_submit", "contact_form", { has_email: filled("email"), has_company: filled("company") });
    // Whoever comes back to this page by the browser's history finds an empty form.
    this.form.reset();
    this.form.hidden = true;
    this.thanks.hidden = false;
    // The form is gone from under the keyboard's focus, so the answer takes it.
    this.thanks.focus();
  }
}
