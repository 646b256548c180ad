/** What the question before a deletion promises is what Changes keeps: the thing itself, and not who was assigned by it. */
import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { anExperiment, aToggle } from "../../testing/samples.ts";
import { serve } from "../../testing/services.ts";
import { show } from "../../testing/show.tsx";
import { DeleteToggle } from "../toggles/delete-toggle.tsx";
import { DeleteExperiment } from "./delete-experiment.tsx";

const asks = () => screen.getByRole("dialog").textContent;

test("an experiment can be brought back, its assignments and earlier splits cannot", () => {
  serve({});
  show(<DeleteExperiment experiment={anExperiment()} onClose={() => {}} />);
  expect(asks()).toMatch(/Lost for good: which variant each of its visitors has, and the history of its splits/);
  expect(asks()).toMatch(/Can be brought back under Changes: the experiment itself/);
});

test("a toggle can be brought back whole", () => {
  serve({});
  show(<DeleteToggle toggle={aToggle()} onClose={() => {}} />);
  expect(asks()).not.toMatch(/for good/);
  expect(asks()).toMatch(/Can be brought back under Changes/);
});
