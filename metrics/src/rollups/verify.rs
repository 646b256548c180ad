//! Recounts the events and says in words where the rollups differ. For operators (`cargo xtask verify`) and for tests: it
//! reads every event that is kept.

use std::collections::HashMap;

use pushnami_common::audit;
use roaring::RoaringBitmap;
use sqlx::{PgConnection, PgPool};
use time::OffsetDateTime;
use uuid::Uuid;

use super::model::{Fold, GroupKey, Scope, SetKey, Step, fold};
use super::store::{State, list_after, read_piece, read_state};
use super::worker::FOLD_EVENTS;
use crate::exposures;

/// What a recount came to.
#[derive(Clone, Debug, Default)]
pub struct Verdict {
    /// How many events were recounted.
    pub events: usize,
    /// How many hours, groups and sets were compared.
    pub compared: usize,
    /// What differs, in words.
    pub differences: Vec<String>,
}

/// Recounts within one snapshot, while everything goes on. Of hours that retention may have touched, the totals are
/// compared with the hours only.
///
/// # Errors
/// When the database fails.
pub async fn verify(db: &PgPool) -> sqlx::Result<Verdict> {
    verify_aloud(db, |_| {}).await
}

/// The same, and says now and then how many events it has recounted so far.
///
/// # Errors
/// When the database fails.
pub async fn verify_aloud(db: &PgPool, say: impl FnMut(usize)) -> sqlx::Result<Verdict> {
    let mut snapshot = db.begin_with("begin isolation level repeatable read read only").await?;
    sqlx::query!("set local statement_timeout = 0").execute(&mut *snapshot).await?;
    let state = read_state(&mut snapshot).await?;
    let mut verdict = Verdict::default();
    let recount = recount(&mut snapshot, &state, &mut verdict, say).await?;
    let groups = compare_hours(&mut snapshot, &state, &recount, &mut verdict).await?;
    compare_groups(&mut snapshot, groups, &mut verdict).await?;
    let totals = compare_hourly_sets(&mut snapshot, &state, &recount, &mut verdict).await?;
    compare_totals(&mut snapshot, totals, &mut verdict).await?;
    drop(snapshot);
    exposures::verify::verify(db, &mut verdict).await?;
    let trail = audit::verify(&mut *db.acquire().await?).await?;
    verdict.compared += trail.entries as usize;
    verdict.differences.extend(trail.differences);
    verdict.differences.sort();
    Ok(verdict)
}

impl Verdict {
    /// Compares what is kept with what was counted.
    pub fn differ<T: PartialEq + std::fmt::Debug>(&mut self, what: impl FnOnce() -> String, kept: &T, counted: &T) {
        self.compared += 1;
        if kept != counted {
            self.differences.push(format!("{}: kept {kept:?}, recounted {counted:?}", what()));
        }
    }
}

/// What all events that are counted come to, without the hours that may be incomplete.
async fn recount(
    db: &mut PgConnection,
    state: &State,
    verdict: &mut Verdict,
    mut say: impl FnMut(usize),
) -> sqlx::Result<Fold> {
    let rows = sqlx::query!("select visitor_id, number from visitor_numbers").fetch_all(&mut *db).await?;
    let numbers: HashMap<String, u32> = rows.into_iter().map(|row| (row.visitor_id, row.number as u32)).collect();
    let mut whole = Fold::default();
    let mut seq = i64::MIN;
    loop {
        let mut events = list_after(db, seq, FOLD_EVENTS).await?;
        events.retain(|event| event.seq <= state.watermark);
        let Some(last) = events.last() else { return Ok(whole) };
        seq = last.seq;
        events.retain(|event| state.kept_from.is_none_or(|kept_from| event.created_at >= kept_from));
        verdict.events += events.len();
        say(verdict.events);
        let unknown = events.iter().filter(|event| !numbers.contains_key(&event.visitor_id)).count();
        if unknown > 0 {
            verdict.differences.push(format!("{unknown} events are of visitors without a number"));
        }
        let page = fold(&events, |visitor| numbers.get(visitor).copied().unwrap_or(u32::MAX));
        for (cell, counts) in page.counts {
            let known = whole.counts.entry(cell).or_default();
            known.iter_mut().zip(counts).for_each(|(known, more)| *known += more);
        }
        for (set, members) in page.hourly {
            *whole.hourly.entry(set).or_default() |= members;
        }
    }
}

