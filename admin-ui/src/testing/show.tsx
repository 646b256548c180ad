/** Puts a piece of the app on the page, with all it needs around it. */
import { QueryClientProvider } from "@tanstack/react-query";
import { render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { ReactNode } from "react";
import { createQueryClient } from "../api/query-client.ts";
import { Announcer } from "../components/announcer.tsx";

export function show(children: ReactNode) {
  const person = userEvent.setup();
  render(
    <QueryClientProvider client={createQueryClient()}>
      <Announcer>{children}</Announcer>
    </QueryClientProvider>,
  );
  return person;
}
