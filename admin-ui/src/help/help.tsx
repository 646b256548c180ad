/** What the numbers mean, each with its formula: for whoever asks, and nobody has to. */
import { Link } from "wouter";
import { Page } from "../components/page.tsx";
import { Panel } from "../components/panel.tsx";
import { paths } from "../paths.ts";
import { TOPICS } from "./topics.ts";
import "../results/results.css";

const STATES: [string, string][] = [
  [
    "Collecting",
    "Fewer than 100 visitors in a variant, or fewer than 25 conversions in a pair: nothing is compared yet.",
  ],
  ["Running", "Variants are compared, and nothing is decided. Change nothing."],
  [
    "Decided",
    "A variant is better, all are worse, no difference matters, or all planned visitors came without showing one.",
  ],
  ["Invalid", "Visitors were not shared out as configured. Do not use the results; find the fault and start again."],
];

export default function Help() {
  const ways = (
    <>
      <Link className="button" href={paths.calculator}>
        Calculator
      </Link>
      <Link className="button" href={paths.changes}>
        Changes
      </Link>
    </>
  );
  return (
    <Page title="What the numbers mean" lead="Each number of the results, in words and as a formula." actions={ways}>
      <Panel title="The four states">
        <dl className="checks">
          {STATES.map(([word, text]) => (
            <div key={word}>
              <dt>
                <strong>{word}</strong>
              </dt>
              <dd>{text}</dd>
            </div>
          ))}
        </dl>
      </Panel>
      <Panel title="The numbers">
        {TOPICS.map((topic) => (
          <section key={topic.id} id={topic.id} className="help-topic">
            <h3>{topic.title}</h3>
            <p>{topic.text}</p>
            <pre className="formula">{topic.formula}</pre>
            {topic.source === "" ? null : <p className="hint">{topic.source}</p>}
          </section>
        ))}
      </Panel>
    </Page>
  );
}
