/** Valid things, of which a test says only what it is about. */
import type { RecordedEvent, Stats } from "../api/events.ts";
import type { Experiment } from "../api/experiments.ts";
import type { Lead } from "../api/leads.ts";
import type { Toggle } from "../api/toggles.ts";

const MOMENT = "2026-01-02T03:04:05Z";

export const anExperiment = (part: Partial<Experiment> = {}): Experiment => ({
  id: "01980000-0000-7000-8000-000000000001",
  key: "landing-page-theme",
  name: "Landing Page Theme",
  description: "",
  variants: ["neon", "synthwave"],
  traffic_split: { neon: 50, synthwave: 50 },
  is_active: true,
  revision: 1,
  goals: [
    {
      id: "01980000-0000-7000-8000-000000000021",
      name: "Call to action clicked",
      role: "primary",
      direction: "increase",
      any_of: [{ event_type: "click", event_name: "cta_primary" }],
      window_hours: null,
      pause_on_harm: false,
    },
  ],
  plan: null,
  status: "running",
  winner: null,
  variant_content: {},
  started_at: MOMENT,
  completed_at: null,
  archived_at: null,
  created_at: MOMENT,
  updated_at: MOMENT,
  ...part,
});

export const aToggle = (part: Partial<Toggle> = {}): Toggle => ({
  id: "01980000-0000-7000-8000-000000000011",
  name: "Greek rain",
  key: "matrix_rain",
  description: "",
  enabled: true,
  config: {},
  created_at: MOMENT,
  updated_at: MOMENT,
  ...part,
});

export const anEvent = (part: Partial<RecordedEvent> = {}): RecordedEvent => ({
  id: "01980000-0000-7000-8000-0000000000e1",
  visitor_id: "01980000-0000-7000-8000-0000000000aa",
  experiment_id: null,
  variant: "neon",
  event_type: "click",
  event_name: "cta_primary",
  metadata: {},
  page_url: null,
  created_at: MOMENT,
  ...part,
});

export const aLead = (part: Partial<Lead> = {}): Lead => ({
  id: "01980000-0000-7000-8000-0000000001ea",
  email: "daphne@example.com",
  company: null,
  message: null,
  visitor_id: "01980000-0000-7000-8000-0000000000aa",
  experiment_id: null,
  variant: "neon",
  created_at: MOMENT,
  ...part,
});

export const stats = (part: Partial<Stats> = {}): Stats => ({
  total_events: 0,
  unique_visitors: 0,
  events_by_type: {},
  events_by_variant: {},
  variant_breakdown: [],
  conversion_by_variant: {},
  timeline: [],
  music: { total: 0, by_action: {}, by_track: {} },
  excluded: { preview: 0, robot: 0, no_track: 0 },
  erased: { visitors: 0, events: 0 },
  ...part,
});
