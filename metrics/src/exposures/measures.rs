//! Goals that are measured: one number for each counted visitor, and exact sums over them, kept by the same folds as
//! conversions.
//!
//! What counts as what is pure; the SQL is in [`store`].

pub mod store;
pub mod verify;

use std::collections::{BTreeMap, HashMap};

use pushnami_common::contract::{Goal, GoalMeasure, MeasureFold};
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use super::config::Assigned;
use super::model::{Act, Visitor, Who, reaches};

/// How many parts of a unit are told apart. Whole numbers of them add up exactly.
pub const PARTS: f64 = 1000.0;

/// Whose number it is, and for which goal.
pub type Key = (Who, Uuid);

/// A visitor's number, in [`PARTS`] of the unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measurement {
    /// Of which variant and revision.
    pub assigned: Assigned,
    /// How much.
    pub value: i64,
}

/// What changes in the sums of one goal in one variant of one revision of an experiment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    /// Visitors with a number.
    pub visitors: i64,
    /// The sum of their numbers.
    pub total: i128,
    /// The sum of their squares.
    pub squares: i128,
}

/// The sums by experiment, variant and revision, and goal.
pub type SumsByCell = BTreeMap<(Uuid, Assigned, Uuid), Sums>;

impl Sums {
    fn add(&mut self, value: i64, by: i64) {
        let (value, times) = (i128::from(value), i128::from(by));
        self.visitors += by;
        self.total += value * times;
        self.squares += value * value * times;
    }
}

/// What several numbers of one visitor come to.
pub fn fold(measure: &GoalMeasure, one: i64, other: i64) -> i64 {
    let folded = match measure.fold {
        MeasureFold::Sum => one.saturating_add(other),
        MeasureFold::Greatest => one.max(other),
    };
    folded.min((f64::from(measure.cap) * PARTS) as i64)
}

/// The number that an event holds; `None` where there is none from 0 on.
fn value_of(measure: &GoalMeasure, metadata: Option<&Value>) -> Option<i64> {
    let number = metadata?.get(&measure.property)?.as_f64().filter(|number| *number >= 0.0)?;
    // What is beyond the cap counts as the cap, however large.
    Some((number.min(f64::from(measure.cap)) * PARTS).round() as i64)
}

/// What the acts add to visitors' numbers, by those who count in the end; `goals` are those that an act is judged by.
pub fn measure<'a>(
    acts: &[Act],
    goals: impl Fn(&Act) -> Vec<&'a Goal>,
    visitors: &HashMap<Who, Visitor>,
    metadata: &HashMap<i64, Value>,
) -> BTreeMap<Key, Measurement> {
    let mut found: BTreeMap<Key, Measurement> = BTreeMap::new();
    for act in acts {
        let who = (act.experiment_id, act.visitor_id.clone());
        for goal in goals(act) {
            let Some(measure) = &goal.measure else { continue };
            let visitor = visitors.get(&who).filter(|visitor| visitor.converts(act, goal));
            let Some(exposure) = visitor.and_then(Visitor::counted) else { continue };
            let value = reaches(act, goal, metadata).then(|| value_of(measure, metadata.get(&act.seq))).flatten();
            let Some(value) = value else { continue };
            found
                .entry((who.clone(), goal.id))
                .and_modify(|known| known.value = fold(measure, known.value, value))
                .or_insert_with(|| Measurement { assigned: exposure.assigned.clone(), value: fold(measure, 0, value) });
        }
    }
    found
}

/// Writes down what was found beside what is known, and moves the sums by the difference.
///
/// # Errors
/// When the database fails.
pub async fn add<'a>(
    db: &mut PgConnection,
    found: BTreeMap<Key, Measurement>,
    measure_of: impl Fn(Uuid) -> Option<&'a GoalMeasure>,
) -> sqlx::Result<()> {
    if found.is_empty() {
        return Ok(());
    }
    let known = store::find(db, &found.keys().collect::<Vec<_>>()).await?;
    let mut sums = SumsByCell::new();
    let mut changed = BTreeMap::new();
    for (key, mut measurement) in found {
        let cell = (key.0.0, measurement.assigned.clone(), key.1);
        let sums = sums.entry(cell).or_default();
        if let Some(before) = known.get(&key) {
            let Some(measure) = measure_of(key.1) else { continue };
            measurement.value = fold(measure, *before, measurement.value);
            sums.add(*before, -1);
        }
        sums.add(measurement.value, 1);
        changed.insert(key, measurement);
    }
    store::write(db, &changed).await?;
    store::add_sums(db, &sums).await
}

/// Takes visitors out who count no more.
///
/// # Errors
/// When the database fails.
pub async fn remove(db: &mut PgConnection, who: &[&Who]) -> sqlx::Result<()> {
    if who.is_empty() {
        return Ok(());
    }
    let mut sums = SumsByCell::new();
    for (key, gone) in store::remove(db, who).await? {
        sums.entry((key.0.0, gone.assigned, key.1)).or_default().add(gone.value, -1);
    }
    store::add_sums(db, &sums).await
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn seconds(fold: MeasureFold) -> GoalMeasure {
        GoalMeasure { property: "seconds".to_owned(), fold, cap: 100, absent_is_zero: false }
    }

    #[test]
    fn numbers_are_added_up_or_the_greatest_counts_and_never_more_than_the_cap() {
        let (sum, greatest) = (seconds(MeasureFold::Sum), seconds(MeasureFold::Greatest));
        assert_eq!((fold(&sum, 1500, 2500), fold(&greatest, 1500, 2500)), (4000, 2500));
        assert_eq!((fold(&sum, 60_000, 60_000), fold(&sum, i64::MAX, 1)), (100_000, 100_000));
    }

    #[test]
    fn only_numbers_from_0_on_are_measured() {
        let read = |metadata: Value| value_of(&seconds(MeasureFold::Sum), Some(&metadata));
        assert_eq!(read(json!({ "seconds": 12.3456 })), Some(12_346));
        assert_eq!(read(json!({ "seconds": 1e300 })), Some(100_000));
        assert_eq!(read(json!({ "seconds": 0 })), Some(0));
        for no_number in [json!({ "seconds": -1 }), json!({ "seconds": "12" }), json!({ "seconds": null }), json!({})] {
            assert_eq!(read(no_number), None);
        }
    }

    #[test]
    fn what_is_taken_out_again_leaves_nothing() {
        let mut sums = Sums::default();
        for value in [3, i64::from(u32::MAX) * 1000, 7] {
            sums.add(value, 1);
            sums.add(value, -1);
        }
        assert_eq!(sums, Sums::default());
    }
}
