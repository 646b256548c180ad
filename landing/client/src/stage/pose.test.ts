import { describe, expect, it } from "vitest";
import { type Pose, PoseMachine } from "./pose";

const END = 3.19;

function machine(): { machine: PoseMachine; poses: Pose[] } {
  const poses: Pose[] = [];
  return { machine: new PoseMachine(END, (pose) => poses.push(pose)), poses };
}

/** Goes on until it rests; the places it went through. */
function run(machine: PoseMachine, seconds = 1 / 60): number[] {
  const places = [machine.at];
  while (machine.step(seconds)) places.push(machine.at);
  places.push(machine.at);
  return places;
}

describe("the sculpture's pose", () => {
  it("lies, rises when pressed, and stands", () => {
    const { machine: figure, poses } = machine();
    expect(figure.state).toBe("lying");
    expect(figure.step(1)).toBe(false);
    figure.press();
    const places = run(figure);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect([figure.state, figure.at]).toEqual(["standing", END]);
    expect(poses).toEqual(["rising", "standing"]);
  });

  it("lies down again, and rises again", () => {
    const { machine: figure, poses } = machine();
    for (let press = 0; press < 3; press += 1) {
      figure.press();
      run(figure);
    }
    expect(poses).toEqual(["rising", "standing", "reclining", "lying", "rising", "standing"]);
    expect(figure.at).toBe(END);
  });

  it("turns round wherever it is, without a jump", () => {
    const { machine: figure, poses } = machine();
    figure.press();
    const places: number[] = [];
    for (let frame = 0; frame < 400; frame += 1) {
      if (frame === 60 || frame === 90 || frame === 95) figure.press();
      figure.step(1 / 60);
      places.push(figure.at);
    }
    const steps = places.slice(1).map((place, frame) => Math.abs(place - (places[frame] ?? 0)));
    expect(Math.max(...steps)).toBeLessThan(0.03);
    expect(poses).toEqual(["rising", "reclining", "rising", "reclining", "lying"]);
    expect(figure.at).toBe(0);
  });

  it("ends at any rate of frames, and stays within the clip", () => {
    for (const seconds of [1 / 240, 1 / 30, 0.1, 5]) {
      const { machine: figure } = machine();
      figure.press();
      const places = run(figure, seconds);
      expect(Math.max(...places)).toBe(END);
      expect(figure.state).toBe("standing");
    }
  });

  it("is there at once for whoever wants no motion", () => {
    const { machine: figure, poses } = machine();
    figure.settle();
    expect(poses).toEqual([]);
    figure.press();
    figure.settle();
    expect([figure.state, figure.at, figure.moving]).toEqual(["standing", END, false]);
    figure.press();
    figure.settle();
    expect([figure.state, figure.at]).toEqual(["lying", 0]);
  });
});
