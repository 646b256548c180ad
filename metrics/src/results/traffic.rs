//! Whether visitors came as configured, in the answer's words.

use pushnami_decision::traffic::{self, Split};

use super::model::{CountedApart, Traffic, TrafficStatus};
use super::tally::{RevisionTally, Tally};

/// Below this the always-valid p-value blocks every verdict: one in a hundred healthy experiments at most.
const FAILS_BELOW: f64 = 0.01;
/// Below this the familiar p-value is worth a look.
const WARNS_BELOW: f64 = 0.001;
/// Up to this share, visitors in two variants are what two browsers and shared machines come to.
const USUAL_SHARE_OF_DOUBLES: f64 = 0.01;

/// Judges the traffic of all revisions whose split is known.
pub fn judge(tally: &Tally, excluded: CountedApart) -> Traffic {
    let revisions: Vec<(Vec<u64>, Vec<f64>)> = tally.revisions.iter().filter_map(split).collect();
    let splits: Vec<Split<'_>> = revisions.iter().map(|(visitors, shares)| Split { visitors, shares }).collect();
    let found = traffic::judge(&splits);
    let visitors: Vec<u64> = tally.variants.iter().map(|variant| tally.total(variant).visitors()).collect();
    let all: u64 = visitors.iter().sum();
    let share = |count: f64| if all > 0 { count / all as f64 } else { 0.0 };
    let expected = |variant: &String| -> f64 {
        let of = |one: &RevisionTally| {
            let came: u64 = tally.variants.iter().map(|variant| one.of(variant).visitors()).sum();
            let shares: f64 = tally.variants.iter().filter_map(|variant| one.shares.get(variant)).sum();
            let own = one.shares.get(variant).copied().unwrap_or_default();
            if shares > 0.0 { came as f64 * own / shares } else { 0.0 }
        };
        share(tally.revisions.iter().map(of).sum())
    };
    let doubles = excluded.multiple_variants as f64 > USUAL_SHARE_OF_DOUBLES * all as f64 && all >= 100;
    let status = if found.p_value_always_valid < FAILS_BELOW || found.impossible_assignment {
        TrafficStatus::Fail
    } else if found.p_value.is_some_and(|p_value| p_value < WARNS_BELOW) || doubles {
        TrafficStatus::Warn
    } else if found.p_value.is_none() {
        TrafficStatus::TooSmall
    } else {
        TrafficStatus::Ok
    };
    Traffic {
        status,
        expected_share: tally.variants.iter().map(expected).collect(),
        observed_share: visitors.iter().map(|count| share(*count as f64)).collect(),
        visitors,
        chi_square: found.chi_square,
        degrees_of_freedom: found.degrees_of_freedom,
        p_value: found.p_value,
        p_value_always_valid: found.p_value_always_valid,
        impossible_assignment: found.impossible_assignment,
        excluded,
    }
}

/// Visitors and shares of a revision, also of variants that are compared no more.
fn split(revision: &RevisionTally) -> Option<(Vec<u64>, Vec<f64>)> {
    (!revision.shares.is_empty())
        .then(|| revision.shares.iter().map(|(variant, share)| (revision.of(variant).visitors(), *share)).unzip())
}
