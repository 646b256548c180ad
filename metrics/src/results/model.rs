//! The answer about an experiment's results. Rates, lifts and chances are fractions (0.16 is 16 %); what is `null` is not
//! defined yet, or has no bound.

mod comparison;
mod timeline;

use pushnami_common::contract::{Direction, ExperimentPlan, Goal, GoalMeasure, GoalRole};
use serde::Serialize;
use time::OffsetDateTime;
use utoipa::ToSchema;
use uuid::Uuid;

use super::verdict::Recommendation;
pub use comparison::{AlwaysValid, Bayesian, Comparison, ExactCheck, FixedHorizon, VariantResult};
pub use timeline::{Point, PointComparison, RevisionMark, Timeline};

/// A range: its lower and its upper end.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, ToSchema)]
pub struct Range(pub f64, pub f64);

/// A range of lifts: its lower and its upper end; one that is `null` has no bound.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, ToSchema)]
pub struct OpenRange(pub Option<f64>, pub Option<f64>);

/// The judged comparison of an experiment's variants.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Results {
    /// The experiment.
    pub experiment_id: Uuid,
    /// The revision in force.
    pub revision: i32,
    /// Whether visitors are assigned: `running` or `stopped`.
    pub status: Status,
    /// When this was computed.
    #[serde(with = "time::serde::rfc3339")]
    pub computed_at: OffsetDateTime,
    /// Until when events are counted.
    #[serde(with = "time::serde::rfc3339")]
    pub data_through: OffsetDateTime,
    /// The hour of the first exposure.
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(required)]
    pub started_at: Option<OffsetDateTime>,
    /// Days since then.
    pub elapsed_days: f64,
    /// How the numbers below are meant.
    pub settings: Settings,
    /// Whether visitors were shared out as configured, and who is counted apart.
    pub traffic: Traffic,
    /// The goal that is judged.
    pub goal: Goal,
    /// What each variant counted; the first is control.
    pub variants: Vec<VariantResult>,
    /// Each other variant against control.
    pub comparisons: Vec<Comparison>,
    /// The other goals.
    pub other_goals: Vec<OtherGoal>,
    /// What was planned before the start; `null` without a plan.
    #[schema(required)]
    pub planned: Option<ExperimentPlan>,
    /// How long this takes.
    pub plan: Plan,
    /// How the intervals narrowed.
    pub timeline: Timeline,
    /// What it comes to, in words.
    pub recommendation: Recommendation,
    /// What is not as one might expect.
    pub notes: Vec<Note>,
}

/// Whether visitors are assigned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// They are.
    Running,
    /// They are not.
    Stopped,
}

/// How the numbers are meant.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Settings {
    /// The share of experiments without difference in which a difference may be claimed.
    pub alpha: f64,
    /// How many variants are compared with control.
    pub comparisons: usize,
    /// The level of intervals of one variant.
    pub interval_level: f64,
    /// The level of intervals of a comparison: `1 - alpha / comparisons`.
    pub comparison_level: f64,
    /// What decides.
    #[schema(example = "always_valid_mixture")]
    pub decision_method: &'static str,
    /// Visitors of both at which the interval is tightest; fixed before the start.
    pub tuning_visitors: f64,
    /// How several variants are corrected for.
    #[schema(example = "holm")]
    pub correction: &'static str,
    /// The least lift worth finding.
    pub mde_relative: f64,
    /// Full days before a winner is called, so that every weekday is in.
    pub minimum_days: u32,
    /// Visitors of each variant before anything is compared.
    pub minimum_visitors_per_variant: u64,
    /// Conversions of control and a variant together before they are compared.
    pub minimum_conversions_per_pair: u64,
    /// What is believed of every rate before anybody came.
    pub prior: Prior,
}

/// A Beta distribution.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Prior {
    /// Conversions it is worth.
    pub alpha: f64,
    /// Visitors without conversion it is worth.
    pub beta: f64,
    /// Where it comes from: `pooled_one_conversion` or `given`.
    pub rule: &'static str,
}

/// Whether visitors were shared out as configured. Lists are in the order of the variants.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Traffic {
    /// What it comes to.
    pub status: TrafficStatus,
    /// Visitors of each variant.
    pub visitors: Vec<u64>,
    /// The share each should have had, over all revisions.
    pub expected_share: Vec<f64>,
    /// The share each had.
    pub observed_share: Vec<f64>,
    /// Pearson's statistic, summed over the revisions.
    pub chi_square: f64,
    /// Its degrees of freedom.
    pub degrees_of_freedom: u32,
    /// For one look; `null` while an expected count is below 5.
    #[schema(required)]
    pub p_value: Option<f64>,
    /// Valid at every look.
    pub p_value_always_valid: f64,
    /// Somebody was first seen in a variant that got nobody in that revision.
    pub impossible_assignment: bool,
    /// Who and what is counted apart.
    pub excluded: CountedApart,
}

