/**
 * Keeps what is on the screen as it is in the services: what the live stream tells goes into the query layer, so that a
 * screen only has to read `statsQuery` or `eventsQuery` and is live.
 */
import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { EVENTS_KEY, type EventQuery, type RecordedEvent, STATS_KEY, type Stats, statsQuery } from "../api/events.ts";
import { withArrived } from "../compute/live-log.ts";
import { LiveConnection, type LiveState } from "./connection.ts";

/** Follows the stream while `isOn`. In a browser without such streams it stays `away`. */
export function useLive(isOn: boolean): LiveState {
  const client = useQueryClient();
  const [state, setState] = useState<LiveState>("connecting");
  useEffect(() => {
    if (!isOn) return;
    if (typeof EventSource === "undefined") {
      setState("away");
      return;
    }
    const connection = new LiveConnection({
      state: setState,
      readAnew: () => {
        readAnew(client, STATS_KEY);
        readAnew(client, EVENTS_KEY);
      },
      stats: (stats) => showStats(client, stats),
      events: (events) => showEvents(client, events),
    });
    return () => connection.close();
  }, [isOn, client]);
  return state;
}

/** A question that is being asked is not asked again: under a steady stream no answer would ever arrive. */
function readAnew(client: QueryClient, key: string): void {
  void client.invalidateQueries({ queryKey: [key] }, { cancelRefetch: false });
}

/** The counts of everything came along; narrower ones are asked for. */
function showStats(client: QueryClient, stats: Stats): void {
  const whole = statsQuery(null, false).queryKey;
  client.setQueryData(whole, stats);
  const isNarrower = ({ queryKey }: { queryKey: readonly unknown[] }) =>
    queryKey[0] === STATS_KEY && (queryKey.length !== whole.length || queryKey[1] !== whole[1]);
  void client.invalidateQueries({ predicate: isNarrower }, { cancelRefetch: false });
}

function showEvents(client: QueryClient, arrived: RecordedEvent[]): void {
  for (const { queryKey } of client.getQueryCache().findAll({ queryKey: [EVENTS_KEY] })) {
    const query = queryKey[1] as EventQuery;
    client.setQueryData<RecordedEvent[]>(queryKey, (list) => list && withArrived(list, arrived, query));
  }
}
