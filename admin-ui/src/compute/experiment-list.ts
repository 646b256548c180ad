/** Which experiments of many are listed: by what is searched for, and by where they stand. Both are kept in the address. */
import type { Experiment } from "../api/experiments.ts";

export type StatusFilter = "all" | Experiment["status"];

export const STATUS_FILTERS: { value: StatusFilter; label: string }[] = [
  { value: "all", label: "In sight" },
  { value: "running", label: "Running" },
  { value: "paused", label: "Paused" },
  { value: "draft", label: "Drafts" },
  { value: "completed", label: "Completed" },
  { value: "archived", label: "Archived" },
];

export interface ExperimentFilter {
  words: string;
  status: StatusFilter;
}

export function filterOf(address: URLSearchParams): ExperimentFilter {
  const status = STATUS_FILTERS.find(({ value }) => value === address.get("status"))?.value ?? "all";
  return { words: address.get("search") ?? "", status };
}

/** The parameters of the address, without those that say nothing. */
export function addressOf({ words, status }: ExperimentFilter): Record<string, string> {
  return { ...(words === "" ? {} : { search: words }), ...(status === "all" ? {} : { status }) };
}

/** Those whose name, key, description or variants hold every word, and that stand there; what is archived is out of sight
 * unless asked for. */
export function listed(list: readonly Experiment[], { words, status }: ExperimentFilter): Experiment[] {
  const wanted = words.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  return list.filter((experiment) => {
    const stands = status === "all" ? experiment.status !== "archived" : experiment.status === status;
    if (!stands || wanted.length === 0) return stands;
    const text = [experiment.name, experiment.key, experiment.description, ...experiment.variants]
      .join(" ")
      .toLocaleLowerCase();
    return wanted.every((word) => text.includes(word));
  });
}
