//! How many visitors an experiment needs, and what it can show with those it has.

use serde::Serialize;

use crate::always_valid::{Tuning, multiplier};
use crate::{normal, root};

/// What an experiment is to show.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Aim {
    /// Control's rate, above 0 and below 1.
    pub baseline_rate: f64,
    /// The least relative lift worth finding, above -1 and not 0, with `baseline_rate·(1 + lift)` below 1.
    pub mde_relative: f64,
    /// The chance to find it, above 0.5 and below 1.
    pub power: f64,
    /// The share of false alarms allowed per comparison: α over the number of comparisons.
    pub alpha: f64,
    /// Visitors of control for each of the variant, above 0.
    pub control_per_variant: f64,
}

/// How long to run, for control and one variant.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Plan {
    /// Visitors of the variant for one look at the end; control has `control_per_variant` times as many.
    pub fixed_visitors_variant: f64,
    /// Visitors of both for one look at the end. Watched all the time a decision takes as many on average.
    pub fixed_visitors: f64,
    /// Visitors of both at which a decision is due at the latest when it is watched all the time.
    pub always_valid_visitors: f64,
}

impl Aim {
    /// Whether the numbers lie in their ranges.
    pub fn is_possible(&self) -> bool {
        let rate = self.variant_rate();
        let inside = |number: f64| number > 0.0 && number < 1.0;
        inside(self.baseline_rate)
            && inside(rate)
            && self.mde_relative != 0.0
            && self.power > 0.5
            && self.power < 1.0
            && inside(self.alpha)
            && self.control_per_variant > 0.0
            && self.control_per_variant.is_finite()
    }

    fn variant_rate(&self) -> f64 {
        self.baseline_rate * (1.0 + self.mde_relative)
    }
}

/// Control and the variant that gets the smallest share above 0: how many visitors of control there are for each of the
/// variant's, and the share of all visitors that both get. The first share is control's. `None` where control or all
/// others get nobody.
pub fn slowest_pair(shares: &[f64]) -> Option<(f64, f64)> {
    let (control, others) = shares.split_first()?;
    let smallest = others.iter().copied().filter(|share| *share > 0.0).min_by(f64::total_cmp)?;
    (*control > 0.0).then_some((control / smallest, control + smallest))
}

/// The plan of an aim; `None` when the aim is not possible.
///
/// Sources: Fleiss, Levin, Paik 2003, section 4 (without continuity correction); for the watched experiment the
/// smallest number at which the interval of [`always_valid`](crate::always_valid) excludes 0 with the given power.
pub fn plan(aim: Aim) -> Option<Plan> {
    plan_tuned(aim, None)
}

/// The plan of an aim when the interval is tuned to that many visitors of both, above 0: what was fixed before the start,
/// while the aim has learnt since. `None` tunes it to the aim's own number.
pub fn plan_tuned(aim: Aim, tuning_visitors: Option<f64>) -> Option<Plan> {
    aim.is_possible().then(|| {
        let variant = fleiss(aim);
        let fixed = variant * (1.0 + aim.control_per_variant);
        Plan {
            fixed_visitors_variant: variant,
            fixed_visitors: fixed,
            always_valid_visitors: watched(
                aim,
                Tuning { visitors: tuning_visitors.unwrap_or(fixed), alpha: aim.alpha },
                fixed,
            ),
        }
    })
}

/// The least positive lift that `visitors` of both show with the aim's power at one look; `None` when none below the
/// rate of 1 does. The aim's own `mde_relative` is not used.
pub fn detectable_lift(aim: Aim, visitors: f64) -> Option<f64> {
    let needed = |lift: f64| {
        let aim = Aim { mde_relative: lift, ..aim };
        fleiss(aim) * (1.0 + aim.control_per_variant)
    };
    let largest = (1.0 / aim.baseline_rate - 1.0) * (1.0 - 1e-12);
    let possible = Aim { mde_relative: largest, ..aim }.is_possible() && visitors >= needed(largest);
    possible.then(|| root::crossing(1e-12, largest, |lift| (visitors / needed(lift)).ln()))
}

/// Visitors of each variant that show a difference of `mde_relative·mean` with one look, for values that spread by
/// `deviation`. Source: the two-sample z-test. `None` when the difference or the spread is 0.
pub fn visitors_for_means(mean: f64, deviation: f64, mde_relative: f64, power: f64, alpha: f64) -> Option<f64> {
    let difference = mean * mde_relative;
    let z = normal::exceeded_with(0.5 * alpha) + normal::exceeded_with(1.0 - power);
    let visitors = 2.0 * (z * deviation / difference).powi(2);
    (visitors.is_finite() && visitors > 0.0).then_some(visitors)
}

fn fleiss(aim: Aim) -> f64 {
    let (control, variant, ratio) = (aim.baseline_rate, aim.variant_rate(), aim.control_per_variant);
    let pooled = (variant + ratio * control) / (1.0 + ratio);
    let false_alarm = normal::exceeded_with(0.5 * aim.alpha) * (pooled * (1.0 - pooled) * (1.0 + 1.0 / ratio)).sqrt();
    let found =
        normal::exceeded_with(1.0 - aim.power) * (variant * (1.0 - variant) + control * (1.0 - control) / ratio).sqrt();
    ((false_alarm + found) / (variant - control)).powi(2)
}

/// At least as many as one look needs: the interval that is watched is the wider one.
fn watched(aim: Aim, tuning: Tuning, fixed: f64) -> f64 {
    let (control, variant, ratio) = (aim.baseline_rate, aim.variant_rate(), aim.control_per_variant);
    let spread = (variant * (1.0 - variant) + control * (1.0 - control) / ratio) * (1.0 + ratio);
    let power = normal::exceeded_with(1.0 - aim.power);
    let surplus = |log_visitors: f64| {
        let visitors = log_visitors.exp();
        (variant - control).abs() * (visitors / spread).sqrt() - multiplier(visitors, tuning) - power
    };
    root::crossing(fixed.ln(), fixed.ln() + 20.0, surplus).exp().ceil()
}
