//! The numbers for one look at the planned end. Looked at earlier or more often, they promise too much.

use serde::Serialize;

use crate::counts::{Counts, Interval, LiftInterval, Moments, Pair};
use crate::estimate::Estimate;
use crate::proportion::wilson;
use crate::{normal, root, student};

/// How far from a lift of 0 the ends of the interval are sought, as a logarithm.
const FARTHEST: f64 = 60.0;

/// What two variants show at one look.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct FixedHorizon {
    /// The difference in standard errors: z for shares, Welch's t for means; 0 when nothing varies.
    pub statistic: f64,
    /// Of a t; `None` for shares.
    pub degrees_of_freedom: Option<f64>,
    /// In both directions.
    pub p_value: f64,
    /// Variant less control.
    pub absolute_interval: Option<Interval>,
    /// The lift; an end is `None` while it has no bound.
    pub relative_interval: LiftInterval,
}

/// Compares shares within one revision. `alpha` is what may remain outside the intervals. `None` while a variant has no
/// visitors.
///
/// Sources: the pooled z-test; Newcombe 1998 (hybrid score interval of the difference); Koopman 1984 (score interval of
/// the ratio).
pub fn compare_counts(pair: Pair<Counts>, alpha: f64) -> Option<FixedHorizon> {
    let estimate = Estimate::of_counts(&[pair])?;
    let statistic = standard_errors(&estimate, estimate.pooled);
    Some(FixedHorizon {
        statistic,
        degrees_of_freedom: None,
        p_value: normal::two_sided(statistic),
        absolute_interval: newcombe(pair, alpha),
        relative_interval: koopman(pair, alpha),
    })
}

/// Compares shares over several revisions: each gives its own difference, weighted by n_A·n_B/(n_A+n_B).
///
/// Sources: Cochran 1954 and Mantel & Haenszel 1959 (the test, without continuity correction, and the weights);
/// the interval of the lift is Fieller's.
pub fn compare_strata(strata: &[Pair<Counts>], alpha: f64) -> Option<FixedHorizon> {
    if let [pair] = strata {
        return compare_counts(*pair, alpha);
    }
    let estimate = Estimate::of_counts(strata)?;
    let statistic = standard_errors(&estimate, cochran_variance(strata));
    let z = normal::exceeded_with(0.5 * alpha);
    Some(FixedHorizon {
        statistic,
        degrees_of_freedom: None,
        p_value: normal::two_sided(statistic),
        absolute_interval: Some(estimate.absolute(z, estimate.unpooled())),
        relative_interval: estimate.relative(z, estimate.unpooled()),
    })
}

/// Compares means over revisions. Sources: Welch 1947, Satterthwaite 1946, Fieller 1954.
pub fn compare_moments(strata: &[Pair<Moments>], alpha: f64) -> Option<FixedHorizon> {
    let estimate = Estimate::of_moments(strata)?;
    let variance = estimate.unpooled();
    let statistic = standard_errors(&estimate, variance);
    let df = satterthwaite(strata, &estimate);
    let t = student::exceeded_with(0.5 * alpha, df);
    Some(FixedHorizon {
        statistic,
        degrees_of_freedom: Some(df),
        p_value: student::two_sided(statistic, df),
        absolute_interval: (variance > 0.0).then(|| estimate.absolute(t, variance)),
        relative_interval: if variance > 0.0 { estimate.relative(t, variance) } else { LiftInterval::default() },
    })
}

fn standard_errors(estimate: &Estimate, variance: f64) -> f64 {
    if variance > 0.0 { estimate.difference() / variance.sqrt() } else { 0.0 }
}

/// The variance of the weighted difference if there is none, as the hypergeometric distribution of each stratum gives
/// it. With it the squared statistic is Cochran's and Mantel's without continuity correction.
fn cochran_variance(strata: &[Pair<Counts>]) -> f64 {
    let weight = |pair: &Pair<Counts>| {
        let (control, variant) = (pair.control.size(), pair.variant.size());
        if control > 0.0 && variant > 0.0 { control * (variant / (control + variant)) } else { 0.0 }
    };
    let total: f64 = strata.iter().map(weight).sum();
    let variance = |pair: &Pair<Counts>| {
        let both = pair.control.and(pair.variant);
        weight(pair) * both.variance() * both.size() / (both.size() - 1.0)
    };
    strata.iter().filter(|pair| weight(pair) > 0.0).map(variance).sum::<f64>() / (total * total)
}

