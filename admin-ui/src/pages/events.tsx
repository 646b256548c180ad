/** The event log: newest first, filtered, followed live, paged by cursor. All of it stands in the address. */
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { Link, useLocation, useSearch } from "wouter";
import { useHistoryState } from "wouter/use-browser-location";
import { eventsQuery, type RecordedEvent } from "../api/events.ts";
import { experimentsQuery } from "../api/experiments.ts";
import { Page } from "../components/page.tsx";
import { Loaded, StaleBanner } from "../components/panel.tsx";
import { RefreshControl, useRefresh } from "../components/refresh.tsx";
import { addressOf, type EventFilters, filtersOf, isFiltered, PAGE_SIZE, queryOf } from "../compute/event-filters.ts";
import { paths } from "../paths.ts";
import { EventTable } from "./events/event-table.tsx";
import { FilterForm } from "./events/filter-form.tsx";
import "./events.css";

export default function Events() {
  const search = useSearch();
  const filters = useMemo(() => filtersOf(new URLSearchParams(search)), [search]);
  const [, navigate] = useLocation();
  const refresh = useRefresh();
  const isNewest = filters.before === "";
  const experiments = useQuery(experimentsQuery);
  // Older pages do not change: only the newest one is read again.
  const events = useQuery(eventsQuery(queryOf(filters), isNewest ? refresh.every : false));

  // What is typed into a filter is no step of its own: Back leaves the log, it does not undo letters.
  const filter = (changed: Partial<EventFilters>) =>
    navigate(paths.events + addressOf({ ...filters, ...changed, before: "" }), { replace: true });

  const control = <RefreshControl refresh={refresh} updatedAt={events.dataUpdatedAt} />;
  return (
    <Page title="Event log" lead="What visitors did, one by one." actions={isNewest ? control : null}>
      <FilterForm filters={filters} experiments={experiments.data ?? []} seen={events.data ?? []} onFilter={filter} />
      <StaleBanner of={events} />
      <section className="panel" aria-label="Events" aria-busy={events.isPlaceholderData}>
        <Loaded
          of={events}
          empty={(list) => (list.length === 0 ? <NoEvents filters={filters} onClear={filter} /> : null)}
        >
          {(list) => (
            <>
              <EventTable
                events={list.slice(0, PAGE_SIZE)}
                scope={search}
                experiments={experiments.data ?? []}
                filters={filters}
              />
              <Pages list={list} filters={filters} />
            </>
          )}
        </Loaded>
      </section>
    </Page>
  );
}

/** The cursors of the pages between the newest one and this, kept with the history so that Newer works after a reload. */
interface Trail {
  trail?: string[];
}

function Pages({ list, filters }: { list: RecordedEvent[]; filters: EventFilters }) {
  const trail = useHistoryState<Trail | null>()?.trail ?? [];
  const last = list[PAGE_SIZE - 1];
  const hasOlder = list.length > PAGE_SIZE && last !== undefined;
  if (!hasOlder && filters.before === "") return null;
  const page = (before: string) => paths.events + addressOf({ ...filters, before });
  const newer = trail.at(-1);
  return (
    <nav className="row pages" aria-label="Pages of the log">
      {filters.before === "" ? null : (
        <Link className="button is-small" href={page("")}>
          Newest
        </Link>
      )}
      {newer === undefined ? null : (
        <Link className="button is-small" href={page(newer)} state={{ trail: trail.slice(0, -1) }}>
          Newer
        </Link>
      )}
      {hasOlder ? (
        <Link className="button is-small" href={page(last.id)} state={{ trail: [...trail, filters.before] }}>
          Older
        </Link>
      ) : (
        <span className="quiet small">This is where the log begins.</span>
      )}
    </nav>
  );
}

function NoEvents({ filters, onClear }: { filters: EventFilters; onClear: (changed: Partial<EventFilters>) => void }) {
  if (!isFiltered(filters)) {
    return (
      <p>
        <strong>{filters.before === "" ? "Nothing recorded yet." : "Nothing older."}</strong>
        <br />
        As soon as somebody visits the page, their events appear here.
      </p>
    );
  }
  return (
    <>
      <p>
        <strong>No event fits these filters.</strong>
      </p>
      <button
        type="button"
        className="button is-small"
        onClick={() => onClear({ type: "", variant: "", experiment: "", visitor: "" })}
      >
        Clear the filters
      </button>
    </>
  );
}
