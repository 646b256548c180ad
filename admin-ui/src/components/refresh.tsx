/** Reading again every few seconds: the rhythm, a way to rest it, and when it last came through. A hidden tab rests by
 * itself (TanStack Query sees to that), and so does a screen whose session is over. */
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type Session, sessionQuery } from "../api/session.ts";
import { clock } from "../compute/format.ts";
import { Icon } from "./icon.tsx";

const EVERY_MS = 5_000;

export interface Refresh {
  /** For a query's `refetchInterval`. */
  every: number | false;
  isPaused: boolean;
  setPaused: (isPaused: boolean) => void;
}

export function useRefresh(): Refresh {
  const [isPaused, setPaused] = useState(false);
  const session = useQueryClient().getQueryData<Session>(sessionQuery.queryKey);
  return { every: isPaused || session?.kind === "closed" ? false : EVERY_MS, isPaused, setPaused };
}

/** `updatedAt` is a query's `dataUpdatedAt`: 0 until the first answer. */
export function RefreshControl({ refresh, updatedAt }: { refresh: Refresh; updatedAt: number }) {
  const rhythm = refresh.isPaused ? "paused" : `every ${EVERY_MS / 1000} s`;
  return (
    <>
      <span className="quiet small">
        {updatedAt === 0 ? "Not updated yet" : `Updated ${clock(new Date(updatedAt))}`}, {rhythm}
      </span>
      <button type="button" className="button is-small" onClick={() => refresh.setPaused(!refresh.isPaused)}>
        <Icon name={refresh.isPaused ? "play" : "pause"} />
        {refresh.isPaused ? "Resume" : "Pause"}
      </button>
    </>
  );
}
