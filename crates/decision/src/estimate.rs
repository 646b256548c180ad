//! What a pair of variants shows, brought to one form: two means, their variances, and the visitors behind them.
//!
//! Revisions are strata. Each gives its own means and variances, which are combined with the weights n_A·n_B/(n_A+n_B),
//! so that a changed split neither throws away what was learned nor pools unlike periods.
//! Source of the weights: Mantel & Haenszel 1959, Cochran 1954.

use crate::counts::{Counts, Interval, LiftInterval, Moments, Pair};

/// The combined view of all strata.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Estimate {
    pub(crate) control: Mean,
    pub(crate) variant: Mean,
    /// The variance of the difference if there were none: both samples taken together.
    pub(crate) pooled: f64,
    /// Visitors of both.
    pub(crate) visitors: f64,
    /// The least and the greatest difference that can be, for shares.
    pub(crate) bounds: Option<Interval>,
}

/// A mean and the variance of its estimate.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Mean {
    pub(crate) value: f64,
    pub(crate) variance: f64,
}

impl Estimate {
    /// From counts; `None` while no stratum has visitors in both.
    pub(crate) fn of_counts(strata: &[Pair<Counts>]) -> Option<Self> {
        let bounds = Some(Interval { low: -1.0, high: 1.0 });
        Self::combined(strata.iter().filter_map(stratum_of_counts), bounds)
    }

    /// From moments; `None` while no stratum has two visitors in both.
    pub(crate) fn of_moments(strata: &[Pair<Moments>]) -> Option<Self> {
        Self::combined(strata.iter().filter_map(stratum_of_moments), None)
    }

    fn combined(strata: impl Iterator<Item = Stratum>, bounds: Option<Interval>) -> Option<Self> {
        let strata: Vec<Stratum> = strata.collect();
        let total: f64 = strata.iter().map(|stratum| stratum.weight).sum();
        (total > 0.0).then(|| {
            let over = |part: fn(&Stratum) -> Mean| Mean {
                value: strata.iter().map(|stratum| stratum.weight / total * part(stratum).value).sum(),
                variance: strata.iter().map(|stratum| (stratum.weight / total).powi(2) * part(stratum).variance).sum(),
            };
            Self {
                control: over(|stratum| stratum.control),
                variant: over(|stratum| stratum.variant),
                pooled: strata.iter().map(|stratum| (stratum.weight / total).powi(2) * stratum.pooled).sum(),
                visitors: strata.iter().map(|stratum| stratum.visitors).sum(),
                bounds,
            }
        })
    }

    /// Variant less control.
    pub(crate) fn difference(&self) -> f64 {
        self.variant.value - self.control.value
    }

    /// The variance of the difference as each sample shows it.
    pub(crate) fn unpooled(&self) -> f64 {
        self.control.variance + self.variant.variance
    }

    /// The larger of both variances. With an uneven split the small sample often shows no conversion at all and the
    /// unpooled variance collapses; the pooled one is right under no difference. The larger is safe under both.
    pub(crate) fn safe_variance(&self) -> f64 {
        self.unpooled().max(self.pooled)
    }

    /// The difference give or take `multiplier` standard errors.
    pub(crate) fn absolute(&self, multiplier: f64, variance: f64) -> Interval {
        let half = multiplier * variance.sqrt();
        let wide = Interval { low: self.difference() - half, high: self.difference() + half };
        self.bounds.map_or(wide, |bounds| wide.clipped(bounds.low, bounds.high))
    }

    /// Every lift r - 1 with `(x_B - r·x_A)² ≤ multiplier²·(v_B + r²·v_A + e)`, where `e` is what `variance` has beyond
    /// the unpooled one. It holds 0 exactly when [`absolute`](Self::absolute) does. Source: Fieller 1954.
    pub(crate) fn relative(&self, multiplier: f64, variance: f64) -> LiftInterval {
        let square = multiplier * multiplier;
        let extra = (variance - self.unpooled()).max(0.0);
        let leading = self.control.value.powi(2) - square * self.control.variance;
        if leading <= 0.0 || self.control.value <= 0.0 {
            return LiftInterval::default();
        }
        let product = self.control.value * self.variant.value;
        let last = self.variant.value.powi(2) - square * (self.variant.variance + extra);
        let spread = (product * product - leading * last).max(0.0).sqrt();
        // The root without cancellation first; the other follows from the product of the roots.
        let sum = if product < 0.0 { product - spread } else { product + spread };
        let (one, other) = (sum / leading, if sum == 0.0 { 0.0 } else { last / sum });
        let least = if self.bounds.is_some() { -1.0 } else { f64::NEG_INFINITY };
        LiftInterval { low: Some((one.min(other) - 1.0).max(least)), high: Some(one.max(other) - 1.0) }
    }

    /// The lift; `None` over a control of 0 or less.
    pub(crate) fn lift(&self) -> Option<f64> {
        (self.control.value > 0.0).then(|| self.difference() / self.control.value)
    }
}

/// One revision.
struct Stratum {
    weight: f64,
    control: Mean,
    variant: Mean,
    pooled: f64,
    visitors: f64,
}

fn stratum_of_counts(pair: &Pair<Counts>) -> Option<Stratum> {
    let Pair { control, variant } = *pair;
    let mean = |counts: Counts| Some(Mean { value: counts.rate()?, variance: counts.variance() / counts.size() });
    let both = control.and(variant);
    Some(Stratum {
        control: mean(control)?,
        variant: mean(variant)?,
        weight: control.size() * (variant.size() / both.size()),
        pooled: both.variance() * (1.0 / control.size() + 1.0 / variant.size()),
        visitors: both.size(),
    })
}

fn stratum_of_moments(pair: &Pair<Moments>) -> Option<Stratum> {
    let Pair { control, variant } = *pair;
    if control.visitors() < 2 || variant.visitors() < 2 {
        return None;
    }
    let mean = |moments: Moments| Mean { value: moments.mean(), variance: moments.variance() / moments.size() };
    let all = control.size() + variant.size();
    let centre = (control.size() * control.mean() + variant.size() * variant.mean()) / all;
    let within = |moments: Moments| (moments.size() - 1.0) * moments.variance();
    let between = |moments: Moments| moments.size() * (moments.mean() - centre).powi(2);
    let together = (within(control) + within(variant) + between(control) + between(variant)) / (all - 1.0);
    Some(Stratum {
        control: mean(control),
        variant: mean(variant),
        weight: control.size() * (variant.size() / all),
        pooled: together * (1.0 / control.size() + 1.0 / variant.size()),
        visitors: all,
    })
}
