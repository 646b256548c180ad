//! The numbers that decide: a p-value and intervals that hold however often they are looked at.
//!
//! Method: the normal mixture. Robbins 1970; Howard, Ramdas, McAuliffe, Sekhon 2021; Waudby-Smith, Arbour, Sinha,
//! Kennedy, Ramdas 2024 (asymptotic confidence sequences). The variance is the larger of the pooled and the unpooled
//! one, which keeps false alarms below α on uneven splits too. The guarantee is asymptotic.

use serde::Serialize;

use crate::counts::{Counts, Interval, LiftInterval, Moments, Pair};
use crate::estimate::Estimate;

/// Visitors at which the interval is tightest, when there is no plan.
pub const UNPLANNED_TUNING: f64 = 5000.0;
/// The α for which the tuning is made, whatever the level of the interval.
const TUNED_FOR: f64 = 0.05;

/// What two variants show, whenever one looks.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct AlwaysValid {
    /// Variant less control.
    pub difference: f64,
    /// The difference over control's value; `None` when that is 0 or less.
    pub relative_lift: Option<f64>,
    /// The logarithm of the evidence against "no difference".
    pub log_e_value: f64,
    /// At most α in at most a share α of all experiments without difference, at whatever moment one stops.
    pub p_value: f64,
    /// The difference; `None` while nobody or everybody converted.
    pub absolute_interval: Option<Interval>,
    /// The lift; an end is `None` while it has no bound.
    pub relative_interval: LiftInterval,
}

/// How the numbers are tuned. All of it is fixed before an experiment starts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tuning {
    /// Visitors of both variants at which the interval is tightest: those of the plan, or [`UNPLANNED_TUNING`].
    pub visitors: f64,
    /// What may remain outside the intervals: α over the number of comparisons.
    pub alpha: f64,
}

/// Compares shares. `strata` are the revisions; `None` while no revision has visitors in both.
pub fn compare_counts(strata: &[Pair<Counts>], tuning: Tuning) -> Option<AlwaysValid> {
    Estimate::of_counts(strata).map(|estimate| judged(&estimate, tuning))
}

/// Compares means. `None` while no revision has two visitors in both.
pub fn compare_moments(strata: &[Pair<Moments>], tuning: Tuning) -> Option<AlwaysValid> {
    Estimate::of_moments(strata).map(|estimate| judged(&estimate, tuning))
}

/// How many standard errors the interval extends at `visitors`: what replaces 1.96.
pub fn multiplier(visitors: f64, tuning: Tuning) -> f64 {
    let rho = rho(tuning.visitors);
    let spread = (visitors + rho) / visitors;
    (spread * ((visitors / rho).ln_1p() - 2.0 * tuning.alpha.ln())).sqrt()
}

fn judged(estimate: &Estimate, tuning: Tuning) -> AlwaysValid {
    let (difference, variance) = (estimate.difference(), estimate.safe_variance());
    let mut judged = AlwaysValid {
        difference,
        relative_lift: estimate.lift(),
        log_e_value: 0.0,
        p_value: 1.0,
        absolute_interval: None,
        relative_interval: LiftInterval::default(),
    };
    // Nobody or everybody converted, or no value differs: nothing can be said yet.
    if variance > 0.0 {
        let (visitors, rho) = (estimate.visitors, rho(tuning.visitors));
        let multiplier = multiplier(visitors, tuning);
        judged.log_e_value =
            difference * difference * visitors / (2.0 * variance * (visitors + rho)) - 0.5 * (visitors / rho).ln_1p();
        judged.p_value = (-judged.log_e_value).exp().min(1.0);
        judged.absolute_interval = Some(estimate.absolute(multiplier, variance));
        judged.relative_interval = estimate.relative(multiplier, variance);
    }
    judged
}

/// The mixture's variance for a tightest interval at `visitors`. Source: Howard et al. 2021, section 3.5.
pub(crate) fn rho(visitors: f64) -> f64 {
    let doubled = -2.0 * TUNED_FOR.ln();
    visitors / (doubled + doubled.ln_1p())
}
