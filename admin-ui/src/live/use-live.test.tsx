/** What the stream tells stands on the screen. */
import { QueryClientProvider, useQuery } from "@tanstack/react-query";
import { act, render, screen, waitFor } from "@testing-library/react";
import { beforeEach, expect, test, vi } from "vitest";
import { eventsQuery, statsQuery } from "../api/events.ts";
import { createQueryClient } from "../api/query-client.ts";
import { anEvent, stats } from "../testing/samples.ts";
import { json, serve } from "../testing/services.ts";
import { useLive } from "./use-live.ts";

let stream: EventTarget | null;

beforeEach(() => {
  stream = null;
  vi.stubGlobal(
    "EventSource",
    class extends EventTarget {
      constructor() {
        super();
        stream = this;
      }
      close(): void {}
    },
  );
});

function Screen({ experiment }: { experiment: string | null }) {
  const live = useLive(true);
  const counts = useQuery(statsQuery(experiment, false));
  const log = useQuery(eventsQuery({ limit: 2 }, false));
  return (
    <>
      <p>{live}</p>
      <p>{`${counts.data?.total_events} counted`}</p>
      <p>{log.data?.map((event) => event.event_name).join(" ")}</p>
    </>
  );
}

function showScreen(experiment: string | null): void {
  render(
    <QueryClientProvider client={createQueryClient()}>
      <Screen experiment={experiment} />
    </QueryClientProvider>,
  );
}

const tell = (kind: string, body: unknown): void =>
  act(() => {
    stream?.dispatchEvent(new MessageEvent(kind, { data: JSON.stringify(body) }));
  });

test("counts of everything and new events are shown without another question", async () => {
  const asked = serve({
    "GET /api/stats": () => json(stats({ total_events: 1 })),
    "GET /api/events": () => json([anEvent({ id: "a", event_name: "first" })]),
  });
  showScreen(null);
  expect(await screen.findByText("1 counted")).toBeDefined();
  expect(await screen.findByText("first")).toBeDefined();
  const before = asked.length;
  tell("stats", stats({ total_events: 7 }));
  tell("event", anEvent({ id: "b", event_name: "second" }));
  expect(await screen.findByText("7 counted")).toBeDefined();
  expect(await screen.findByText("second first")).toBeDefined();
  expect(asked).toHaveLength(before);
});

test("counts of one experiment are asked for when those of everything have changed", async () => {
  let total = 1;
  serve({
    "GET /api/stats": () => json(stats({ total_events: total })),
    "GET /api/events": () => json([]),
  });
  showScreen("01980000-0000-7000-8000-000000000001");
  expect(await screen.findByText("1 counted")).toBeDefined();
  total = 2;
  tell("stats", stats({ total_events: 7 }));
  expect(await screen.findByText("2 counted")).toBeDefined();
});

test("when the stream opens, everything is read anew", async () => {
  let total = 1;
  serve({
    "GET /api/stats": () => json(stats({ total_events: total })),
    "GET /api/events": () => json([]),
  });
  showScreen(null);
  expect(await screen.findByText("1 counted")).toBeDefined();
  expect(screen.getByText("connecting")).toBeDefined();
  total = 2;
  act(() => {
    stream?.dispatchEvent(new Event("open"));
  });
  expect(await screen.findByText("2 counted")).toBeDefined();
  await waitFor(() => expect(screen.getByText("live")).toBeDefined());
});
