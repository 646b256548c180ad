/** What an event says about its visit. */
import { expect, test } from "vitest";
import type { PageFacts } from "./facts";
import type { PageEvent } from "./outbox";
import { createRecorder } from "./recorder";

const FACTS: PageFacts = {
  experiment_id: "01980000-0000-7000-8000-000000000001",
  variant: "neon",
  look: "neon",
  preview: false,
  recording: true,
  matrix_rain: null,
  hero_glitch: null,
  cursor_light: false,
  selection_sparkle: false,
};

function recorded(facts: Partial<PageFacts>): PageEvent[] {
  const events: PageEvent[] = [];
  createRecorder({ ...FACTS, ...facts }, (event) => events.push(event))("scroll", "scroll_25", { percent: 25 });
  return events;
}

test("an event names experiment, variant and page, wherever on the page it happened", () => {
  history.replaceState(null, "", "/?utm_source=x#contact");
  expect(recorded({})).toEqual([
    {
      id: expect.any(String),
      event_type: "scroll",
      event_name: "scroll_25",
      experiment_id: FACTS.experiment_id,
      variant: "neon",
      metadata: { percent: 25 },
      page_url: `${location.origin}/?utm_source=x`,
    },
  ]);
});

test("an event of a preview says so and names no experiment", () => {
  expect(recorded({ preview: true })).toMatchObject([
    { experiment_id: null, metadata: { percent: 25, preview: true } },
  ]);
});

test("whoever asked not to be recorded is not", () => {
  expect(recorded({ recording: false })).toEqual([]);
});
