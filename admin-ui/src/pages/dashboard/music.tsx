/** What visitors did with the music player. */
import type { Stats } from "../../api/events.ts";
import { Bars } from "../../components/charts/bars.tsx";
import { Chart } from "../../components/charts/chart.tsx";
import { type Fetched, Loaded, Panel } from "../../components/panel.tsx";
import { count, counted } from "../../compute/format.ts";
import { type Counted, ranked } from "../../compute/stats.ts";
import type { Tone } from "../../compute/tones.ts";

export function MusicPanel({ stats }: { stats: Fetched<Stats> }) {
  return (
    <Panel title="Music" className="is-wide">
      <Loaded isQuiet of={stats} empty={(value) => (value.music.total === 0 ? <Silence /> : null)}>
        {(value) => (
          <>
            <p className="music-total">
              <strong>{counted(value.music.total, "click")}</strong> in the player
            </p>
            <div className="music-charts">
              <Ranking title="Actions" column="Action" counts={ranked(value.music.by_action)} tone={1} />
              <Ranking title="Tracks" column="Track" counts={ranked(value.music.by_track)} tone={0} />
            </div>
          </>
        )}
      </Loaded>
    </Panel>
  );
}

interface RankingProps {
  title: string;
  column: string;
  counts: Counted[];
  tone: Tone;
}

function Ranking({ title, column, counts, tone }: RankingProps) {
  const words = counts.map(({ name, count: number }) => `${readable(name)} ${count(number)}`).join(", ");
  const bars = counts.map(({ name, count: number }) => ({
    name: readable(name),
    label: count(number),
    segments: [{ name, value: number, tone }],
  }));
  return (
    <div>
      <h3>{title}</h3>
      {counts.length === 0 ? (
        <p className="quiet">No click named one.</p>
      ) : (
        <Chart
          name={`Music: ${title}`}
          columns={[column, "Clicks"]}
          rows={counts.map((one) => [readable(one.name), count(one.count)])}
        >
          <Bars summary={`${title}: ${words}`} bars={bars} />
        </Chart>
      )}
    </div>
  );
}

/** `track_select` as people read it. */
const readable = (name: string): string => name.replaceAll("_", " ");

function Silence() {
  return (
    <p>
      <strong>Nobody has touched the player yet.</strong>
      <br />
      Play, pause, next, previous and chosen tracks are counted here.
    </p>
  );
}
