/** The verdict: one plain sentence, the numbers behind it, what to do next, and the button that does it. */
import { useAnnounce } from "../components/announcer.tsx";
import { Sentence } from "../components/sentence.tsx";
import { type Results, useCreateRevision } from "./api.ts";
import { phaseOf, shippedFrom } from "./compute.ts";

export function Verdict({ results }: { results: Results }) {
  const { recommendation } = results;
  const { word, mood } = phaseOf(recommendation);
  return (
    <section className={`panel verdict ${mood}`} aria-labelledby="verdict">
      <div className="row">
        <span className={`badge ${mood}`}>{word}</span>
        <span className="quiet small">
          {results.status === "running" ? "Visitors are being assigned" : "Paused: nobody is assigned"}
        </span>
      </div>
      <h2 id="verdict">{recommendation.headline}</h2>
      <p>{recommendation.body}</p>
      <p>
        <strong>Next: </strong>
        {recommendation.next_step}
      </p>
      {recommendation.cautions.map((caution) => (
        <p key={caution} className="caution">
          {caution}
        </p>
      ))}
      <Actions results={results} />
    </section>
  );
}

function Actions({ results }: { results: Results }) {
  const create = useCreateRevision(results.experiment_id);
  const announce = useAnnounce();
  const back = shippedFrom(results);
  const { state, variant } = results.recommendation;
  const winner = variant !== null && (state === "winner" || state === "loser") ? variant : null;
  const isShipped = back !== null;
  if (!isShipped && winner === null) return null;

  const ship = (name: string) =>
    create.mutate({ action: "ship", variant: name }, { onSuccess: () => announce(`${name} gets all new visitors.`) });
  const undo = (revision: number) =>
    create.mutate({ action: "restore", revision }, { onSuccess: () => announce("The split before is back.") });

  return (
    <div className="row verdict-actions">
      {isShipped ? (
        <>
          <button type="button" className="button" disabled={create.isPending} onClick={() => undo(back)}>
            Undo: share the visitors out again
          </button>
          <span className="quiet small">All new visitors get one variant now.</span>
        </>
      ) : (
        <>
          <button
            type="button"
            className="button is-main"
            disabled={create.isPending}
            onClick={() => ship(winner ?? "")}
          >
            Ship {winner}
          </button>
          <span className="quiet small">
            New visitors get {winner}; those who have another keep it. It can be undone.
          </span>
        </>
      )}
      {create.error === null ? null : (
        <p className="mistake" role="alert">
          <Sentence of={create.error} />
        </p>
      )}
    </div>
  );
}
