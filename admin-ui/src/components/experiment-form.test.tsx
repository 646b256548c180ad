/** The experiment form: totals while one types, and the service's words at the fields they are about. */
import { fireEvent, screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import NewExperiment from "../pages/new-experiment.tsx";
import { anExperiment } from "../testing/samples.ts";
import { json, problem, serve } from "../testing/services.ts";
import { show } from "../testing/show.tsx";

const create = () => screen.getByRole("button", { name: "Create the experiment" });
const total = () => screen.getByText(/^Total/, { selector: "output" }).textContent;

test("the others make room for what is typed, and a split that is not complete is never sent", async () => {
  const asked = serve({});
  const person = show(<NewExperiment />);
  await person.type(screen.getByLabelText("Name"), "Colours");
  await person.clear(screen.getByLabelText("Percent of control"));
  expect(total()).toBe("Total 50 % – 50 % to give away");
  await person.click(create());
  expect(screen.getByText("a whole percent from 0 to 100")).toBeDefined();
  expect(asked).toEqual([]);
  await person.type(screen.getByLabelText("Percent of control"), "51");
  expect(total()).toBe("Total 100 % – exactly right");
  expect(screen.getByLabelText("Percent of variant")).toHaveProperty("value", "49");
  fireEvent.change(screen.getByLabelText("Share of variant"), { target: { value: "20" } });
  expect(screen.getByLabelText("Percent of control")).toHaveProperty("value", "80");
});

test("three variants split equally total 100 and are sent in their order", async () => {
  const asked = serve({
    "POST /api/experiments": () => json(anExperiment({ name: "Colours" }), 201),
  });
  const person = show(<NewExperiment />);
  await person.type(screen.getByLabelText("Name"), "Colours");
  await person.click(screen.getByRole("button", { name: "Add a variant" }));
  await person.type(screen.getByLabelText("Name of variant 3"), "dawn");
  await person.click(screen.getByRole("button", { name: "Equal split" }));
  expect(total()).toBe("Total 100 % – exactly right");
  await person.click(create());
  expect(await screen.findByText("“Colours” is created.")).toBeDefined();
  expect(asked[0]?.body).toMatchObject({
    variants: ["control", "variant", "dawn"],
    traffic_split: { control: 34, variant: 33, dawn: 33 },
  });
});

test("a refusal stands at the field it is about, and what has no field stands below", async () => {
  serve({
    "POST /api/experiments": () =>
      problem(422, "the experiment cannot be created", [
        { pointer: "/name", detail: "must have at most 255 characters" },
        { pointer: "/variants/1", detail: "must not contain control characters" },
        { pointer: "/owner", detail: "is missing" },
      ]),
  });
  const person = show(<NewExperiment />);
  await person.type(screen.getByLabelText("Name"), "Colours");
  await person.click(create());
  expect(await screen.findByText("must have at most 255 characters")).toBeDefined();
  expect(screen.getByLabelText("Name").getAttribute("aria-invalid")).toBe("true");
  expect(screen.getByLabelText("Name of variant 2").getAttribute("aria-invalid")).toBe("true");
  expect(screen.getByLabelText("Name of variant 1").getAttribute("aria-invalid")).toBe("false");
  expect(screen.getByRole("alert").textContent).toContain("/owner: is missing");
});

test("the service's own words stand at the field while one types, and go when they no longer hold", async () => {
  serve({
    "TRY POST /api/experiments": async (request) => {
      const { description } = (await request.json()) as { description: string };
      const errors = [{ pointer: "/description", detail: "must be shorter, says the service" }];
      return description === "too long" ? problem(422, "no", errors) : json(anExperiment());
    },
  });
  const person = show(<NewExperiment />);
  await person.type(screen.getByLabelText("Name"), "Colours");
  await person.type(screen.getByLabelText("Description"), "too long");
  expect(await screen.findByText("must be shorter, says the service")).toBeDefined();
  await person.clear(screen.getByLabelText("Description"));
  await waitFor(() => expect(screen.queryByText("must be shorter, says the service")).toBeNull());
});