fn satterthwaite(strata: &[Pair<Moments>], estimate: &Estimate) -> f64 {
    let usable = || strata.iter().filter(|pair| pair.control.visitors() > 1 && pair.variant.visitors() > 1);
    let weight = |pair: &Pair<Moments>| {
        pair.control.size() * (pair.variant.size() / (pair.control.size() + pair.variant.size()))
    };
    let total: f64 = usable().map(weight).sum();
    let part = |pair: &Pair<Moments>, side: Moments| {
        let variance = (weight(pair) / total).powi(2) * side.variance() / side.size();
        variance * variance / (side.size() - 1.0)
    };
    let spread: f64 = usable().map(|pair| part(pair, pair.control) + part(pair, pair.variant)).sum();
    let least = usable().map(|pair| pair.control.visitors().min(pair.variant.visitors()) - 1).min().unwrap_or(1);
    if spread > 0.0 { estimate.unpooled().powi(2) / spread } else { least as f64 }
}

fn newcombe(pair: Pair<Counts>, alpha: f64) -> Option<Interval> {
    let (control, variant) = (wilson(pair.control, 1.0 - alpha)?, wilson(pair.variant, 1.0 - alpha)?);
    let (at_control, at_variant) = (pair.control.rate()?, pair.variant.rate()?);
    let difference = at_variant - at_control;
    let interval = Interval {
        low: difference - (at_variant - variant.low).hypot(control.high - at_control),
        high: difference + (variant.high - at_variant).hypot(at_control - control.low),
    };
    Some(interval.clipped(-1.0, 1.0))
}

fn koopman(pair: Pair<Counts>, alpha: f64) -> LiftInterval {
    let Pair { control, variant } = pair;
    if control.conversions() == 0 && variant.conversions() == 0 {
        return LiftInterval::default();
    }
    let limit = normal::exceeded_with(0.5 * alpha);
    let statistic = |log_ratio: f64| koopman_statistic(pair, log_ratio.exp());
    // Zero conversions in the variant fit every smaller ratio, zero in control every larger one.
    let low = (variant.conversions() > 0)
        .then(|| root::crossing(-FARTHEST, FARTHEST, |log_ratio| limit - statistic(log_ratio)));
    let high = (control.conversions() > 0)
        .then(|| root::crossing(-FARTHEST, FARTHEST, |log_ratio| -limit - statistic(log_ratio)));
    LiftInterval { low: Some(low.map_or(-1.0, f64::exp_m1)), high: high.map(f64::exp_m1) }
}

/// The score statistic of "the variant's rate is `ratio` times control's".
fn koopman_statistic(pair: Pair<Counts>, ratio: f64) -> f64 {
    let (control, variant) = (pair.control, pair.variant);
    let size = control.size() + variant.size();
    let (k_control, k_variant) = (control.successes(), variant.successes());
    let a = size * ratio;
    let b = variant.size() * ratio + k_variant + control.size() + k_control * ratio;
    let c = k_control + k_variant;
    // Not the textbook's (-b-√)/2a, which cancels.
    let at_control = 2.0 * c / (b + (b * b - 4.0 * a * c).max(0.0).sqrt());
    let at_variant = (ratio * at_control).min(1.0);
    let spread = at_variant * (1.0 - at_variant) / variant.size()
        + ratio * ratio * at_control * (1.0 - at_control).max(0.0) / control.size();
    let difference = k_variant / variant.size() - ratio * k_control / control.size();
    match (difference, spread > 0.0) {
        (0.0, _) => 0.0,
        (_, true) => difference / spread.sqrt(),
        (_, false) => difference.signum() * f64::MAX,
    }
}
