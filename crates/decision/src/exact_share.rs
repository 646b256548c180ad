//! A second opinion on shares that holds at any number of visitors, not only at large ones.
//!
//! Without difference each conversion belongs to the variant with the probability of its share of traffic, whatever the
//! rates do over time. Method: the Beta mixture. Lindon & Malek 2022; Howard et al. 2021.

use serde::Serialize;

use crate::always_valid::rho;
use crate::counts::{Counts, LiftInterval, Pair};
use crate::{dirichlet, root};

/// Conversions at which the test is sharpest.
const TUNED_FOR: f64 = 500.0;
/// How far from a lift of 0 the ends of the interval are sought, as a logarithm.
const FARTHEST: f64 = 25.0;

/// What the conversions alone show.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct ExactShare {
    /// Valid at every look and every number of visitors.
    pub p_value: f64,
    /// The lift at the same level; an end is `None` while it has no bound.
    pub relative_interval: LiftInterval,
}

/// Judges the conversions of one revision, whose traffic went to the variant with the share `share` (of the two, 0 to 1,
/// ends excluded).
pub fn compare(pair: Pair<Counts>, share: f64, alpha: f64) -> ExactShare {
    let (variant, control) = (pair.variant.successes(), pair.control.successes());
    let evidence = |share: f64| log_e_value(variant, control, share);
    let bound = -alpha.ln();
    // A ratio of rates θ means the share θw/(θw + 1-w) of the conversions.
    let share_at = |log_ratio: f64| 1.0 / (1.0 + (1.0 - share) / share * (-log_ratio).exp());
    let observed = (variant / control).ln() - (share / (1.0 - share)).ln();
    let low = (variant > 0.0).then(|| {
        let from = if observed.is_finite() { observed } else { FARTHEST };
        root::crossing(-FARTHEST, from, |log_ratio| bound - evidence(share_at(log_ratio)))
    });
    let high = (control > 0.0).then(|| {
        let from = if observed.is_finite() { observed } else { -FARTHEST };
        root::crossing(from, FARTHEST, |log_ratio| evidence(share_at(log_ratio)) - bound)
    });
    ExactShare {
        p_value: (-evidence(share)).exp().min(1.0),
        relative_interval: LiftInterval {
            low: Some(low.map_or(-1.0, f64::exp_m1)),
            high: high.filter(|high| *high < FARTHEST).map(f64::exp_m1),
        },
    }
}

fn log_e_value(variant: f64, control: f64, share: f64) -> f64 {
    dirichlet::log_e_value(&[variant, control], &[share, 1.0 - share], rho(TUNED_FOR) - 1.0)
}
