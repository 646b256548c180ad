//! Follows the log and counts what is new. Every fold is one transaction, which reads how far the last one came, counts,
//! and writes down how far it came itself: killed at any point, it never was. Of several copies of the service one folds
//! at a time.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::time::Duration;

use pushnami_common::contract::Goal;
use pushnami_common::pulse::{Pulse, Weight};
use serde_json::Value;
use sqlx::{PgConnection, PgPool};
use tokio::sync::watch;
use uuid::Uuid;

use super::backfill;
use super::config::{Rules, find_assigned, read_rules};
use super::model::{
    self, Act, Cell, Conversion, Mark, Visitor, Who, asks_for_metadata, conversion_cell, exposure_cell,
};
use super::{measures, store};

/// The most events of one fold: they are held in memory.
pub const FOLD_EVENTS: i64 = 20_000;
/// Events that arrive one by one are counted together; who asks for results counts the rest first.
const BREATH: Duration = Duration::from_millis(500);
/// How often another copy's events are looked for.
const POLL: Duration = Duration::from_secs(1);
/// How often somebody who asks looks whether the copy that is folding has come far enough, and how many times.
const GLANCE: (Duration, u32) = (Duration::from_millis(20), 10);
/// The most events that somebody who asks counts first: some hundredths of a second.
const LITTLE: i64 = 2000;

/// After so long without success the worker is stuck.
const STUCK: Duration = Duration::from_secs(120);

/// What one step came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Another copy is counting.
    Busy,
    /// Nothing is left to count.
    Done,
    /// Something was counted, and more may be left.
    Counted,
}

/// Counts for as long as the process lives.
pub async fn run(db: PgPool, mut committed: watch::Receiver<u64>) {
    let pulse = Pulse::of("counting exposures", STUCK, Weight::Vital);
    loop {
        let stepped = step(&db, FOLD_EVENTS).await;
        if stepped.is_ok() {
            pulse.beat();
        }
        match stepped {
            Ok(Progress::Counted) => continue,
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "exposures could not be counted, trying again"),
        }
        tokio::time::sleep(BREATH).await;
        // Nobody can commit any more when the recorder is gone; other copies still may.
        if !matches!(tokio::time::timeout(POLL, committed.changed()).await, Ok(Ok(())) | Err(_)) {
            tokio::time::sleep(POLL).await;
        }
    }
}

/// One step: new events first, then goals that came later than theirs.
///
/// # Errors
/// When the database fails; nothing is changed then.
pub async fn step(db: &PgPool, limit: i64) -> sqlx::Result<Progress> {
    match fold_once(db, limit).await? {
        Progress::Done => backfill::step(db, limit).await,
        other => Ok(other),
    }
}

/// Counts the next events, at most so many, or none.
///
/// # Errors
/// When the database fails; nothing is changed then.
pub async fn fold_once(db: &PgPool, limit: i64) -> sqlx::Result<Progress> {
    let mut transaction = db.begin().await?;
    let Some(state) = store::try_lock_state(&mut transaction).await? else { return Ok(Progress::Busy) };
    let to = store::last_seq(&mut transaction, state.watermark + limit).await?;
    if to <= state.watermark {
        // Said, not left to the drop: the lock would be held until the pool looks at the connection again.
        transaction.rollback().await?;
        return Ok(Progress::Done);
    }
    let acts = store::list_acts(&mut transaction, state.watermark, to, None).await?;
    count(&mut transaction, &acts, state.watermark).await?;
    let through = store::moment_of(&mut transaction, to).await?;
    store::write_state(&mut transaction, to, through).await?;
    transaction.commit().await?;
    Ok(Progress::Counted)
}

/// Counts the little that is not counted yet, so that who has just recorded sees it. After a burst, or a long outage of the
/// worker, nobody is kept waiting: the answer then says until when everything is counted.
///
/// # Errors
/// When the database fails.
pub async fn catch_up(db: &PgPool) -> sqlx::Result<()> {
    let mut connection = db.acquire().await?;
    let state = store::read_state(&mut connection).await?;
    let waiting = store::last_seq(&mut connection, i64::MAX).await? - state.watermark;
    drop(connection);
    if !(1..=LITTLE).contains(&waiting) {
        return Ok(());
    }
    for _ in 0..GLANCE.1 {
        match fold_once(db, LITTLE).await? {
            Progress::Busy => tokio::time::sleep(GLANCE.0).await,
            Progress::Done | Progress::Counted => break,
        }
    }
    Ok(())
}

/// What a fold changes.
#[derive(Debug, Default)]
pub struct Changes {
    /// Counts by where they belong.
    pub hours: BTreeMap<Cell, i64>,
    /// Visitors who are told apart.
    pub marks: BTreeMap<(Uuid, Mark), i64>,
}

impl Changes {
    /// Counts `by` more there.
    pub fn count(&mut self, cell: Cell, by: i64) {
        *self.hours.entry(cell).or_default() += by;
    }

