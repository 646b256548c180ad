//! What the plan of an experiment must be, and what it fixes.

use garde::Validate;
use garde::error::Error;
use pushnami_common::assignment::TrafficSplit;
use pushnami_common::contract::{Direction, ExperimentPlan, Goal, GoalRole};
use pushnami_common::{ApiError, ApiResult};
use pushnami_decision::always_valid::UNPLANNED_TUNING;
use pushnami_decision::plan::{Aim, plan, slowest_pair};
use serde::Deserialize;
use utoipa::ToSchema;

/// A plan to be; what a reader was given is also taken back.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize, Validate, ToSchema)]
pub struct NewPlan {
    /// The rate that is expected of control.
    #[garde(custom(inside(1e-6, 1.0 - 1e-6)))]
    #[schema(minimum = 1e-6, maximum = 0.999999, example = 0.05)]
    pub baseline_rate: f64,
    /// The least lift worth finding, as a fraction of that rate; of a goal that is to decrease, the least drop. 0.1 if left
    /// out.
    #[serde(default = "usual_lift")]
    #[garde(custom(inside(0.001, 100.0)))]
    #[schema(minimum = 0.001, maximum = 100, default = 0.1)]
    pub mde_relative: f64,
    /// The chance to find it; 0.8 if left out.
    #[serde(default = "usual_power")]
    #[garde(custom(inside(0.501, 0.999)))]
    #[schema(minimum = 0.501, maximum = 0.999, default = 0.8)]
    pub power: f64,
    /// The share of experiments without difference in which a difference may be claimed; 0.05 if left out.
    #[serde(default = "usual_alpha")]
    #[garde(custom(inside(1e-6, 0.5)))]
    #[schema(minimum = 1e-6, maximum = 0.5, default = 0.05)]
    pub alpha: f64,
}

impl NewPlan {
    /// The plan with what follows from it for this split. Where only one variant gets visitors there is nothing to
    /// reckon with, and the tuning is the one without a plan.
    ///
    /// # Errors
    /// 400 when the rate that is hoped for would be none.
    pub fn fixed(self, split: &TrafficSplit, goals: &[Goal]) -> ApiResult<ExperimentPlan> {
        let shares: Vec<f64> = split.percents().map(|percent| f64::from(percent) / 100.0).collect();
        let decreases =
            goals.iter().any(|goal| goal.role == GoalRole::Primary && goal.direction == Direction::Decrease);
        let hoped_for = if decreases { -self.mde_relative } else { self.mde_relative };
        let aim = Aim {
            baseline_rate: self.baseline_rate,
            mde_relative: hoped_for,
            power: self.power,
            alpha: self.alpha / (shares.len() - 1) as f64,
            control_per_variant: slowest_pair(&shares).map_or(1.0, |(control_per_variant, _)| control_per_variant),
        };
        let Some(planned) = plan(aim) else {
            let rate = 100.0 * self.baseline_rate * (1.0 + hoped_for);
            let detail = format!("leads to a rate of {rate:.4} %, which must lie between 0 % and 100 %");
            return Err(ApiError::bad_request("the plan is not possible").with_field("/plan/mde_relative", detail));
        };
        let visitors = if slowest_pair(&shares).is_some() { planned.fixed_visitors } else { UNPLANNED_TUNING };
        let NewPlan { baseline_rate, mde_relative, power, alpha } = self;
        Ok(ExperimentPlan { baseline_rate, mde_relative, power, alpha, tuning_visitors: visitors.ceil() as u64 })
    }
}

impl From<ExperimentPlan> for NewPlan {
    fn from(plan: ExperimentPlan) -> Self {
        let ExperimentPlan { baseline_rate, mde_relative, power, alpha, .. } = plan;
        Self { baseline_rate, mde_relative, power, alpha }
    }
}

/// The refusal of a change to a plan that somebody is counted by.
pub fn frozen() -> ApiError {
    let detail = "is fixed: visitors are assigned already, and the numbers are only right for what was planned before";
    ApiError::conflict("the plan of an experiment is fixed from its first assignment on").with_field("/plan", detail)
}

/// For an optional field of a partial change that may be taken away with `null`.
///
/// # Errors
/// When the value is neither `null` nor a `T`.
pub fn given_or_none<'de, T: Deserialize<'de>, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

fn usual_lift() -> f64 {
    0.1
}

fn usual_power() -> f64 {
    0.8
}

fn usual_alpha() -> f64 {
    0.05
}

fn inside(low: f64, high: f64) -> impl Fn(&f64, &()) -> garde::Result {
    move |number, ()| match number {
        number if (low..=high).contains(number) => Ok(()),
        number => Err(Error::new(format!("must be from {low} to {high}, got {number}"))),
    }
}
