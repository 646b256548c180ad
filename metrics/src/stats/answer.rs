//! Answers a question about stats: the rollups and, by the same fold, the events that they do not hold yet, all within
//! one snapshot.

use std::collections::{BTreeMap, HashMap};

use jiff::tz::TimeZone;
use pushnami_common::error::{ApiError, ApiResult, FieldError};
use roaring::RoaringBitmap;
use sqlx::{PgConnection, PgPool};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::calendar::{Interval, MOST_STEPS, Range, steps};
use super::model::{HourCount, Stats, StatsQuery, Visitors};
use super::store::{self, Mark, StepCount};
use crate::rollups::model::{Counted, Fold, GroupKey, Scope, Step, fold};
use crate::rollups::store::{State, find_set_ids, find_total_pieces, list_after, list_between, read_state};
use crate::rollups::worker::{Numbers, pieces};

/// The furthest moments that a range without an end reaches.
const EVER: Range =
    Range { from: time::macros::datetime!(0001-01-01 00:00 UTC), to: time::macros::datetime!(9999-12-31 00:00 UTC) };

/// The answer, what it was computed from, and until when time alone does not change it.
pub struct Answer {
    /// The counts.
    pub stats: Stats,
    /// The state of the database that was counted.
    pub mark: Mark,
    /// Until when it holds; `None`: until the next event.
    pub until: Option<OffsetDateTime>,
}

/// What is read within one snapshot.
struct Reading<'a> {
    db: &'a mut PgConnection,
    experiment: Option<Uuid>,
    state: State,
    /// The events that are not in the rollups yet, of the asked experiment.
    tail: Vec<Counted>,
}

/// Computes the answer.
///
/// # Errors
/// 422 when the timeline would have too many steps; otherwise when the database fails.
pub async fn find_stats(db: &PgPool, query: &StatsQuery, now: OffsetDateTime) -> ApiResult<Answer> {
    let experiment = query.experiment_id.map(|id| id.0);
    let mut snapshot = store::snapshot(db).await?;
    let state = read_state(&mut snapshot).await?;
    let mark = store::read_mark(&mut snapshot).await?;
    let mut tail = list_after(&mut snapshot, state.watermark, i64::MAX).await?;
    tail.retain(|event| experiment.is_none_or(|experiment| event.group.experiment_id == Some(experiment)));
    let mut reading = Reading { db: &mut snapshot, experiment, state, tail };
    let asked = (query.from.is_some() || query.to.is_some()).then(|| {
        let range = Range { from: query.from.unwrap_or(EVER.from), to: query.to.unwrap_or(EVER.to) };
        range.widened(state.kept_from)
    });
    let window = match asked {
        Some(range) => reading.bounded(range).await?,
        None => recent(now, query.interval, &zone(query)),
    };
    let timeline = reading.timeline(window, query).await?;
    let (groups, visitors) = match asked {
        None => reading.all().await?,
        Some(range) => reading.between(range).await?,
    };
    let no_track = store::count_untracked(reading.db, asked).await?;
    let erased = store::count_erased(reading.db, asked).await?;
    let until = if asked.is_some() { None } else { Some(reading.stands_until(window, now).await?) };
    snapshot.commit().await?;
    Ok(Answer { stats: Stats { erased, ..Stats::of(&groups, &visitors, timeline, no_track) }, mark, until })
}

fn zone(query: &StatsQuery) -> TimeZone {
    TimeZone::get(&query.tz).unwrap_or(TimeZone::UTC)
}

/// What the timeline shows when nothing is asked for: the last 24 hours, to the microsecond, or the last 30 days.
fn recent(now: OffsetDateTime, interval: Interval, zone: &TimeZone) -> Range {
    let future = now + Duration::days(366);
    match interval {
        Interval::Hour => Range { from: now - Duration::DAY + Duration::MICROSECOND, to: future },
        Interval::Day => {
            let days = steps(Range { from: now - Duration::days(29), to: now }, interval, zone);
            Range { from: days.map_or(now, |days| days[0]), to: future }
        }
    }
}

