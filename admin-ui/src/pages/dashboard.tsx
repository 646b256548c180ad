/** The numbers of the page at a glance: everything comes from one answer, so all panels are of one moment. */
import { useQuery } from "@tanstack/react-query";
import { useId, useMemo } from "react";
import { useSearchParams } from "wouter";
import { type Stats, statsQuery } from "../api/events.ts";
import { type Experiment, experimentsQuery } from "../api/experiments.ts";
import { Page } from "../components/page.tsx";
import { StaleBanner } from "../components/panel.tsx";
import { RefreshControl, useRefresh } from "../components/refresh.tsx";
import { variantsOf } from "../compute/stats.ts";
import { ConversionPanel } from "./dashboard/conversion.tsx";
import { ByTypePanel, ByVariantPanel } from "./dashboard/counts.tsx";
import { KpiRow } from "./dashboard/kpis.tsx";
import { LeftOutPanel } from "./dashboard/left-out.tsx";
import { MusicPanel } from "./dashboard/music.tsx";
import { TimelinePanel } from "./dashboard/timeline.tsx";
import "./dashboard.css";

export default function Dashboard() {
  const [address, setAddress] = useSearchParams();
  const experimentId = address.get("experiment");
  const refresh = useRefresh();
  const experiments = useQuery(experimentsQuery);
  const stats = useQuery(statsQuery(experimentId, refresh.every));
  const variants = useVariants(stats.data, experiments.data, experimentId);

  const choose = (id: string) => setAddress(id === "" ? {} : { experiment: id });

  return (
    <Page title="Dashboard" actions={<RefreshControl refresh={refresh} updatedAt={stats.dataUpdatedAt} />}>
      <ExperimentFilter experiments={experiments.data ?? []} chosen={experimentId ?? ""} onChoose={choose} />
      <StaleBanner of={stats} />
      <KpiRow stats={stats} />
      <div className="dashboard-grid">
        <TimelinePanel stats={stats} variants={variants} />
        <ConversionPanel stats={stats} variants={variants} />
        <ByTypePanel stats={stats} />
        <ByVariantPanel stats={stats} variants={variants} />
        <MusicPanel stats={stats} />
        <LeftOutPanel stats={stats} />
      </div>
    </Page>
  );
}

/** The chosen experiment's variants in its own order, so that each keeps its place and colour. */
function useVariants(stats: Stats | undefined, experiments: Experiment[] | undefined, id: string | null): string[] {
  return useMemo(() => {
    if (stats === undefined) return [];
    const chosen = experiments?.filter((experiment) => id === null || experiment.id === id) ?? [];
    // The oldest first: its variants have been on the dashboard longest.
    const known = chosen.toReversed().flatMap((experiment) => experiment.variants);
    return variantsOf(stats, [...new Set(known)]);
  }, [stats, experiments, id]);
}

interface FilterProps {
  experiments: Experiment[];
  chosen: string;
  onChoose: (id: string) => void;
}

function ExperimentFilter({ experiments, chosen, onChoose }: FilterProps) {
  const id = useId();
  const isUnknown = chosen !== "" && !experiments.some((experiment) => experiment.id === chosen);
  return (
    <div className="dashboard-filter">
      <label htmlFor={id}>Experiment</label>
      <select id={id} className="input" value={chosen} onChange={(event) => onChoose(event.target.value)}>
        <option value="">All experiments, and events without one</option>
        {experiments.map((experiment) => (
          <option key={experiment.id} value={experiment.id}>
            {experiment.name}
            {experiment.is_active ? "" : " (paused)"}
          </option>
        ))}
        {/* The events of a deleted experiment stay readable. */}
        {isUnknown ? <option value={chosen}>{chosen}</option> : null}
      </select>
    </div>
  );
}
