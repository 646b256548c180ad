//! The part of the answer that compares: what each variant counted, and each against control.

use serde::Serialize;
use time::OffsetDateTime;
use utoipa::ToSchema;

use super::{OpenRange, Range};

/// What one variant counted.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct VariantResult {
    /// The variant.
    pub key: String,
    /// Whether the others are compared with it.
    pub is_control: bool,
    /// Its share of new visitors now, 0 to 1.
    pub share: f64,
    /// Its exposed visitors, over all revisions.
    pub visitors: u64,
    /// How many of them reached the goal.
    pub conversions: u64,
    /// The share that did.
    #[schema(required)]
    pub rate: Option<f64>,
    /// Wilson's interval of it.
    #[schema(required)]
    pub rate_interval: Option<Range>,
    /// The mean of what is believed of the rate.
    #[schema(required)]
    pub posterior_mean: Option<f64>,
    /// What the rate lies in with the chance of the interval's level.
    #[schema(required)]
    pub credible_interval: Option<Range>,
    /// The chance that no other is better.
    #[schema(required)]
    pub probability_best: Option<f64>,
    /// By how much the best exceeds it on average, as a rate.
    #[schema(required)]
    pub expected_loss: Option<f64>,
}

/// A variant against control.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Comparison {
    /// The variant.
    pub variant: String,
    /// Control.
    pub control: String,
    /// Variant less control.
    #[schema(required)]
    pub absolute_difference: Option<f64>,
    /// The same over control's rate.
    #[schema(required)]
    pub relative_lift: Option<f64>,
    /// What decides: holds however often one looks.
    pub always_valid: AlwaysValid,
    /// What one look at the planned end shows.
    #[schema(required)]
    pub fixed_horizon: Option<FixedHorizon>,
    /// Chances and losses, as an explanation.
    #[schema(required)]
    pub bayesian: Option<Bayesian>,
    /// A second opinion that holds at any number of visitors.
    #[schema(required)]
    pub exact_check: Option<ExactCheck>,
}

/// The numbers that decide.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct AlwaysValid {
    /// Valid at every look.
    pub p_value: f64,
    /// The same, corrected for several variants (Holm).
    pub p_value_adjusted: f64,
    /// The logarithm of the evidence against "no difference".
    pub log_e_value: f64,
    /// The difference.
    #[schema(required)]
    pub absolute_interval: Option<Range>,
    /// The lift.
    #[schema(required)]
    pub relative_interval: Option<OpenRange>,
    /// When the corrected p-value first came to `alpha`, at the end of an hour or a day. From then on the verdict stands.
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(required)]
    pub first_crossed_at: Option<OffsetDateTime>,
    /// Whether a difference is shown.
    pub conclusive: bool,
}

/// The numbers of one look.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct FixedHorizon {
    /// Visitors of both at which this look was planned.
    #[schema(required)]
    pub valid_at_visitors: Option<f64>,
    /// Whether they have come.
    pub reached: bool,
    /// The difference in standard errors.
    pub z: f64,
    /// In both directions.
    pub p_value: f64,
    /// Corrected for several variants (Holm).
    pub p_value_adjusted: f64,
    /// Newcombe's interval of the difference.
    #[schema(required)]
    pub absolute_interval: Option<Range>,
    /// Koopman's interval of the lift.
    #[schema(required)]
    pub relative_interval: Option<OpenRange>,
}

/// Chances and losses.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Bayesian {
    /// The chance that the variant is better.
    pub chance_to_beat_control: f64,
    /// What is lost on average where it is worse, as a rate.
    pub expected_loss: f64,
    /// What is gained on average where it is better.
    pub expected_gain: f64,
    /// What the difference lies in.
    pub absolute_interval: Range,
    /// What the lift lies in.
    #[schema(required)]
    pub relative_interval: Option<Range>,
}

/// The exact test of the conversions' shares.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ExactCheck {
    /// Valid at every look and every number of visitors.
    pub p_value: f64,
    /// The lift.
    #[schema(required)]
    pub relative_interval: Option<OpenRange>,
}