/// How the traffic is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TrafficStatus {
    /// As configured.
    Ok,
    /// Worth a look.
    Warn,
    /// Not as configured: the results are not to be used.
    Fail,
    /// Too few to tell.
    TooSmall,
}

/// Who and what is counted apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct CountedApart {
    /// Visitors who saw pages in two variants; they count in none.
    pub multiple_variants: i64,
    /// Visitors with events that claimed another variant than theirs; those events count for nothing.
    pub other_claims: i64,
    /// Visitors who count by what their events say, because no assignment of theirs is stored.
    pub claimed_only: i64,
    /// Events of robots in this experiment.
    pub robots: i64,
    /// Events of previews, in all experiments since this one began.
    pub previews: i64,
    /// Events that were not recorded because the visitors did not wish it, in all since this one began.
    pub no_track: i64,
}

/// A goal that does not decide.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct OtherGoal {
    /// Its id.
    pub id: Uuid,
    /// What people call it.
    pub name: String,
    /// What it is for.
    pub role: GoalRole,
    /// Which way is better.
    pub direction: Direction,
    /// Whether its events are still being counted.
    pub is_counting: bool,
    /// Each variant but control.
    pub comparisons: Vec<OtherComparison>,
    /// What each visitor's number is, of a goal that is measured; `null` for one that is reached.
    #[schema(required)]
    pub measure: Option<GoalMeasure>,
}

/// A variant against control for a goal that does not decide.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct OtherComparison {
    /// The variant.
    pub variant: String,
    /// Control's rate.
    #[schema(required)]
    pub control_rate: Option<f64>,
    /// The variant's rate.
    #[schema(required)]
    pub rate: Option<f64>,
    /// The lift.
    #[schema(required)]
    pub relative_lift: Option<f64>,
    /// Its interval, always valid.
    #[schema(required)]
    pub relative_interval: Option<OpenRange>,
    /// Always valid.
    pub p_value: f64,
    /// Corrected for several goals (Benjamini–Hochberg); of guardrails uncorrected.
    pub p_value_adjusted: f64,
    /// Whether the difference is shown and not wanted.
    pub is_harmful: bool,
    /// What control's visitors come to, where they are measured.
    #[schema(required)]
    pub control_mean: Option<Measured>,
    /// What the variant's visitors come to, where they are measured.
    #[schema(required)]
    pub mean: Option<Measured>,
    /// Whether the visitors of one of both have a number more often: then their means cannot be compared.
    pub coverage_differs: bool,
}

/// What visitors' numbers come to.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Measured {
    /// How many visitors have one.
    pub visitors: u64,
    /// The share of all exposed visitors who have one, 0 to 1.
    pub coverage: f64,
    /// Their mean, in the property's unit.
    pub mean: f64,
    /// How far single visitors are from it; `null` of a single one.
    #[schema(required)]
    pub standard_deviation: Option<f64>,
    /// The interval of the mean, for one look.
    #[schema(required)]
    pub interval: Option<Range>,
}

/// How long an experiment takes, for control and the variant that needs most.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
pub struct Plan {
    /// Control's rate that is reckoned with.
    #[schema(required)]
    pub baseline_rate: Option<f64>,
    /// The least lift worth finding.
    pub mde_relative: f64,
    /// The chance to find it.
    pub power: f64,
    /// Visitors of all variants for one look at the end; watched all the time it takes as many on average.
    #[schema(required)]
    pub fixed_visitors_total: Option<f64>,
    /// Visitors of all variants at which a decision is due at the latest.
    #[schema(required)]
    pub always_valid_max_visitors_total: Option<f64>,
    /// Visitors a day, over the last seven full days.
    #[schema(required)]
    pub visitors_per_day: Option<f64>,
    /// Whole days until `fixed_visitors_total`.
    #[schema(required)]
    pub days_to_fixed: Option<f64>,
    /// Whole days until `always_valid_max_visitors_total`.
    #[schema(required)]
    pub days_to_max: Option<f64>,
    /// The least lift that one look would find with the visitors of now.
    #[schema(required)]
    pub mde_relative_now: Option<f64>,
    /// Visitors of now over `always_valid_max_visitors_total`, at most 1.
    #[schema(required)]
    pub progress: Option<f64>,
}

/// Something that is not as one might expect.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Note {
    /// For programs.
    #[schema(example = "weights_changed")]
    pub code: &'static str,
    /// What it is about, as a JSON pointer into the answer.
    pub path: String,
    /// For people.
    pub text: String,
}
