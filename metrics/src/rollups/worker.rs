//! Follows the log and counts what is new. Every fold is one transaction, which reads how far the last one came, counts,
//! and writes down how far it came itself: killed at any point, it never was. Of several copies of the service one folds
//! at a time, and the others find the lock taken and go on waiting.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::Duration;

use pushnami_common::pulse::{Pulse, Weight};
use roaring::RoaringBitmap;
use sqlx::{PgConnection, PgPool};
use time::OffsetDateTime;
use tokio::sync::watch;

use super::model::{Counted, Fold, fold};
use super::store::{self, Piece, State};

/// The most events of one fold: they are held in memory.
pub const FOLD_EVENTS: i64 = 20_000;
/// Events that arrive one by one are counted together: readers add what is not counted yet anyway.
const BREATH: Duration = Duration::from_millis(250);
/// How often another copy's events are looked for.
const POLL: Duration = Duration::from_secs(1);

/// After so long without success the worker is stuck.
const STUCK: Duration = Duration::from_secs(120);

/// What one fold came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Another copy is folding.
    Busy,
    /// So many events were counted.
    Counted(usize),
}

/// Folds for as long as the process lives.
pub async fn run(db: PgPool, mut committed: watch::Receiver<u64>) {
    let pulse = Pulse::of("counting events", STUCK, Weight::Vital);
    loop {
        let folded = fold_once(&db, FOLD_EVENTS).await;
        if folded.is_ok() {
            pulse.beat();
        }
        match folded {
            // There may be more: at full speed.
            Ok(Progress::Counted(events)) if events as i64 == FOLD_EVENTS => continue,
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "events could not be counted; readers count them meanwhile"),
        }
        tokio::time::sleep(BREATH).await;
        // Nobody can commit any more when the recorder is gone; other copies still may.
        if !matches!(tokio::time::timeout(POLL, committed.changed()).await, Ok(Ok(())) | Err(_)) {
            tokio::time::sleep(POLL).await;
        }
    }
}

/// Counts the next events, at most so many, or none.
///
/// # Errors
/// When the database fails; nothing is changed then.
pub async fn fold_once(db: &PgPool, limit: i64) -> sqlx::Result<Progress> {
    let mut transaction = db.begin().await?;
    let Some(state) = store::try_lock_state(&mut transaction).await? else { return Ok(Progress::Busy) };
    let events = store::list_after(&mut transaction, state.watermark, limit).await?;
    let Some(last) = events.last() else { return Ok(Progress::Counted(0)) };
    let next_visitor = count(&mut transaction, &state, &events).await?;
    store::write_state(&mut transaction, last.seq, next_visitor).await?;
    transaction.commit().await?;
    Ok(Progress::Counted(events.len()))
}

/// Counts until no more than one fold's events are left, so that a reader can add the rest itself; after a long outage
/// of the worker that takes a while.
///
/// # Errors
/// When the database fails.
pub async fn catch_up(db: &PgPool, last_seq: i64) -> sqlx::Result<()> {
    loop {
        let state = store::read_state(&mut *db.acquire().await?).await?;
        if last_seq - state.watermark <= FOLD_EVENTS {
            return Ok(());
        }
        match fold_once(db, FOLD_EVENTS).await? {
            Progress::Busy => tokio::time::sleep(BREATH / 5).await,
            // Numbers may be missing from the sequence: nothing is left behind them.
            Progress::Counted(0) => return Ok(()),
            Progress::Counted(_) => {}
        }
    }
}

/// Counts these events and answers which number the next unknown visitor gets.
async fn count(db: &mut PgConnection, state: &State, events: &[Counted]) -> sqlx::Result<i64> {
    let numbers = Numbers::of(db, state, events).await?;
    let names: Vec<&str> = numbers.new.iter().map(|(visitor, _)| *visitor).collect();
    let given: Vec<i64> = numbers.new.iter().map(|(_, number)| i64::from(*number)).collect();
    store::add_numbers(db, &names, &given).await?;
    let fold = fold(events, |visitor| numbers.number(visitor));
    write_counts(db, &fold).await?;
    write_sets(db, &fold).await?;
    Ok(state.next_visitor + given.len() as i64)
}

