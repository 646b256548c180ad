import { describe, expect, it } from "vitest";
import { FRONT, orbit } from "./orbit";

describe("the camera", () => {
  it("walks around the figure while the stage leaves the window", () => {
    expect([orbit(120, 600), orbit(0, 600), orbit(-300, 600), orbit(-600, 600), orbit(-6000, 600)]).toEqual([
      FRONT,
      FRONT,
      FRONT - 30,
      FRONT - 60,
      FRONT - 60,
    ]);
  });

  it("stays in front of a stage without a size", () => {
    expect([orbit(-10, 0), orbit(-10, Number.NaN)]).toEqual([FRONT, FRONT]);
  });
});
