import { beforeEach, expect, test } from "vitest";
import { onPress, type Press } from "./press";

const presses: Press[] = [];
onPress((press) => presses.push(press));

beforeEach(() => {
  presses.length = 0;
  document.body.innerHTML = '<button><b>one</b></button><a class="button" href="#x">two</a><a href="#y">three</a>';
});

function click(selector: string, how: MouseEventInit): void {
  const target = document.querySelector(selector);
  target?.addEventListener("click", (event) => event.stopPropagation());
  target?.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, ...how }));
}

test("a pointer's press is where the pointer is, also inside the button and when its click goes no further", () => {
  click("b", { detail: 1, clientX: 30, clientY: 40 });
  expect(presses.map(({ button, at }) => [button.localName, at])).toEqual([["button", { x: 30, y: 40 }]]);
});

test("a press by keyboard is in the middle of the button", () => {
  const box = { left: 100, top: 200, width: 80, height: 20 } as DOMRect;
  (document.querySelector("a.button") as Element).getBoundingClientRect = () => box;
  click("a.button", { detail: 0 });
  expect(presses[0]?.at).toEqual({ x: 140, y: 210 });
});

test("a link that is no button is not pressed", () => {
  click("a:not(.button)", { detail: 1 });
  expect(presses).toEqual([]);
});
