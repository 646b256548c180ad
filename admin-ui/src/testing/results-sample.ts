/** Valid results, of which a test says only what it is about. */
import type { Calculated, Comparison, Results, VariantResult } from "../results/api.ts";
import { anExperiment } from "./samples.ts";

const MOMENT = "2026-01-12T12:00:00Z";

const aVariant = (key: string, isControl: boolean): VariantResult => ({
  key,
  is_control: isControl,
  share: 0.5,
  visitors: 10_000,
  conversions: isControl ? 500 : 580,
  rate: isControl ? 0.05 : 0.058,
  rate_interval: isControl ? [0.0459, 0.0544] : [0.0536, 0.0628],
  posterior_mean: 0.05,
  credible_interval: [0.04, 0.06],
  probability_best: isControl ? 0.006 : 0.994,
  expected_loss: 0.001,
});

export const aComparison = (part: Partial<Comparison> = {}): Comparison => ({
  variant: "synthwave",
  control: "neon",
  absolute_difference: 0.008,
  relative_lift: 0.16,
  always_valid: {
    p_value: 0.2,
    p_value_adjusted: 0.2,
    log_e_value: 1.6,
    absolute_interval: [-0.002, 0.018],
    relative_interval: [-0.04, 0.405],
    first_crossed_at: null,
    conclusive: false,
  },
  fixed_horizon: null,
  bayesian: null,
  exact_check: null,
  ...part,
});

const settings: Results["settings"] = {
  alpha: 0.05,
  comparisons: 1,
  interval_level: 0.95,
  comparison_level: 0.95,
  decision_method: "always_valid_mixture",
  tuning_visitors: 5000,
  correction: "holm",
  mde_relative: 0.1,
  minimum_days: 7,
  minimum_visitors_per_variant: 100,
  minimum_conversions_per_pair: 25,
  prior: { alpha: 1, beta: 17.5, rule: "pooled_one_conversion" },
};

const plan: Results["plan"] = {
  baseline_rate: 0.05,
  mde_relative: 0.1,
  power: 0.8,
  fixed_visitors_total: 62_467,
  always_valid_max_visitors_total: 121_096,
  visitors_per_day: 2000,
  days_to_fixed: 22,
  days_to_max: 52,
  mde_relative_now: 0.18,
  progress: 0.165,
};

const traffic: Results["traffic"] = {
  status: "ok",
  visitors: [10_000, 10_000],
  expected_share: [0.5, 0.5],
  observed_share: [0.5, 0.5],
  chi_square: 0,
  degrees_of_freedom: 1,
  p_value: 1,
  p_value_always_valid: 1,
  impossible_assignment: false,
  excluded: { multiple_variants: 41, other_claims: 0, claimed_only: 0, robots: 0, previews: 0, no_track: 0 },
};

export const aResults = (part: Partial<Results> = {}): Results => ({
  experiment_id: anExperiment().id,
  revision: 1,
  status: "running",
  computed_at: MOMENT,
  data_through: MOMENT,
  started_at: "2026-01-02T12:00:00Z",
  elapsed_days: 10,
  planned: null,
  settings,
  traffic,
  goal: anExperiment().goals[0] as Results["goal"],
  variants: [aVariant("neon", true), aVariant("synthwave", false)],
  comparisons: [aComparison()],
  other_goals: [],
  plan,
  timeline: {
    step: "day",
    points: [],
    revisions: [
      { revision: 1, opened_at: "2026-01-02T12:00:00Z", action: "created", traffic_split: { neon: 50, synthwave: 50 } },
    ],
  },
  recommendation: {
    phase: "running",
    state: "keep_running",
    variant: null,
    severity: "info",
    headline: "Keep running: no clear difference yet",
    body: "synthwave converts 5.80% against 5.00%.",
    next_step: "Change nothing.",
    cautions: [],
  },
  notes: [],
  ...part,
});

export const aCalculated = (): Calculated => {
  const { variants, comparisons } = aResults();
  return { settings, traffic, plan, variants, comparisons };
};