    /// Writes the counts down.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn write(&self, db: &mut PgConnection) -> sqlx::Result<()> {
        let cells = self.hours.keys().map(|(experiment, assigned, ..)| (*experiment, assigned.clone())).collect();
        let cells = store::cell_ids(db, &cells).await?;
        store::add_hours(db, &self.hours, &cells).await?;
        store::add_marks(db, &self.marks).await
    }
}

async fn count(db: &mut PgConnection, acts: &[Act], watermark: i64) -> sqlx::Result<()> {
    let experiments: HashSet<Uuid> = acts.iter().map(|act| act.experiment_id).collect();
    let rules = read_rules(db, &experiments.into_iter().collect::<Vec<_>>()).await?;
    let acts: Vec<Act> = acts.iter().filter(|act| rules.contains_key(&act.experiment_id)).cloned().collect();
    if acts.is_empty() {
        return Ok(());
    }
    let goals = backfill::register(db, &rules, watermark).await?;
    let pairs: HashSet<(Uuid, &str)> = acts.iter().map(|act| (act.experiment_id, act.visitor_id.as_str())).collect();
    let pairs: Vec<_> = pairs.into_iter().collect();
    let before = store::find_visitors(db, &pairs).await?;
    // Who is exposed stays where that was, so only the others are looked up.
    let is_open =
        |pair: &(Uuid, &str)| before.get(&(pair.0, pair.1.to_owned())).is_none_or(|visitor| visitor.exposure.is_none());
    let open: Vec<_> = pairs.iter().copied().filter(is_open).collect();
    let assigned = find_assigned(db, &open, &rules).await?;
    let mut after = before.clone();
    model::fold(&acts, &mut after, &assigned, &rules);
    let metadata = wanted_metadata(db, &acts, &rules).await?;
    // For goals that go along.
    let going_along = |act: &Act| -> Vec<&Goal> {
        rules[&act.experiment_id].goals.iter().filter(|goal| goals.go_along(goal.id)).collect()
    };
    let conversions = model::convert(&acts, going_along, &after, &metadata);
    write(db, &before, &after, &conversions).await?;
    let measured = measures::measure(&acts, going_along, &after, &metadata);
    let goals_by_id: HashMap<Uuid, &Goal> =
        rules.values().flat_map(|rules| &rules.goals).map(|goal| (goal.id, goal)).collect();
    measures::add(db, measured, |goal| goals_by_id.get(&goal)?.measure.as_ref()).await
}

/// The metadata of the acts whose goals ask for it.
async fn wanted_metadata(
    db: &mut PgConnection,
    acts: &[Act],
    rules: &HashMap<Uuid, Rules>,
) -> sqlx::Result<HashMap<i64, Value>> {
    let asks = |act: &&Act| asks_for_metadata(act, &rules[&act.experiment_id].goals);
    let seqs: Vec<i64> = acts.iter().filter(asks).map(|act| act.seq).collect();
    if seqs.is_empty() { Ok(HashMap::new()) } else { store::find_metadata(db, &seqs).await }
}

/// Writes down what became of visitors, and moves the counts by the difference.
async fn write(
    db: &mut PgConnection,
    before: &HashMap<Who, Visitor>,
    after: &HashMap<Who, Visitor>,
    conversions: &[Conversion],
) -> sqlx::Result<()> {
    let unknown = Visitor::default();
    let was = |who: &Who| before.get(who).unwrap_or(&unknown);
    let mut changed: Vec<_> = after.iter().filter(|(who, visitor)| was(who) != *visitor).collect();
    // In one order, so that two transactions never wait for each other's rows.
    changed.sort_unstable_by_key(|(who, _)| *who);
    let mut changes = Changes::default();
    let mut dropped = Vec::new();
    for (who, visitor) in &changed {
        for (one, by) in [(was(who), -1), (*visitor, 1)] {
            if let Some(exposure) = one.counted() {
                changes.count(exposure_cell(who.0, exposure), by);
            }
            if let Some(mark) = one.mark() {
                *changes.marks.entry((who.0, mark)).or_default() += by;
            }
        }
        if was(who).counted().is_some() && visitor.counted().is_none() {
            dropped.push(*who);
        }
    }
    let exposed =
        changed.iter().filter_map(|(who, visitor)| Some((who.0, visitor.exposure.as_ref()?.assigned.clone())));
    let reached = conversions.iter().map(|one| (one.who.0, one.assigned.clone()));
    let cells = store::cell_ids(db, &exposed.chain(reached).collect::<BTreeSet<_>>()).await?;
    store::write_visitors(db, &changed, &cells).await?;
    for gone in store::remove_conversions(db, &dropped).await? {
        changes.count(conversion_cell(&gone), -1);
    }
    measures::remove(db, &dropped).await?;
    for added in store::add_conversions(db, conversions, &cells).await? {
        changes.count(conversion_cell(&conversions[added]), 1);
    }
    changes.write(db).await
}
