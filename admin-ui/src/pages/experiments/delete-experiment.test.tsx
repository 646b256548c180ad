/** What the question before a deletion promises is what can be undone. */
import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { anExperiment, aToggle } from "../../testing/samples.ts";
import { serve } from "../../testing/services.ts";
import { show } from "../../testing/show.tsx";
import { DeleteToggle } from "../toggles/delete-toggle.tsx";
import { DeleteExperiment } from "./delete-experiment.tsx";

const asks = () => screen.getByRole("dialog").textContent;

test("an experiment can be brought back whole for a week, and by itself for ever", () => {
  serve({});
  show(<DeleteExperiment experiment={anExperiment()} onClose={() => {}} />);
  expect(asks()).toMatch(/for a week under Changes, with the variant of each visitor and all its splits/);
  expect(asks()).toMatch(/only the experiment itself can come back/);
});

test("a toggle can be brought back whole", () => {
  serve({});
  show(<DeleteToggle toggle={aToggle()} onClose={() => {}} />);
  expect(asks()).not.toMatch(/for good/);
  expect(asks()).toMatch(/later under Changes/);
});
