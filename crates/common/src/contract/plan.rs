//! What an experiment is planned to show: abtest keeps it, metrics judges by it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What an experiment is planned to show; it stays as it is from the first assignment on.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ExperimentPlan {
    /// The rate that is expected of control, above 0 and below 1.
    #[schema(example = 0.05)]
    pub baseline_rate: f64,
    /// The least lift worth finding, as a fraction of that rate; of a goal that is to decrease, the least drop.
    #[schema(example = 0.1)]
    pub mde_relative: f64,
    /// The chance to find it.
    #[schema(example = 0.8)]
    pub power: f64,
    /// The share of experiments without difference in which a difference may be claimed.
    #[schema(example = 0.05)]
    pub alpha: f64,
    /// Visitors of control and of the variant with the smallest share, together, that one look at the end would need. The
    /// intervals are tightest there.
    #[schema(example = 62468)]
    pub tuning_visitors: u64,
}
