//! How long an experiment takes, in the answer's words.

use pushnami_decision::plan::{self, Aim};

use super::model::Plan;

/// What a plan is made for.
#[derive(Clone, Debug)]
pub struct Planned<'a> {
    /// Control's rate.
    pub baseline_rate: Option<f64>,
    /// The least lift worth finding; below 0 for a drop.
    pub mde_relative: f64,
    /// The chance to find it.
    pub power: f64,
    /// The share of false alarms per comparison.
    pub alpha: f64,
    /// The share of visitors each variant gets; the first is control.
    pub shares: &'a [f64],
    /// Visitors a day, of all variants.
    pub visitors_per_day: Option<f64>,
    /// Visitors who have come, of all variants.
    pub visitors: f64,
    /// Visitors of a pair that the interval was tuned to before the start.
    pub tuning_visitors: Option<f64>,
}

/// The plan, as far as it can be made. All variants wait for the one with the smallest share.
pub fn plan(planned: &Planned<'_>) -> Plan {
    let mut answer = Plan {
        baseline_rate: planned.baseline_rate,
        mde_relative: planned.mde_relative,
        power: planned.power,
        visitors_per_day: planned.visitors_per_day,
        ..Plan::default()
    };
    let Some((aim, pair_share)) = aim(planned) else { return answer };
    let Some(pair) = plan::plan_tuned(aim, planned.tuning_visitors) else { return answer };
    let (fixed, most) = (pair.fixed_visitors / pair_share, pair.always_valid_visitors / pair_share);
    answer.fixed_visitors_total = Some(fixed.ceil());
    answer.always_valid_max_visitors_total = Some(most.ceil());
    answer.progress = Some((planned.visitors / most).min(1.0));
    if planned.visitors > 0.0 {
        answer.mde_relative_now = plan::detectable_lift(aim, planned.visitors * pair_share);
    }
    if let Some(daily) = planned.visitors_per_day.filter(|daily| *daily > 0.0) {
        let days = |total: f64| ((total - planned.visitors).max(0.0) / daily).ceil();
        answer.days_to_fixed = Some(days(fixed));
        answer.days_to_max = Some(days(most));
    }
    answer
}

/// The visitors of control and a variant together that one look at the end needs.
pub fn pair_visitors(planned: &Planned<'_>) -> Option<f64> {
    plan::plan(aim(planned)?.0).map(|plan| plan.fixed_visitors)
}

/// What is asked of control and the smallest variant, and their share of all visitors.
fn aim(planned: &Planned<'_>) -> Option<(Aim, f64)> {
    let (control_per_variant, share) = plan::slowest_pair(planned.shares)?;
    let aim = Aim {
        baseline_rate: planned.baseline_rate?,
        mde_relative: planned.mde_relative,
        power: planned.power,
        alpha: planned.alpha,
        control_per_variant,
    };
    aim.is_possible().then_some((aim, share))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_statistics_is_planned_so() {
        let planned = Planned {
            baseline_rate: Some(0.05),
            mde_relative: 0.10,
            power: 0.8,
            alpha: 0.05,
            shares: &[0.5, 0.5],
            visitors_per_day: Some(1980.2),
            visitors: 20_000.0,
            tuning_visitors: None,
        };
        let plan = plan(&planned);
        let total = plan.fixed_visitors_total.unwrap();
        assert!((62_466.0..=62_468.0).contains(&total), "{total}");
        let most = plan.always_valid_max_visitors_total.unwrap();
        assert!((121_090.0..=121_100.0).contains(&most), "{most}");
        assert_eq!((plan.days_to_fixed, plan.days_to_max), (Some(22.0), Some(52.0)));
        assert!((plan.mde_relative_now.unwrap() - 0.180).abs() < 1e-3);
    }

    #[test]
    fn nothing_is_planned_for_a_control_without_conversions() {
        let planned = Planned {
            baseline_rate: Some(0.0),
            mde_relative: 0.1,
            power: 0.8,
            alpha: 0.05,
            shares: &[0.5, 0.5],
            visitors_per_day: Some(10.0),
            visitors: 5.0,
            tuning_visitors: None,
        };
        assert_eq!(plan(&planned).days_to_max, None);
        assert_eq!(
            plan(&Planned { shares: &[1.0, 0.0], baseline_rate: Some(0.1), ..planned }).fixed_visitors_total,
            None
        );
    }
}
