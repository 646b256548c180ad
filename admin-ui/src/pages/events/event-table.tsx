/** One page of the log. */
import { useEffect, useMemo, useRef } from "react";
import type { RecordedEvent } from "../../api/events.ts";
import type { Experiment } from "../../api/experiments.ts";
import type { EventFilters } from "../../compute/event-filters.ts";
import { EventRow } from "./event-row.tsx";

interface EventTableProps {
  events: RecordedEvent[];
  /** What is being looked at: with another scope, nothing in it is "new". */
  scope: string;
  experiments: Experiment[];
  filters: EventFilters;
}

export function EventTable({ events, scope, experiments, filters }: EventTableProps) {
  const arrived = useArrived(events, scope);
  const names = useMemo(() => new Map(experiments.map((one) => [one.id, one.name])), [experiments]);
  return (
    <table className="table event-table">
      <thead>
        <tr>
          <th scope="col">Time</th>
          <th scope="col">Type</th>
          <th scope="col" className="is-name">
            Name
          </th>
          <th scope="col">Variant</th>
          <th scope="col" className="is-spare">
            Experiment
          </th>
          <th scope="col" className="is-spare">
            Visitor
          </th>
          <th scope="col">
            <span className="only-spoken">Details</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {events.map((event) => (
          <EventRow
            key={event.id}
            event={event}
            experiment={event.experiment_id ? (names.get(event.experiment_id) ?? event.experiment_id) : null}
            hasArrived={arrived.has(event.id)}
            filters={filters}
          />
        ))}
      </tbody>
    </table>
  );
}

/** Which events were not there when the same list was last drawn. */
function useArrived(events: RecordedEvent[], scope: string): ReadonlySet<string> {
  const known = useRef<{ scope: string; ids: ReadonlySet<string> }>(null);
  const arrived = useMemo(() => {
    const before = known.current;
    if (before === null || before.scope !== scope) return new Set<string>();
    return new Set(events.map((event) => event.id).filter((id) => !before.ids.has(id)));
  }, [events, scope]);
  useEffect(() => {
    known.current = { scope, ids: new Set(events.map((event) => event.id)) };
  }, [events, scope]);
  return arrived;
}