impl Reading<'_> {
    /// The range as far as there are events in it.
    async fn bounded(&mut self, range: Range) -> sqlx::Result<Range> {
        let moments = || self.tail.iter().map(|event| event.created_at);
        let (first, last) = (moments().min(), moments().max());
        let counted = store::counted_hours(self.db).await?;
        let first = first.into_iter().chain(counted.map(|hours| hours.from)).min().unwrap_or(range.from);
        let last = last.into_iter().chain(counted.map(|hours| hours.to + Duration::HOUR)).max().unwrap_or(range.from);
        Ok(Range { from: range.from.max(first), to: range.to.min(last + Duration::MICROSECOND) })
    }

    async fn timeline(&mut self, window: Range, query: &StatsQuery) -> ApiResult<Vec<HourCount>> {
        if window.is_empty() {
            return Ok(Vec::new());
        }
        // Nothing lies far in the future, unless a clock was wrong; steps are made only as far as events go.
        let window = self.bounded(window).await?;
        if window.is_empty() {
            return Ok(Vec::new());
        }
        let steps = steps(window, query.interval, &zone(query)).ok_or_else(too_many_steps)?;
        let is_whole = steps.iter().all(|step| step.unix_timestamp() % 3600 == 0);
        let cut = if is_whole && window.by_hours().edges.iter().all(Range::is_empty) {
            window.by_hours()
        } else {
            window.by_quarters()
        };
        let mut counts: BTreeMap<(usize, Option<String>, String), i64> = BTreeMap::new();
        let mut add = |found: Vec<StepCount>| {
            for one in found.into_iter().filter(|one| one.count > 0) {
                *counts.entry((one.step as usize, one.variant, one.event_type)).or_default() += one.count;
            }
        };
        add(self.whole_steps(cut.whole, &steps, is_whole).await?);
        for edge in cut.edges.into_iter().filter(|edge| !edge.is_empty()) {
            add(store::count_edge(self.db, self.experiment, edge, self.state.watermark, &steps).await?);
        }
        for event in self.tail.iter().filter(|event| window.contains(event.created_at)) {
            let step = steps.partition_point(|start| *start <= event.created_at);
            let key = (step, event.group.variant.clone(), event.group.event_type.clone());
            *counts.entry(key).or_default() += 1;
        }
        let mut timeline: Vec<HourCount> = counts
            .into_iter()
            .map(|((step, variant, event_type), count)| HourCount { hour: steps[step - 1], variant, event_type, count })
            .collect();
        // Those without a variant come last.
        timeline.sort_by(|a, b| {
            let key = |one: &HourCount| (one.hour, one.variant.is_none(), one.variant.clone(), one.event_type.clone());
            key(a).cmp(&key(b))
        });
        Ok(timeline)
    }

    async fn whole_steps(
        &mut self,
        whole: Range,
        steps: &[OffsetDateTime],
        is_whole: bool,
    ) -> sqlx::Result<Vec<StepCount>> {
        if whole.is_empty() {
            return Ok(Vec::new());
        }
        let hours = whole.by_hours();
        if !is_whole || hours.whole.is_empty() {
            return store::count_steps(self.db, self.experiment, whole, steps).await;
        }
        let mut counts = store::count_whole_steps(self.db, self.experiment, hours.whole, steps).await?;
        for edge in hours.edges.into_iter().filter(|edge| !edge.is_empty()) {
            counts.extend(store::count_steps(self.db, self.experiment, edge, steps).await?);
        }
        Ok(counts)
    }

    /// Everything there ever was.
    async fn all(&mut self) -> sqlx::Result<(HashMap<GroupKey, i64>, Visitors)> {
        let mut groups = store::count_groups(self.db, self.experiment).await?;
        let mut visitors = store::count_visitors(self.db, self.experiment).await?;
        if self.tail.is_empty() {
            return Ok((groups, visitors));
        }
        let tail = self.fold_with(&[]).await?;
        for ((group, _), counts) in &tail.counts {
            *groups.entry(group.clone()).or_default() += counts.iter().sum::<i64>();
        }
        self.add_newcomers(&mut visitors, tail.totals).await?;
        Ok((groups, visitors))
    }

    /// Adds those members of the tail's sets who were not members before.
    async fn add_newcomers(
        &mut self,
        visitors: &mut Visitors,
        sets: HashMap<crate::rollups::model::SetKey, RoaringBitmap>,
    ) -> sqlx::Result<()> {
        let (everybody, of_variant) = match self.experiment {
            None => (Scope::All, Scope::Variant),
            Some(_) => (Scope::Experiment, Scope::Both),
        };
        let mut sets: HashMap<Uuid, _> = sets
            .into_iter()
            .filter(|(set, _)| set.scope == everybody || set.scope == of_variant)
            .map(|(set, members)| (set.digest(), (set, members)))
            .collect();
        let ids = find_set_ids(self.db, &sets.keys().copied().collect::<Vec<_>>()).await?;
        let wanted: Vec<_> = ids
            .iter()
            .flat_map(|(digest, id)| pieces(&sets[digest].1).map(|(piece, _)| (*id, piece)).collect::<Vec<_>>())
            .collect();
        let digests: HashMap<i32, Uuid> = ids.iter().map(|(digest, id)| (*id, *digest)).collect();
        for known in find_total_pieces(self.db, &wanted).await? {
            if let Some((_, members)) = sets.get_mut(&digests[&known.set_id]) {
                *members -= known.members;
            }
        }
        for (set, members) in sets.into_values() {
            match set.variant {
                Some(variant) if set.scope == of_variant => {
                    *visitors.by_variant.entry((variant, set.step)).or_default() += members.len() as i64;
                }
                _ => visitors.all += members.len() as i64,
            }
        }
        Ok(())
    }

    /// What happened within a range.
    async fn between(&mut self, range: Range) -> sqlx::Result<(HashMap<GroupKey, i64>, Visitors)> {
        let cut = range.by_hours();
        let mut groups = HashMap::new();
        let mut sets = HashMap::new();
        if !cut.whole.is_empty() {
            groups = store::count_groups_between(self.db, self.experiment, cut.whole).await?;
            sets = store::collect_visitors(self.db, self.experiment, cut.whole).await?;
        }
        let mut singles = Vec::new();
        for edge in cut.edges.into_iter().filter(|edge| !edge.is_empty()) {
            singles.extend(list_between(self.db, edge.from, edge.to, self.state.watermark).await?);
        }
        singles.retain(|event| self.experiment.is_none() || event.group.experiment_id == self.experiment);
        self.tail.retain(|event| range.contains(event.created_at));
        let singles = self.fold_with(&singles).await?;
        for ((group, _), counts) in singles.counts {
            *groups.entry(group).or_default() += counts.iter().sum::<i64>();
        }
        for ((set, _), members) in singles.hourly {
            *sets.entry((set.variant, set.step)).or_default() |= members;
        }
        Ok((groups, united(&sets)))
    }

    /// What the tail and other single events come to.
    async fn fold_with(&mut self, others: &[Counted]) -> sqlx::Result<Fold> {
        let events: Vec<Counted> = self.tail.iter().chain(others).cloned().collect();
        let numbers = Numbers::of(self.db, &self.state, &events).await?;
        Ok(fold(&events, |visitor| numbers.number(visitor)))
    }

    /// When the first event leaves the window that moves with the clock.
    async fn stands_until(&mut self, window: Range, now: OffsetDateTime) -> sqlx::Result<OffsetDateTime> {
        // Beyond the next minute nobody needs to know.
        let soon = Range { from: window.from, to: window.from + Duration::MINUTE };
        let first = store::first_between(self.db, soon).await?;
        Ok(first.map_or(now + Duration::MINUTE, |first| now + (first - window.from)))
    }
}

fn united(sets: &HashMap<(Option<String>, Step), RoaringBitmap>) -> Visitors {
    let mut all = RoaringBitmap::new();
    let mut by_variant = HashMap::new();
    for ((variant, step), members) in sets {
        all |= members;
        if let Some(variant) = variant {
            by_variant.insert((variant.clone(), *step), members.len() as i64);
        }
    }
    Visitors { all: all.len() as i64, by_variant }
}

fn too_many_steps() -> ApiError {
    let sentence = format!("must be `day` for so long a range, or the range shorter: {MOST_STEPS} steps at most");
    ApiError::invalid(vec![FieldError::new("/interval", sentence)])
}
