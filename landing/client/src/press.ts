/** Presses of buttons anywhere on the page, by pointer or by keyboard: what lightning strikes and the sculpture heeds. */

export interface Point {
  x: number;
  y: number;
}

/** A press, in coordinates of the window. */
export interface Press {
  button: HTMLElement;
  at: Point;
}

/** Links that look like buttons are pressed like buttons. */
const BUTTONS = "button, a.button, [role=button]";

/** Where it was pressed: under the pointer, or in the middle of the button when it was pressed by keyboard. */
export function placeOf(event: MouseEvent, button: Element): Point {
  // A click that no pointer made counts no clicks. A reader's click on a pointer's behalf may still carry a place.
  if (event.detail > 0 || event.clientX !== 0 || event.clientY !== 0) return { x: event.clientX, y: event.clientY };
  const box = button.getBoundingClientRect();
  return { x: box.left + box.width / 2, y: box.top + box.height / 2 };
}

/** Tells of every press. It listens early, so that whoever stops the click on its way does not hide it. */
export function onPress(listener: (press: Press) => void): void {
  document.addEventListener(
    "click",
    (event) => {
      const button = event.target instanceof Element ? event.target.closest<HTMLElement>(BUTTONS) : null;
      if (button) listener({ button, at: placeOf(event, button) });
    },
    { capture: true },
  );
}
