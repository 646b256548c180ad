/** One letter. Strangers wrote it: it is shown as text, in the direction of its own script. */
import { Link } from "wouter";
import type { Lead } from "../../api/leads.ts";
import { Icon } from "../../components/icon.tsx";
import { dayAndTime, logTime } from "../../compute/format.ts";
import { mailTo } from "../../compute/mail.ts";
import { paths } from "../../paths.ts";

interface LeadRowProps {
  lead: Lead;
  onErase: (lead: Lead) => void;
}

export function LeadRow({ lead, onErase }: LeadRowProps) {
  const moment = new Date(lead.created_at);
  return (
    <li className="lead">
      <div className="lead-head">
        <p className="lead-who">
          <a href={mailTo(lead.email)}>{lead.email}</a>
          {lead.company === null ? null : <bdi className="lead-company">{lead.company}</bdi>}
        </p>
        <button
          type="button"
          className="button is-icon is-small"
          aria-label={`Erase the lead of ${lead.email}`}
          onClick={() => onErase(lead)}
        >
          <Icon name="bin" />
        </button>
      </div>
      {lead.message === null ? null : (
        <p className="lead-message" dir="auto">
          {lead.message}
        </p>
      )}
      <p className="lead-origin">
        <time dateTime={lead.created_at} title={dayAndTime(moment)}>
          {logTime(moment, new Date())}
        </time>
        <span>{lead.variant === null ? "no variant" : `variant ${lead.variant}`}</span>
        {lead.visitor_id === null ? (
          <span>visitor unknown</span>
        ) : (
          <Link href={`${paths.events}?${new URLSearchParams({ visitor: lead.visitor_id })}`}>
            what this visitor did
          </Link>
        )}
      </p>
    </li>
  );
}
