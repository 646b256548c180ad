/** The fields of the contact form, and the fault shown beside each of them. */
import { type Fault, faultOf } from "./rules";

/** Names of the fields that a visitor sees, in their order. */
const NAMES = ["email", "company", "message", "homepage"] as const;

type Input = HTMLInputElement | HTMLTextAreaElement;

export class Fields {
  constructor(private readonly form: HTMLFormElement) {}

  /** Shows what is wrong everywhere, and says whether nothing is. */
  check(): boolean {
    const faults = NAMES.map((name) => this.checkOne(name));
    return faults.every((fault) => fault === null);
  }

  /** Takes a fault back as soon as it is mended; a new one is shown only when the form is sent. */
  watch(): void {
    this.form.addEventListener("input", ({ target }) => {
      const name = (target as Input | null)?.name ?? "";
      if (this.input(name)?.getAttribute("aria-invalid") === "true" && this.faultOf(name) === null) this.show(name, "");
    });
  }

  /** Shows a sentence beside a field; an empty one takes the fault back. */
  show(name: string, sentence: string): void {
    const input = this.input(name);
    const place = this.form.querySelector(`#${name}-fault`);
    if (!input || !place) return;
    place.textContent = sentence;
    if (sentence === "") input.removeAttribute("aria-invalid");
    else input.setAttribute("aria-invalid", "true");
  }

  /** Lets somebody see the trap whose own browser has filled it. */
  openTrap(): void {
    this.form.querySelector(".field--trap")?.removeAttribute("aria-hidden");
    this.form.querySelector(".field--trap")?.classList.remove("field--trap");
    this.input("homepage")?.removeAttribute("tabindex");
  }

  /** Where the visitor goes on: the first field with a fault. */
  focusFirstFault(): void {
    this.form.querySelector<Input>("[aria-invalid=true]")?.focus();
  }

  private checkOne(name: string): Fault | null {
    const fault = this.faultOf(name);
    this.show(name, fault === null ? "" : (this.input(name)?.dataset[fault] ?? ""));
    return fault;
  }

  private faultOf(name: string): Fault | null {
    const input = this.input(name);
    // The trap is the server's to judge.
    if (!input || name === "homepage") return null;
    return faultOf(name, input.value, input.maxLength < 0 ? Number.POSITIVE_INFINITY : input.maxLength);
  }

  private input(name: string): Input | null {
    return name === "" ? null : this.form.querySelector<Input>(`#${name}`);
  }
}
