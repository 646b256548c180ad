/** Means of measured goals, drawn beside each other with their intervals. */
import type { Results } from "./api.ts";

type Goal = Results["other_goals"][number];
type Measured = NonNullable<Goal["comparisons"][number]["mean"]>;

/** A mean with as many digits as one reads. */
export const mean = (measured: Measured | null): string =>
  measured === null ? "–" : measured.mean.toLocaleString("en", { maximumSignificantDigits: 3 });

interface Bar {
  name: string;
  measured: Measured;
}

export function MeansPanel({ results }: { results: Results }) {
  const control = results.variants[0]?.key ?? "control";
  const measured = results.other_goals.filter((goal) => goal.measure !== null);
  return measured.map((goal) => <Means key={goal.id} goal={goal} control={control} />);
}

function Means({ goal, control }: { goal: Goal; control: string }) {
  const [first] = goal.comparisons;
  const bars: Bar[] = [];
  if (first?.control_mean) bars.push({ name: control, measured: first.control_mean });
  for (const one of goal.comparisons) if (one.mean) bars.push({ name: one.variant, measured: one.mean });
  if (bars.length === 0) return null;
  const most = Math.max(...bars.map(({ measured }) => measured.interval?.[1] ?? measured.mean), Number.EPSILON);
  const at = (value: number) => Math.max(0, Math.min(100, (100 * value) / most));
  return (
    <section className="means" aria-label={goal.name}>
      <h3 className="small">{goal.name}</h3>
      {bars.map(({ name, measured }, index) => {
        const [low = measured.mean, high = measured.mean] = measured.interval ?? [];
        return (
          <div key={name} className="means-row">
            <span className="means-name">{name}</span>
            <svg
              className="bar-track"
              viewBox="0 0 100 10"
              preserveAspectRatio="none"
              role="img"
              aria-label={`${name}: ${mean(measured)}, between ${number(low)} and ${number(high)}`}
            >
              <rect className="bar-groove" width="100" height="10" />
              <rect className={`bar-fill tone-${index % 8}`} width={at(measured.mean)} height="10" />
              <rect className="plan-mark" x={at(low)} y="4" width={Math.max(0.6, at(high) - at(low))} height="2" />
            </svg>
            <span className="number">{mean(measured)}</span>
          </div>
        );
      })}
    </section>
  );
}

const number = (value: number): string => value.toLocaleString("en", { maximumSignificantDigits: 3 });
