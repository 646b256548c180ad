/** What was changed, when and by whom: newest first, with before and after, and a way back. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { useLocation, useSearch } from "wouter";
import { AUDIT_FILE, type AuditEntry, auditQuery, useRevert } from "../api/audit.ts";
import { useAnnounce } from "../components/announcer.tsx";
import { Icon } from "../components/icon.tsx";
import { Page } from "../components/page.tsx";
import { Loaded, StaleBanner } from "../components/panel.tsx";
import { Sentence } from "../components/sentence.tsx";
import { counted } from "../compute/format.ts";
import { paths } from "../paths.ts";
import { byWhom, canRevert, changesOf, deed } from "./words.ts";
import "./changes.css";

const KINDS = [
  { subject: "", word: "All" },
  { subject: "experiment", word: "Experiments" },
  { subject: "toggle", word: "Toggles" },
  { subject: "lead", word: "Leads" },
  { subject: "visitor", word: "Visitors" },
];

export default function Changes() {
  const subject = new URLSearchParams(useSearch()).get("subject") ?? "";
  const [, navigate] = useLocation();
  const entries = useInfiniteQuery(auditQuery(subject));
  const choose = (next: string) =>
    navigate(next === "" ? paths.changes : `${paths.changes}?${new URLSearchParams({ subject: next })}`);

  return (
    <Page
      title="Changes"
      lead="Who changed what, and when. Nothing here can be altered; most of it can be taken back."
      actions={
        <a className="button" href={AUDIT_FILE} download>
          <Icon name="down" />
          Export all
        </a>
      }
    >
      <fieldset className="row changes-kinds">
        <legend className="only-spoken">Changes of</legend>
        {KINDS.map((kind) => (
          <button
            key={kind.subject}
            type="button"
            className="button is-small"
            aria-pressed={kind.subject === subject}
            onClick={() => choose(kind.subject)}
          >
            {kind.word}
          </button>
        ))}
      </fieldset>
      <StaleBanner of={entries} />
      <section className="panel" aria-label="Changes" aria-busy={entries.isPlaceholderData}>
        <Loaded of={entries} empty={(list) => (list.length === 0 ? <Nothing /> : null)}>
          {(list) => (
            <>
              <ol className="changes">
                {list.map((entry) => (
                  <Entry key={entry.id} entry={entry} />
                ))}
              </ol>
              <p className="row">
                <span className="quiet small" role="status">
                  {counted(list.length, "change")} {entries.hasNextPage ? "so far" : "in all"}
                </span>
                {entries.hasNextPage ? (
                  <button
                    type="button"
                    className="button is-small"
                    disabled={entries.isFetchingNextPage}
                    onClick={() => entries.fetchNextPage()}
                  >
                    {entries.isFetchingNextPage ? "Loading…" : "Show older"}
                  </button>
                ) : null}
              </p>
            </>
          )}
        </Loaded>
      </section>
    </Page>
  );
}

function Nothing() {
  return (
    <p>
      <strong>Nothing was changed yet.</strong>
      <br />
      As soon as somebody changes an experiment or a toggle, or erases a lead, it is written here.
    </p>
  );
}

function Entry({ entry }: { entry: AuditEntry }) {
  const revert = useRevert();
  const announce = useAnnounce();
  const changes = changesOf(entry);
  const take = () => revert.mutate(entry.id, { onSuccess: () => announce("It is as it was before.") });
  return (
    <li className="change">
      <p className="row">
        <span className="grow">
          <strong>{byWhom(entry)}</strong> {deed(entry)}
          <br />
          <time className="quiet small" dateTime={entry.at}>
            {new Date(entry.at).toLocaleString("en-GB")}
          </time>
        </span>
        {canRevert(entry) ? (
          <button
            type="button"
            className="button is-small"
            disabled={revert.isPending}
            aria-label={`Take back: ${deed(entry)}`}
            onClick={take}
          >
            {revert.isPending ? "Taking back…" : "Take back"}
          </button>
        ) : null}
      </p>
      {revert.error === null ? null : (
        <p className="mistake" role="alert">
          <Sentence of={revert.error} />
        </p>
      )}
      {changes.length === 0 ? null : (
        <details>
          <summary className="small">{counted(changes.length, "field")}</summary>
          <section className="table-frame" aria-label={`Before and after: ${deed(entry)}`}>
            <table className="table change-fields">
              <thead>
                <tr>
                  <th scope="col">Field</th>
                  <th scope="col">Before</th>
                  <th scope="col">After</th>
                </tr>
              </thead>
              <tbody>
                {changes.map((change) => (
                  <tr key={change.field}>
                    <th scope="row">{change.field.replaceAll("_", " ")}</th>
                    <td>{change.before ?? "–"}</td>
                    <td>{change.after ?? "–"}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
        </details>
      )}
    </li>
  );
}
