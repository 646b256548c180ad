/** Staying up to date: over the live stream while it is open, else by reading again every few seconds. It can be rested; a
 * hidden tab rests by itself, and so does a screen whose session is over. */
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type Session, sessionQuery } from "../api/session.ts";
import { clock } from "../compute/format.ts";
import type { LiveState } from "../live/connection.ts";
import { useLive } from "../live/use-live.ts";
import { Icon } from "./icon.tsx";
import "./refresh.css";

/** How often is read without the stream. */
const EVERY_MS = 5_000;
/** With it only what time alone changes is left: the hours of a timeline move on. */
const LIVE_EVERY_MS = 60_000;

export interface Refresh {
  /** For a query's `refetchInterval`. */
  every: number | false;
  state: LiveState | "paused";
  setPaused: (isPaused: boolean) => void;
}

export function useRefresh(): Refresh {
  const [isPaused, setPaused] = useState(false);
  const session = useQueryClient().getQueryData<Session>(sessionQuery.queryKey);
  const isOn = !isPaused && session?.kind !== "closed";
  const live = useLive(isOn);
  const every = live === "live" ? LIVE_EVERY_MS : EVERY_MS;
  return { every: isOn && every, state: isPaused ? "paused" : live, setPaused };
}

const WORDS: Record<Refresh["state"], string> = {
  connecting: "Connecting",
  live: "Live",
  away: `Every ${EVERY_MS / 1000} s`,
  paused: "Paused",
};

const EXPLANATIONS: Record<Refresh["state"], string> = {
  connecting: "Connecting to the live stream",
  live: "What happens appears here as it happens",
  away: "The live stream cannot be reached; the numbers are read again every few seconds",
  paused: "Nothing is read until you resume",
};

/** `updatedAt` is a query's `dataUpdatedAt`: 0 until the first answer. */
export function RefreshControl({ refresh, updatedAt }: { refresh: Refresh; updatedAt: number }) {
  const isPaused = refresh.state === "paused";
  return (
    <>
      <span className="quiet small">
        <span className={`live-state is-${refresh.state}`} title={EXPLANATIONS[refresh.state]}>
          {WORDS[refresh.state]}
        </span>{" "}
        {updatedAt === 0 ? "not updated yet" : `updated ${clock(new Date(updatedAt))}`}
      </span>
      <button type="button" className="button is-small" onClick={() => refresh.setPaused(!isPaused)}>
        <Icon name={isPaused ? "play" : "pause"} />
        {isPaused ? "Resume" : "Pause"}
      </button>
    </>
  );
}
