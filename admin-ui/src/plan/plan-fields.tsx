/** The planner in the experiment form: what the experiment is to show, and what that takes. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { statsOfLastDaysQuery } from "../api/events.ts";
import { Loaded } from "../components/panel.tsx";
import { TextField } from "../components/text-field.tsx";
import { errorAt, type FieldErrors } from "../compute/field-errors.ts";
import { type DraftVariant, percentOf, total } from "../compute/traffic-split.ts";
import { calculate } from "../results/api.ts";
import { PlanFigures } from "../results/plan.tsx";
import { type NewPlan, type PlanDraft, planMistakes, planOf } from "./draft.ts";
import "./plan.css";

const LONGEST_NUMBER = 12;
/** Over how many days visitors a day are counted. */
const TRAFFIC_DAYS = 7;

interface PlanFieldsProps {
  draft: PlanDraft;
  variants: DraftVariant[];
  errors: FieldErrors;
  /** Visitors are assigned: what was planned stays. */
  isFixed: boolean;
  onChange: (draft: PlanDraft) => void;
}

export function PlanFields({ draft, variants, errors, isFixed, onChange }: PlanFieldsProps) {
  const whole = errorAt(errors, "/plan");
  return (
    <fieldset className="plan-fields">
      <legend>Plan</legend>
      <p className="hint">
        {isFixed
          ? "Visitors are assigned: what was planned before stays, so that the numbers stay right."
          : "What the experiment is to show. It is fixed as soon as the first visitor is assigned; leave the rate empty for no plan."}
      </p>
      <div className="plan-numbers">
        <Percent
          label="Expected rate of the first variant, in %"
          pointer="/plan/baseline_rate"
          value={draft.baseline}
          onType={(baseline) => onChange({ ...draft, baseline })}
          {...{ errors, isFixed }}
        />
        <Percent
          label="Smallest lift worth finding, in %"
          pointer="/plan/mde_relative"
          value={draft.lift}
          onType={(lift) => onChange({ ...draft, lift })}
          {...{ errors, isFixed }}
        />
        <Percent
          label="Chance to find it, in %"
          pointer="/plan/power"
          value={draft.power}
          onType={(power) => onChange({ ...draft, power })}
          {...{ errors, isFixed }}
        />
        <Percent
          label="False alarms allowed, in %"
          pointer="/plan/alpha"
          value={draft.alpha}
          onType={(alpha) => onChange({ ...draft, alpha })}
          {...{ errors, isFixed }}
        />
      </div>
      {whole === null ? null : (
        <p className="mistake" role="alert">
          {whole}
        </p>
      )}
      <Outlook plan={planMistakes(draft).length === 0 ? planOf(draft) : null} variants={variants} />
    </fieldset>
  );
}

interface PercentProps {
  label: string;
  pointer: string;
  value: string;
  errors: FieldErrors;
  isFixed: boolean;
  onType: (value: string) => void;
}

function Percent({ label, pointer, value, errors, isFixed, onType }: PercentProps) {
  return (
    <TextField
      label={label}
      mistake={errorAt(errors, pointer)}
      value={value}
      longest={LONGEST_NUMBER}
      isNumber
      isReadOnly={isFixed}
      onChange={onType}
    />
  );
}

/** How long the plan takes with the traffic of the last week. */
function Outlook({ plan, variants }: { plan: NewPlan | null; variants: DraftVariant[] }) {
  const split = variants.map((variant) => percentOf(variant) ?? 0);
  const isReady = plan !== null && total(variants) === 100;
  const traffic = useQuery({ ...statsOfLastDaysQuery(TRAFFIC_DAYS), enabled: isReady });
  const daily = traffic.data === undefined ? 0 : traffic.data.unique_visitors / TRAFFIC_DAYS;
  const calculation = {
    variants: split.map(() => ({ visitors: 0, conversions: 0 })),
    traffic_split: split,
    ...(plan ?? {}),
    ...(daily >= 1 ? { visitors_per_day: daily } : {}),
  };
  const outlook = useQuery({
    queryKey: ["calculator", calculation],
    queryFn: () => calculate(calculation),
    enabled: isReady && !traffic.isPending,
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (!isReady) return null;
  return (
    <Loaded isQuiet of={outlook}>
      {(value) => <PlanFigures plan={value.plan} visitors={0} />}
    </Loaded>
  );
}
