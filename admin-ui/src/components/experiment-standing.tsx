/** How an experiment stands, in one line: who took part so far, and what that comes to. */
import { useQuery } from "@tanstack/react-query";
import { counted } from "../compute/format.ts";
import { resultsQuery } from "../results/api.ts";
import { phaseOf } from "../results/compute.ts";

/** How often the cards in sight are counted again. */
const EVERY_MS = 30_000;

export function ExperimentStanding({ id }: { id: string }) {
  const results = useQuery({ ...resultsQuery(id, null, EVERY_MS), staleTime: EVERY_MS });
  if (results.data === undefined) {
    return <p className="quiet small">{results.error === null ? "Counting…" : "Its numbers are not to be had now."}</p>;
  }
  const visitors = results.data.variants.reduce((sum, variant) => sum + variant.visitors, 0);
  const { word, mood } = phaseOf(results.data.recommendation);
  return (
    <p className="row small">
      <span>{counted(visitors, "visitor")}</span>
      <span className={`badge ${mood}`}>{word}</span>
      <span className="grow quiet">{results.data.recommendation.headline}</span>
    </p>
  );
}
