/** What went wrong, in a sentence; what the service put between backticks is shown as code. */
import { sentence } from "../api/problem.ts";
import { Prose } from "./prose.tsx";

export function Sentence({ of }: { of: unknown }) {
  return <Prose text={sentence(of)} />;
}