/// The numbers of the visitors of some events, known or to be given.
pub struct Numbers<'a> {
    known: HashMap<String, u32>,
    given: HashMap<&'a str, u32>,
    /// Visitors without a number, and the one each gets.
    pub new: Vec<(&'a str, u32)>,
}

impl<'a> Numbers<'a> {
    /// Asks for the known ones, and gives new ones from where the last fold ended.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn of(db: &mut PgConnection, state: &State, events: &'a [Counted]) -> sqlx::Result<Self> {
        let mut seen = HashSet::new();
        let visitors = events.iter().map(|event| event.visitor_id.as_str());
        let visitors: Vec<&str> = visitors.filter(|visitor| seen.insert(*visitor)).collect();
        let known = store::find_numbers(db, &visitors).await?;
        let unknown = visitors.into_iter().filter(|visitor| !known.contains_key(*visitor));
        let new: Vec<_> = unknown.zip(state.next_visitor as u32..).collect();
        Ok(Self { known, given: new.iter().copied().collect(), new })
    }

    /// The number of one of the visitors.
    pub fn number(&self, visitor: &str) -> u32 {
        let known = self.known.get(visitor).or_else(|| self.given.get(visitor));
        *known.expect("every visitor of the events was asked for")
    }
}

async fn write_counts(db: &mut PgConnection, fold: &Fold) -> sqlx::Result<()> {
    let groups: HashSet<_> = fold.counts.keys().map(|(group, _)| group).collect();
    let ids = store::group_ids(db, &groups.into_iter().collect::<Vec<_>>()).await?;
    let counts: Vec<_> =
        fold.counts.iter().map(|((group, hour), counts)| (ids[&group.digest()], *hour, *counts)).collect();
    store::add_counts(db, &counts).await
}

/// Brings the sets up to date, piece by piece; a piece that knows all its visitors already is not written.
async fn write_sets(db: &mut PgConnection, fold: &Fold) -> sqlx::Result<()> {
    let sets: HashSet<_> = fold.hourly.keys().map(|(set, _)| set).chain(fold.totals.keys()).collect();
    let ids = store::set_ids(db, &sets.into_iter().collect::<Vec<_>>()).await?;
    let mut wanted: BTreeMap<(Option<OffsetDateTime>, i32, i32), RoaringBitmap> = BTreeMap::new();
    for ((set, hour), members) in &fold.hourly {
        for (piece, members) in pieces(members) {
            wanted.insert((Some(*hour), ids[&set.digest()], piece), members);
        }
    }
    for (set, members) in &fold.totals {
        for (piece, members) in pieces(members) {
            wanted.insert((None, ids[&set.digest()], piece), members);
        }
    }
    let hourly: Vec<_> = wanted.keys().filter_map(|(hour, set, piece)| Some(((*hour)?, *set, *piece))).collect();
    let totals: Vec<_> =
        wanted.keys().filter(|(hour, ..)| hour.is_none()).map(|(_, set, piece)| (*set, *piece)).collect();
    let mut known = store::find_hourly_pieces(db, &hourly).await?;
    known.extend(store::find_total_pieces(db, &totals).await?);
    for old in known {
        let key = (old.hour, old.set_id, old.piece);
        let Some(new) = wanted.get_mut(&key) else { continue };
        if new.is_subset(&old.members) {
            wanted.remove(&key);
        } else {
            *new |= old.members;
        }
    }
    let changed: Vec<_> =
        wanted.into_iter().map(|((hour, set_id, piece), members)| Piece { hour, set_id, piece, members }).collect();
    store::write_pieces(db, &changed).await
}

/// The pieces of a set: its members by the upper half of their numbers.
pub fn pieces(members: &RoaringBitmap) -> impl Iterator<Item = (i32, RoaringBitmap)> + '_ {
    let mut from = members.min();
    std::iter::from_fn(move || {
        let piece = from? >> 16;
        let (first, last) = (piece << 16, piece << 16 | 0xffff);
        let part: RoaringBitmap = members.range(first..=last).collect();
        from = members.range(last..).find(|number| *number > last);
        Some((piece as i32, part))
    })
}