/// Compares the counts of all hours and answers, for each group, the sum over all its hours.
async fn compare_hours(
    db: &mut PgConnection,
    state: &State,
    recount: &Fold,
    verdict: &mut Verdict,
) -> sqlx::Result<HashMap<Uuid, i64>> {
    let rows = sqlx::query!("select hour, digest, q0, q1, q2, q3 from rollup_hours join event_groups on id = group_id");
    let mut groups: HashMap<Uuid, i64> = HashMap::new();
    let mut kept: HashMap<(Uuid, OffsetDateTime), [i64; 4]> = HashMap::new();
    for row in rows.fetch_all(db).await? {
        let counts = [row.q0, row.q1, row.q2, row.q3].map(i64::from);
        *groups.entry(row.digest).or_default() += counts.iter().sum::<i64>();
        if state.kept_from.is_none_or(|kept_from| row.hour >= kept_from) {
            kept.insert((row.digest, row.hour), counts);
        }
    }
    for ((group, hour), counted) in &recount.counts {
        let kept = kept.remove(&(group.digest(), *hour)).unwrap_or_default();
        verdict.differ(|| format!("events of {} in the hour {hour}", named(group)), &kept, counted);
    }
    for ((digest, hour), kept) in kept {
        verdict.differ(|| format!("events of the group {digest} in the hour {hour}"), &kept, &[0; 4]);
    }
    Ok(groups)
}

async fn compare_groups(
    db: &mut PgConnection,
    mut sums: HashMap<Uuid, i64>,
    verdict: &mut Verdict,
) -> sqlx::Result<()> {
    for row in sqlx::query!("select digest, events from event_groups").fetch_all(db).await? {
        let sum = sums.remove(&row.digest).unwrap_or_default();
        verdict.differ(|| format!("all events of the group {}", row.digest), &row.events, &sum);
    }
    Ok(())
}

/// Compares the sets of all hours and answers the sets over all time that they come to.
async fn compare_hourly_sets(
    db: &mut PgConnection,
    state: &State,
    recount: &Fold,
    verdict: &mut Verdict,
) -> sqlx::Result<HashMap<Uuid, RoaringBitmap>> {
    let rows = sqlx::query!(
        "
        select hour, set_id, piece, members, experiment_id, variant, step, excluded
        from visitor_set_hours join visitor_sets on id = set_id
        "
    );
    let mut totals: HashMap<Uuid, RoaringBitmap> = HashMap::new();
    let mut kept: HashMap<(SetKey, OffsetDateTime), RoaringBitmap> = HashMap::new();
    for row in rows.fetch_all(db).await? {
        let members = read_piece(Some(row.hour), row.set_id, row.piece, &row.members)?.members;
        let set = SetKey {
            scope: Scope::Hourly,
            experiment_id: row.experiment_id,
            variant: row.variant,
            step: Step::named(&row.step).unwrap_or(Step::Other),
            excluded: row.excluded,
        };
        for total in set.totals() {
            *totals.entry(total.digest()).or_default() |= &members;
        }
        if state.kept_from.is_none_or(|kept_from| row.hour >= kept_from) {
            *kept.entry((set, row.hour)).or_default() |= members;
        }
    }
    for (key, counted) in &recount.hourly {
        let kept = kept.remove(key).unwrap_or_default();
        verdict.compared += 1;
        if kept != *counted {
            let (set, hour) = key;
            let sizes = format!(
                "kept {}, recounted {}, in common {}",
                kept.len(),
                counted.len(),
                kept.intersection_len(counted)
            );
            verdict.differences.push(format!("visitors of {set:?} in the hour {hour}: {sizes}"));
        }
    }
    for ((set, hour), kept) in kept {
        verdict.differ(|| format!("visitors of {set:?} in the hour {hour}"), &kept.len(), &0);
    }
    Ok(totals)
}

async fn compare_totals(
    db: &mut PgConnection,
    mut united: HashMap<Uuid, RoaringBitmap>,
    verdict: &mut Verdict,
) -> sqlx::Result<()> {
    let rows = sqlx::query!(
        "select digest, set_id, piece, size, members from visitor_set_totals join visitor_sets on id = set_id"
    );
    let mut kept: HashMap<Uuid, RoaringBitmap> = HashMap::new();
    for row in rows.fetch_all(db).await? {
        let members = read_piece(None, row.set_id, row.piece, &row.members)?.members;
        verdict.differ(
            || format!("the size of piece {} of set {}", row.piece, row.set_id),
            &i64::from(row.size),
            &(members.len() as i64),
        );
        *kept.entry(row.digest).or_default() |= members;
    }
    for (digest, members) in kept {
        let counted = united.remove(&digest).unwrap_or_default();
        let common = members.intersection_len(&counted);
        verdict.differ(|| format!("visitors of the set {digest}, {common} in common"), &members.len(), &counted.len());
    }
    for (digest, counted) in united {
        verdict.differ(|| format!("visitors of the set {digest}"), &0, &counted.len());
    }
    Ok(())
}

fn named(group: &GroupKey) -> String {
    let of = |part: &Option<String>| part.clone().unwrap_or_else(|| "–".to_owned());
    let experiment = group.experiment_id.map(|id| id.to_string());
    format!("{} / {} / {} / {}", of(&experiment), of(&group.variant), group.event_type, of(&group.event_name))
}
