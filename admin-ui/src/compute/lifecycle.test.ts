/** From each place in its life an experiment can be brought on, and back. */
import { expect, test } from "vitest";
import { anExperiment } from "../testing/samples.ts";
import { statusWord, stepsFrom } from "./lifecycle.ts";

test("every status has a word and a way on", () => {
  const steps = (status: ReturnType<typeof anExperiment>["status"]) =>
    stepsFrom(anExperiment({ status })).map(({ label, change }) => `${label} → ${change.status}`);
  expect(steps("draft")).toEqual(["Start → running", "Archive → archived"]);
  expect(steps("running")).toEqual(["Pause → paused", "Complete → completed"]);
  expect(steps("paused")).toEqual(["Resume → running", "Complete → completed", "Archive → archived"]);
  expect(steps("completed")).toEqual(["Run again → running", "Archive → archived"]);
  expect(steps("archived")).toEqual(["Bring back → paused"]);
  expect(statusWord(anExperiment({ status: "completed", winner: "neon" }))).toBe("Completed: neon");
});
