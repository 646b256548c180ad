/** The calculator: the mathematics of results on counts that somebody types in, and the planner before a start. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "wouter";
import { Icon } from "../components/icon.tsx";
import { Page } from "../components/page.tsx";
import { Loaded, Panel } from "../components/panel.tsx";
import { TextField } from "../components/text-field.tsx";
import { paths } from "../paths.ts";
import { type Calculated, calculate } from "../results/api.ts";
import { chance, lift, lifts, pValue, spansOf } from "../results/compute.ts";
import { Intervals } from "../results/intervals.tsx";
import { AllNumbers } from "../results/numbers.tsx";
import { PlanFigures } from "../results/plan.tsx";
import { VariantTable } from "../results/variants.tsx";
import { calculationOf, type Draft, FIRST, mistakeOf, type Row, withoutRow, withRow } from "./draft.ts";
import "../results/results.css";

const LONGEST_NUMBER = 20;

export default function Calculator() {
  const [draft, setDraft] = useState(FIRST);
  const calculation = calculationOf(draft);
  const calculated = useQuery({
    queryKey: ["calculator", calculation],
    queryFn: () => (calculation === null ? Promise.reject(new Error("nothing to calculate")) : calculate(calculation)),
    enabled: calculation !== null,
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const help = (
    <Link className="button" href={paths.help}>
      What the numbers mean
    </Link>
  );
  return (
    <Page
      title="Calculator"
      lead="Type in counts from anywhere: the same mathematics as for your experiments."
      actions={help}
    >
      <Panel title="Counts">
        <TypedRows draft={draft} onChange={setDraft} />
        <p className="mistake" role="status" hidden={mistakeOf(draft) === null}>
          {mistakeOf(draft)}
        </p>
      </Panel>
      <Loaded of={calculated}>{(value) => <Outcome calculated={value} />}</Loaded>
      <Panel title="Planner">
        <Planner draft={draft} onChange={setDraft} />
        <Loaded isQuiet of={calculated}>
          {(value) => (
            <PlanFigures plan={value.plan} visitors={value.variants.reduce((sum, one) => sum + one.visitors, 0)} />
          )}
        </Loaded>
      </Panel>
    </Page>
  );
}

interface DraftProps {
  draft: Draft;
  onChange: (draft: Draft) => void;
}

function TypedRows({ draft, onChange }: DraftProps) {
  const change = (id: number, part: Partial<Row>) =>
    onChange({ ...draft, rows: draft.rows.map((row) => (row.id === id ? { ...row, ...part } : row)) });
  return (
    <div className="typed-rows">
      {draft.rows.map((row, index) => (
        <div className="typed-row" key={row.id}>
          <TextField
            label={index === 0 ? "Control" : "Variant"}
            mistake={null}
            value={row.name}
            longest={100}
            onChange={(name) => change(row.id, { name })}
          />
          <NumberField
            label={`Visitors of ${row.name}`}
            value={row.visitors}
            onChange={(visitors) => change(row.id, { visitors })}
          />
          <NumberField
            label={`Conversions of ${row.name}`}
            value={row.conversions}
            onChange={(conversions) => change(row.id, { conversions })}
          />
          <NumberField
            label={`Share of ${row.name} in %`}
            value={row.percent}
            onChange={(percent) => change(row.id, { percent })}
          />
          <button
            type="button"
            className="button is-icon"
            aria-label={`Remove ${row.name}`}
            disabled={draft.rows.length <= 2}
            onClick={() => onChange(withoutRow(draft, row.id))}
          >
            <Icon name="bin" />
          </button>
        </div>
      ))}
      <div className="row">
        <button type="button" className="button is-small" onClick={() => onChange(withRow(draft))}>
          <Icon name="plus" />
          Another variant
        </button>
      </div>
    </div>
  );
}

function Planner({ draft, onChange }: DraftProps) {
  return (
    <>
      <p className="hint">Before a start: leave the counts at 0 and say what rate you expect.</p>
      <div className="planner">
        <NumberField
          label="Rate of control in %, if not the counted one"
          value={draft.baseline}
          onChange={(baseline) => onChange({ ...draft, baseline })}
        />
        <NumberField
          label="Smallest lift worth finding, in %"
          value={draft.lift}
          onChange={(text) => onChange({ ...draft, lift: text })}
        />
        <NumberField label="Visitors a day" value={draft.daily} onChange={(daily) => onChange({ ...draft, daily })} />
      </div>
    </>
  );
}

function NumberField({ label, value, onChange }: { label: string; value: string; onChange: (value: string) => void }) {
  return <TextField label={label} mistake={null} value={value} longest={LONGEST_NUMBER} onChange={onChange} />;
}

function Outcome({ calculated }: { calculated: Calculated }) {
  const control = calculated.variants[0]?.key ?? "control";
  const isDecided = calculated.comparisons.some((one) => one.always_valid.conclusive);
  return (
    <Panel title="What they say">
      <ul className="checks">
        {calculated.comparisons.map((one) => {
          const range = one.always_valid.relative_interval;
          return (
            <li key={one.variant}>
              <strong>
                {one.always_valid.conclusive
                  ? `${one.variant} differs from ${control} beyond chance.`
                  : `No clear difference between ${one.variant} and ${control} yet.`}
              </strong>{" "}
              Best guess {lift(one.relative_lift)}; the true change is {lifts(range?.[0] ?? null, range?.[1] ?? null)}{" "}
              (p = {pValue(one.always_valid.p_value_adjusted)}). Chance to beat {control}:{" "}
              {chance(one.bayesian?.chance_to_beat_control ?? null)}.
            </li>
          );
        })}
        {calculated.traffic?.status === "fail" ? (
          <li className="caution">The visitors are not shared out as they were to be: do not use these numbers.</li>
        ) : null}
      </ul>
      <Intervals
        name="Intervals"
        spans={spansOf(calculated.comparisons)}
        control={control}
        better={isDecided ? "increase" : null}
      />
      <VariantTable variants={calculated.variants} />
      <AllNumbers comparisons={calculated.comparisons} />
    </Panel>
  );
}
