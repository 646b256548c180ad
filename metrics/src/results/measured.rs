//! Goals that are measured: means compared within revisions and combined across. Pure.

use std::collections::BTreeMap;

use pushnami_common::contract::{Direction, Goal, GoalMeasure};
use pushnami_decision::always_valid::{AlwaysValid, Tuning, compare_counts, compare_moments};
use pushnami_decision::counts::{Moments, Pair};
use pushnami_decision::proportion;

use super::judge::{INTERVAL_LEVEL, open_range, range};
use super::model::{Measured, OtherComparison, OtherGoal};
use super::store::MeasuredRow;
use super::tally::{Tally, counted};

/// Visitors of each variant before means are compared: below it, a mean is not yet distributed as the method takes it.
const FEWEST_VISITORS: u64 = 30;
/// Below this, one variant's visitors have a number more often than the other's, and the comparison means nothing.
const COVERAGE_DIFFERS_BELOW: f64 = 0.01;

/// What was measured for one goal, by the revision's place in the tally and the variant.
type Cells<'a> = BTreeMap<(usize, &'a str), Moments>;

/// Judges one measured goal. `exposed` are the visitors of all variants, whatever they reached.
pub fn judge(
    goal: &Goal,
    measure: &GoalMeasure,
    rows: &[(usize, &MeasuredRow)],
    exposed: &Tally,
    tuning: Tuning,
    is_counting: bool,
) -> OtherGoal {
    let cells: Cells<'_> = rows
        .iter()
        .filter(|(_, row)| row.goal_id == goal.id)
        .filter_map(|(at, row)| Some(((*at, row.variant.as_str()), moments(row)?)))
        .collect();
    let control = exposed.variants[0].as_str();
    let comparison = |variant: &String| {
        let found = compared(&cells, exposed, control, variant, tuning);
        let p_value = found.map_or(1.0, |one| one.p_value);
        OtherComparison {
            variant: variant.clone(),
            control_rate: None,
            rate: None,
            relative_lift: found.and_then(|one| one.relative_lift),
            relative_interval: found.and_then(|one| open_range(one.relative_interval)),
            p_value,
            p_value_adjusted: p_value,
            is_harmful: false,
            control_mean: measured(&cells, exposed, control),
            mean: measured(&cells, exposed, variant),
            coverage_differs: !measure.absent_is_zero && coverage_differs(&cells, exposed, variant, tuning),
        }
    };
    OtherGoal {
        id: goal.id,
        name: goal.name.clone(),
        role: goal.role,
        direction: goal.direction,
        is_counting,
        comparisons: exposed.variants[1..].iter().map(comparison).collect(),
        measure: Some(measure.clone()),
    }
}

/// Whether a difference of means is the unwanted way.
pub fn is_unwanted(one: &OtherComparison, direction: Direction) -> bool {
    let difference = one.mean.as_ref().zip(one.control_mean.as_ref()).map_or(0.0, |(own, other)| own.mean - other.mean);
    if direction == Direction::Increase { difference < 0.0 } else { difference > 0.0 }
}

fn moments(row: &MeasuredRow) -> Option<Moments> {
    let visitors = u64::try_from(row.visitors).ok().filter(|visitors| *visitors > 0)?;
    // One visitor spreads by nothing that could be known.
    Moments::new(visitors, row.mean, row.variance.unwrap_or_default().max(0.0)).ok()
}

fn compared(cells: &Cells<'_>, exposed: &Tally, control: &str, variant: &str, tuning: Tuning) -> Option<AlwaysValid> {
    let pair = |at: usize| Some(Pair { control: *cells.get(&(at, control))?, variant: *cells.get(&(at, variant))? });
    let pairs: Vec<Pair<Moments>> = (0..exposed.revisions.len()).filter_map(pair).collect();
    let visitors = |side: fn(&Pair<Moments>) -> Moments| pairs.iter().map(|pair| side(pair).visitors()).sum::<u64>();
    let fewest = visitors(|pair| pair.control).min(visitors(|pair| pair.variant));
    (fewest >= FEWEST_VISITORS).then(|| compare_moments(&pairs, tuning)).flatten()
}

/// The mean of a variant over all revisions, and how sure it is.
fn measured(cells: &Cells<'_>, exposed: &Tally, variant: &str) -> Option<Measured> {
    let own = cells.iter().filter(|((_, name), _)| *name == variant).map(|(_, moments)| *moments);
    let all = own.reduce(together)?;
    Some(Measured {
        visitors: all.visitors(),
        coverage: all.visitors() as f64 / exposed.total(variant).visitors().max(all.visitors()) as f64,
        mean: all.mean(),
        standard_deviation: (all.visitors() > 1).then(|| all.variance().sqrt()),
        interval: proportion::mean_interval(all, INTERVAL_LEVEL).map(range),
    })
}

/// The moments of two groups taken as one. Source: Chan, Golub, LeVeque 1979.
fn together(one: Moments, other: Moments) -> Moments {
    let (n, m) = (one.visitors() as f64, other.visitors() as f64);
    let difference = other.mean() - one.mean();
    let mean = one.mean() + difference * (m / (n + m));
    let squares =
        one.variance() * (n - 1.0) + other.variance() * (m - 1.0) + difference * difference * (n * (m / (n + m)));
    Moments::new(one.visitors() + other.visitors(), mean, squares / (n + m - 1.0)).unwrap_or(one)
}

/// Whether one variant's visitors have a number more often than control's: a share like any other.
fn coverage_differs(cells: &Cells<'_>, exposed: &Tally, variant: &str, tuning: Tuning) -> bool {
    let with_number = |at: usize, name: &str| cells.get(&(at, name)).map_or(0, |moments| moments.visitors());
    let pairs: Vec<_> = (0..exposed.revisions.len())
        .map(|at| {
            let of = |name: &str| counted(exposed.revisions[at].of(name).visitors(), with_number(at, name));
            Pair { control: of(&exposed.variants[0]), variant: of(variant) }
        })
        .filter(|pair| pair.control.visitors() > 0 && pair.variant.visitors() > 0)
        .collect();
    compare_counts(&pairs, tuning).is_some_and(|found| found.p_value < COVERAGE_DIFFERS_BELOW)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_together_have_the_moments_of_all_their_values() {
        // 1, 2, 3 and 10, 20, 30, 40: by hand.
        let (one, other) = (Moments::new(3, 2.0, 1.0).unwrap(), Moments::new(4, 25.0, 500.0 / 3.0).unwrap());
        let all = together(one, other);
        assert_eq!(all.visitors(), 7);
        assert!((all.mean() - 106.0 / 7.0).abs() < 1e-12);
        assert!((all.variance() - (3014.0 - 106.0 * 106.0 / 7.0) / 6.0).abs() < 1e-9, "{}", all.variance());
    }
}
