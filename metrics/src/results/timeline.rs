//! How the intervals narrowed, and when a verdict was reached. Pure.
//!
//! Any set of looks keeps the always-valid guarantee, so these are the ends of hours or of days: the same ones whoever
//! asks, so that a verdict that was reached at one of them stands.

use std::collections::BTreeMap;

use pushnami_decision::always_valid::compare_counts;
use pushnami_decision::correction::holm;
use time::{Duration, OffsetDateTime};

use super::judge::{Judged, MINIMUM_CONVERSIONS, MINIMUM_VISITORS, Rules, open_range};
use super::model::{Point, PointComparison};
use super::tally::{Tally, counted};

/// So young an experiment is shown by the hour.
const BY_HOURS: Duration = Duration::days(3);
/// The most points that are answered.
const MOST_POINTS: usize = 120;

/// Visitors and conversions that a step added, by the revision's place in the tally and the variant.
pub type Steps = BTreeMap<OffsetDateTime, Vec<Added>>;

/// What one step added to one cell.
#[derive(Clone, Debug, PartialEq)]
pub struct Added {
    /// The revision's place in the tally.
    pub revision: usize,
    /// The variant.
    pub variant: String,
    /// Visitors who were exposed.
    pub visitors: u64,
    /// Visitors who converted.
    pub conversions: u64,
}

/// How long a step is: `hour` for a young experiment, `day` for an older one.
pub fn step(started_at: OffsetDateTime, now: OffsetDateTime) -> (&'static str, Duration) {
    if now - started_at <= BY_HOURS { ("hour", Duration::hours(1)) } else { ("day", Duration::days(1)) }
}

/// What was known at the end of each step; the last one, which is not over, is now.
pub fn points(tally: &Tally, steps: &Steps, length: Duration, now: OffsetDateTime, rules: &Rules) -> Vec<Point> {
    let mut so_far = tally.clone();
    so_far.revisions.iter_mut().for_each(|revision| revision.counts.clear());
    let mut points = Vec::new();
    for (start, added) in steps {
        for one in added {
            let Some(revision) = so_far.revisions.get_mut(one.revision) else { continue };
            let known = revision.of(&one.variant);
            let sum = counted(known.visitors() + one.visitors, known.conversions() + one.conversions);
            revision.counts.insert(one.variant.clone(), sum);
        }
        points.push(point(&so_far, (*start + length).min(now), rules));
    }
    points
}

fn point(tally: &Tally, at: OffsetDateTime, rules: &Rules) -> Point {
    let others = &tally.variants[1..];
    let found: Vec<_> =
        others.iter().map(|variant| compare_counts(&tally.pairs(variant), rules.tuning(others.len()))).collect();
    let adjusted = holm(&found.iter().map(|one| one.map_or(1.0, |one| one.p_value)).collect::<Vec<_>>(), others.len());
    let comparisons = others.iter().zip(found).zip(adjusted).map(|((variant, found), p_value)| PointComparison {
        variant: variant.clone(),
        relative_lift: found.and_then(|one| one.relative_lift),
        relative_interval: found.and_then(|one| open_range(one.relative_interval)),
        p_value,
    });
    Point { at, visitors: tally.visitors(), comparisons: comparisons.collect() }
}

/// Writes into the comparisons when each first was decided, with enough visitors and conversions to be compared at all,
/// in the direction that it has now.
pub fn mark_first_crossings(judged: &mut Judged, points: &[Point], tally: &Tally, alpha: f64) {
    let total = |variant: &str| tally.total(variant);
    let control = total(&tally.variants[0]);
    for (position, one) in judged.comparisons.iter_mut().enumerate() {
        let own = total(&one.variant);
        let compared = own.visitors().min(control.visitors()) >= MINIMUM_VISITORS
            && own.conversions() + control.conversions() >= MINIMUM_CONVERSIONS;
        let crossed = points.iter().find(|point| {
            let then = &point.comparisons[position];
            let same_way = then.relative_lift.zip(one.relative_lift).is_none_or(|(then, now)| then * now > 0.0);
            then.p_value <= alpha && same_way
        });
        if let Some(point) = crossed.filter(|_| compared) {
            one.always_valid.first_crossed_at = Some(point.at);
            one.always_valid.conclusive = true;
        } else if !compared {
            one.always_valid.conclusive = false;
        }
    }
}

/// At most so many points that one can draw, the last among them.
pub fn thinned(points: Vec<Point>) -> Vec<Point> {
    let every = points.len().div_ceil(MOST_POINTS).max(1);
    let last = points.len().saturating_sub(1);
    points.into_iter().enumerate().filter(|(at, _)| (last - at).is_multiple_of(every)).map(|(_, point)| point).collect()
}
