/** The life of an experiment in words: where it stands, and where it can be brought from there. */
import type { Experiment, ExperimentChange } from "../api/experiments.ts";

export interface Step {
  /** What the button says. */
  label: string;
  /** What has happened then: “… is paused”. */
  done: string;
  change: ExperimentChange;
}

const WORDS: Record<Experiment["status"], string> = {
  draft: "Draft",
  running: "Running",
  paused: "Paused",
  completed: "Completed",
  archived: "Archived",
};

type Standing = Pick<Experiment, "status" | "winner">;

export const statusWord = ({ status, winner }: Standing): string =>
  winner === null ? WORDS[status] : `${WORDS[status]}: ${winner}`;

const PAUSE: Step = { label: "Pause", done: "is paused", change: { status: "paused" } };
const COMPLETE: Step = { label: "Complete", done: "is completed", change: { status: "completed" } };
const ARCHIVE: Step = { label: "Archive", done: "is archived", change: { status: "archived" } };
const start = (label: string): Step => ({ label, done: "is running", change: { status: "running" } });

/** What can be done at once. Who wins is chosen where the experiment is edited. */
export function stepsFrom({ status }: Standing): Step[] {
  switch (status) {
    case "draft":
      return [start("Start"), ARCHIVE];
    case "running":
      return [PAUSE, COMPLETE];
    case "paused":
      return [start("Resume"), COMPLETE, ARCHIVE];
    case "completed":
      return [start("Run again"), ARCHIVE];
    case "archived":
      return [{ label: "Bring back", done: "is in the list again, paused", change: { status: "paused" } }];
  }
}
