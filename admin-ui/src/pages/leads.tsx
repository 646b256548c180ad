/** What visitors sent with the contact form: newest first, searched, exported, erased. The search stands in the address. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useLocation, useSearch } from "wouter";
import { exportAddress, type Lead, leadsQuery } from "../api/leads.ts";
import { Icon } from "../components/icon.tsx";
import { Page } from "../components/page.tsx";
import { Loaded, StaleBanner } from "../components/panel.tsx";
import { counted } from "../compute/format.ts";
import { paths } from "../paths.ts";
import { EraseLead } from "./leads/erase-lead.tsx";
import { LeadRow } from "./leads/lead-row.tsx";
import { LeadSearch } from "./leads/lead-search.tsx";
import "./leads.css";

export default function Leads() {
  const words = new URLSearchParams(useSearch()).get("q")?.trim() ?? "";
  const [, navigate] = useLocation();
  const leads = useInfiniteQuery(leadsQuery(words));
  const [erasing, setErasing] = useState<Lead | null>(null);

  // What is typed is no step of its own: Back leaves the screen, it does not undo letters.
  const search = (next: string) =>
    navigate(next === "" ? paths.leads : `${paths.leads}?${new URLSearchParams({ q: next })}`, { replace: true });

  return (
    <Page
      title="Leads"
      lead="What visitors sent with the contact form."
      actions={
        <a className="button" href={exportAddress(words)} download>
          <Icon name="down" />
          {words === "" ? "Export as CSV" : "Export these as CSV"}
        </a>
      }
    >
      <LeadSearch words={words} onSearch={search} />
      <StaleBanner of={leads} />
      <section className="panel" aria-label="Leads" aria-busy={leads.isPlaceholderData}>
        <Loaded
          of={leads}
          empty={(list) => (list.length === 0 ? <NoLeads words={words} onClear={() => search("")} /> : null)}
        >
          {(list) => (
            <>
              <ul className="lead-list">
                {list.map((lead) => (
                  <LeadRow key={lead.id} lead={lead} onErase={setErasing} />
                ))}
              </ul>
              <p className="row lead-end">
                <span className="quiet small" role="status">
                  {leads.hasNextPage
                    ? `${counted(list.length, "lead")} so far`
                    : `${counted(list.length, "lead")} in all`}
                </span>
                {leads.hasNextPage ? (
                  <button
                    type="button"
                    className="button is-small"
                    disabled={leads.isFetchingNextPage}
                    onClick={() => leads.fetchNextPage()}
                  >
                    {leads.isFetchingNextPage ? "Loading…" : "Show older"}
                  </button>
                ) : null}
              </p>
            </>
          )}
        </Loaded>
      </section>
      {erasing === null ? null : <EraseLead lead={erasing} onClose={() => setErasing(null)} />}
    </Page>
  );
}

function NoLeads({ words, onClear }: { words: string; onClear: () => void }) {
  if (words === "") {
    return (
      <p>
        <strong>Nobody has written yet.</strong>
        <br />
        As soon as somebody sends the contact form, their letter appears here.
      </p>
    );
  }
  return (
    <>
      <p>
        <strong>No lead holds “{words}”.</strong>
      </p>
      <button type="button" className="button is-small" onClick={onClear}>
        Clear the search
      </button>
    </>
  );
}
