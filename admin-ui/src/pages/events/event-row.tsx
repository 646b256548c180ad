/** One event in the log, and its details on demand. */
import { useId, useState } from "react";
import { Link } from "wouter";
import type { RecordedEvent } from "../../api/events.ts";
import { visitorFileAddress } from "../../api/visitors.ts";
import { Icon } from "../../components/icon.tsx";
import { addressOf, type EventFilters } from "../../compute/event-filters.ts";
import { dayAndTime, logTime } from "../../compute/format.ts";
import { typeTone } from "../../compute/tones.ts";
import { paths } from "../../paths.ts";
import { EraseVisitor } from "./erase-visitor.tsx";

interface EventRowProps {
  event: RecordedEvent;
  /** The name of its experiment, or the id of one that is gone. */
  experiment: string | null;
  hasArrived: boolean;
  filters: EventFilters;
}

export function EventRow({ event, experiment, hasArrived, filters }: EventRowProps) {
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  const moment = new Date(event.created_at);
  const words = `${event.event_type} ${event.event_name ?? ""} at ${logTime(moment, new Date())}`;
  return (
    <>
      <tr className={hasArrived ? "has-arrived" : undefined}>
        <td className="event-time">
          <time dateTime={event.created_at} title={dayAndTime(moment)}>
            {logTime(moment, new Date())}
          </time>
        </td>
        <td>
          <span className={`name tone-${typeTone(event.event_type)}`}>{event.event_type}</span>
          {/* On a phone, in place of the column of names. */}
          <span className="event-name">{event.event_name}</span>
        </td>
        <td className="is-wrapping is-name">{event.event_name ?? "–"}</td>
        <td className="is-wrapping">{event.variant ?? "–"}</td>
        <td className="is-wrapping is-spare">{experiment ?? "–"}</td>
        <td className="is-spare">
          <code title={event.visitor_id}>{shortened(event.visitor_id)}</code>
        </td>
        <td className="number">
          <button
            type="button"
            className="button is-icon is-small"
            aria-expanded={isOpen}
            aria-controls={id}
            aria-label={`Details of ${words}`}
            onClick={() => setOpen(!isOpen)}
          >
            <Icon name={isOpen ? "up" : "down"} />
          </button>
        </td>
      </tr>
      {isOpen ? (
        <tr className="event-details" id={id}>
          <td colSpan={7}>
            <Details event={event} experiment={experiment} filters={filters} />
          </td>
        </tr>
      ) : null}
    </>
  );
}

function Details({ event, experiment, filters }: Omit<EventRowProps, "hasArrived">) {
  const [isErasing, setErasing] = useState(false);
  const ofVisitor = paths.events + addressOf({ ...filters, visitor: event.visitor_id, before: "" });
  return (
    <dl className="details">
      <dt>Visitor</dt>
      <dd>
        <code className="code">{event.visitor_id}</code> <Link href={ofVisitor}>all events of this visitor</Link>
        <div className="row visitor-actions">
          <a className="button is-small" href={visitorFileAddress(event.visitor_id)} download>
            Export this visitor
          </a>
          <button type="button" className="button is-small is-danger" onClick={() => setErasing(true)}>
            <Icon name="bin" />
            Erase this visitor
          </button>
        </div>
        {isErasing ? <EraseVisitor visitor={event.visitor_id} onClose={() => setErasing(false)} /> : null}
      </dd>
      <dt>Recorded</dt>
      <dd>{dayAndTime(new Date(event.created_at))}</dd>
      <dt>Experiment</dt>
      <dd>{experiment ?? "–"}</dd>
      <dt>Page</dt>
      <dd className="code">{event.page_url ?? "–"}</dd>
      <dt>Event id</dt>
      <dd className="code">{event.id}</dd>
      <dt>Metadata</dt>
      <dd>
        {Object.keys(event.metadata).length === 0 ? "none" : <pre>{JSON.stringify(event.metadata, null, 2)}</pre>}
      </dd>
    </dl>
  );
}

/** The end of an id tells more than its beginning: ids made in the same second begin alike. */
const shortened = (id: string): string => (id.length > 12 ? `…${id.slice(-8)}` : id);
