import { expect, test } from "vitest";
import { anExperiment } from "../testing/samples.ts";
import { described, draftsOf, type Goal, goalsOf, MEASURED, meant, mistakeOf, newGoal, withPrimary } from "./draft.ts";

const { goals } = anExperiment();

test("what was read is sent back as it was", () => {
  const sent = goalsOf(draftsOf(goals));
  expect(goals).toMatchObject(sent);
});

test("one goal is primary, whichever is chosen", () => {
  const drafts = [...draftsOf(goals), { ...newGoal("guardrail"), name: "Complaints", pauses: true }];
  const [first, second] = withPrimary(drafts, drafts[1]?.key ?? 0);
  expect([first?.role, second?.role, second?.pauses]).toEqual(["secondary", "primary", false]);
});

test("values are what they look like", () => {
  expect([meant("true"), meant("12"), meant("1.5"), meant("yearly"), meant("")]).toEqual([true, 12, 1.5, "yearly", ""]);
});

test("text that looks like a number stays text", () => {
  const event = { event_type: "click", property: { key: "plan", value: "12" } };
  const [goal] = goals;
  if (goal === undefined) throw new Error("the sample has a goal");
  const [draft] = draftsOf([{ ...goal, any_of: [event] }]);
  expect(draft?.events[0]?.value).toBe('"12"');
  expect(goalsOf(draft === undefined ? [] : [draft])[0]?.any_of).toEqual([event]);
});

test("what is wrong is named before it is sent", () => {
  const [goal] = draftsOf(goals);
  if (goal === undefined) throw new Error("the sample has a goal");
  expect(mistakeOf([goal])).toBeNull();
  expect(mistakeOf([{ ...goal, name: " " }])).toBe("Every goal needs a name.");
  expect(mistakeOf([{ ...goal, events: [] }])).toMatch(/needs an event/);
  expect(mistakeOf([{ ...goal, window: "1.5" }])).toMatch(/whole hours/);
  expect(mistakeOf([goal, { ...goal, key: -1 }])).toBe("Goals must have different names.");
});

test("a measured goal comes back as it was, and one that decides is reached", () => {
  const [time] = MEASURED.map(({ goal }) => goal());
  if (time === undefined) throw new Error("time on page can be measured");
  const [sent] = goalsOf([time]);
  expect(sent?.measure).toEqual({ property: "seconds", fold: "sum", cap: 1800, absent_is_zero: false });
  const [again] = draftsOf([{ ...(sent as Goal), id: "1" }]);
  expect(again?.measure).toEqual(time.measure);
  expect(withPrimary([time], time.key)[0]?.measure).toBeNull();
  expect(mistakeOf([{ ...time, measure: { property: "", fold: "sum", cap: "1", absentIsZero: false } }])).toMatch(
    /needs what is measured/,
  );
  expect(described([sent as Goal]).Goals).toContain("the sum of seconds up to 1800");
});
