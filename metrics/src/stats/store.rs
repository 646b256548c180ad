//! The SQL of stats, over the rollups. Every function takes a connection, so that all read within one snapshot.

use std::collections::HashMap;

use roaring::RoaringBitmap;
use sqlx::{PgConnection, PgPool, Postgres, Transaction};
use time::OffsetDateTime;
use uuid::Uuid;

use super::calendar::Range;
use super::model::{Erased, Visitors};
use crate::rollups::model::{GroupKey, Scope, Step};
use crate::rollups::store::read_piece;

/// What tells one state of all counts from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The newest event.
    pub last_seq: i64,
    /// The version of the rollups.
    pub version: i64,
    /// How many events were not taken.
    pub untracked: i64,
}

/// Events of one step of the timeline, variant and type.
#[derive(Clone, Debug)]
pub struct StepCount {
    /// Which step, from 1.
    pub step: i32,
    /// The variant.
    pub variant: Option<String>,
    /// The type.
    pub event_type: String,
    /// How many.
    pub count: i64,
}

/// A view of the database that stands still while several statements read it.
pub async fn snapshot(db: &PgPool) -> sqlx::Result<Transaction<'static, Postgres>> {
    db.begin_with("begin isolation level repeatable read read only").await
}

/// The state of all counts.
pub async fn read_mark(db: &mut PgConnection) -> sqlx::Result<Mark> {
    sqlx::query_as!(
        Mark,
        r#"
        select coalesce((select max(seq) from events), 0) as "last_seq!", version,
               coalesce((select sum(events) from untracked_hours), 0)::bigint as "untracked!"
        from rollup_state
        "#
    )
    .fetch_one(db)
    .await
}

/// Events of every group, ever.
pub async fn count_groups(db: &mut PgConnection, experiment: Option<Uuid>) -> sqlx::Result<HashMap<GroupKey, i64>> {
    let rows = sqlx::query!(
        "
        select experiment_id, variant, event_type, event_name, track, excluded, events
        from event_groups
        where $1::uuid is null or experiment_id = $1
        ",
        experiment
    )
    .map(|row| {
        let group = GroupKey {
            experiment_id: row.experiment_id,
            variant: row.variant,
            event_type: row.event_type,
            event_name: row.event_name,
            track: row.track,
            excluded: row.excluded,
        };
        (group, row.events)
    });
    Ok(rows.fetch_all(db).await?.into_iter().collect())
}

/// Events of every group in a range of whole hours.
pub async fn count_groups_between(
    db: &mut PgConnection,
    experiment: Option<Uuid>,
    hours: Range,
) -> sqlx::Result<HashMap<GroupKey, i64>> {
    let rows = sqlx::query!(
        r#"
        select experiment_id, variant, event_type, event_name, track, excluded, counted.events as "events!"
        from (select group_id, sum(q0 + q1 + q2 + q3)::bigint as events
              from rollup_hours
              where hour >= $2 and hour < $3
              group by group_id) as counted
        join event_groups on event_groups.id = counted.group_id
        where $1::uuid is null or experiment_id = $1
        "#,
        experiment,
        hours.from,
        hours.to
    )
    .map(|row| {
        let group = GroupKey {
            experiment_id: row.experiment_id,
            variant: row.variant,
            event_type: row.event_type,
            event_name: row.event_name,
            track: row.track,
            excluded: row.excluded,
        };
        (group, row.events)
    });
    Ok(rows.fetch_all(db).await?.into_iter().collect())
}

/// Different visitors, ever: the sizes of sets that are kept over all time.
pub async fn count_visitors(db: &mut PgConnection, experiment: Option<Uuid>) -> sqlx::Result<Visitors> {
    let (everybody, of_variant) = match experiment {
        None => (Scope::All, Scope::Variant),
        Some(_) => (Scope::Experiment, Scope::Both),
    };
    let rows = sqlx::query!(
        r#"
        select scope, variant, step, sum(size)::bigint as "size!"
        from visitor_sets
        join visitor_set_totals on set_id = id
        where scope in ($1, $2) and ($3::uuid is null or experiment_id = $3)
        group by id
        "#,
        everybody.as_str(),
        of_variant.as_str(),
        experiment
    );
    let mut visitors = Visitors::default();
    for row in rows.fetch_all(db).await? {
        match (row.variant, Step::named(&row.step)) {
            (Some(variant), Some(step)) if row.scope == of_variant.as_str() => {
                visitors.by_variant.insert((variant, step), row.size);
            }
            _ => visitors.all += row.size,
        }
    }
    Ok(visitors)
}

/// Who took which step in a range of whole hours, by variant.
pub async fn collect_visitors(
    db: &mut PgConnection,
    experiment: Option<Uuid>,
    hours: Range,
) -> sqlx::Result<HashMap<(Option<String>, Step), RoaringBitmap>> {
    let names = sqlx::query!(
        "select id, variant, step from visitor_sets where scope = 'hourly' and ($1::uuid is null or experiment_id = $1)",
        experiment
    );
    let names: HashMap<_, _> = names
        .fetch_all(&mut *db)
        .await?
        .into_iter()
        .filter_map(|row| Some((row.id, (row.variant, Step::named(&row.step)?))))
        .collect();
    let rows = sqlx::query!(
        "
        select hour, set_id, piece, members
        from visitor_set_hours
        where hour >= $1 and hour < $2 and ($3::uuid is null or set_id = any($4))
        ",
        hours.from,
        hours.to,
        experiment,
        &names.keys().copied().collect::<Vec<_>>()
    );
    let mut sets: HashMap<_, RoaringBitmap> = HashMap::new();
    for row in rows.fetch_all(db).await? {
        let Some(name) = names.get(&row.set_id) else { continue };
        let members = read_piece(Some(row.hour), row.set_id, row.piece, &row.members)?.members;
        *sets.entry(name.clone()).or_default() |= members;
    }
    Ok(sets)
}

/// Events of each step between the boundaries, by variant and type, in a range of whole quarters of hours.
pub async fn count_steps(
    db: &mut PgConnection,
    experiment: Option<Uuid>,
    quarters: Range,
    steps: &[OffsetDateTime],
) -> sqlx::Result<Vec<StepCount>> {
    sqlx::query_as!(
        StepCount,
        r#"
        select width_bucket(quarter, $4::timestamptz[]) as "step!", variant, event_type, sum(part.events)::bigint as "count!"
        from rollup_hours
        join event_groups on id = group_id
        cross join lateral (values (hour, q0),
                                   (hour + interval '15 minutes', q1),
                                   (hour + interval '30 minutes', q2),
                                   (hour + interval '45 minutes', q3)) as part (quarter, events)
        where hour > $2::timestamptz - interval '1 hour' and hour < $3
          and quarter >= $2 and quarter < $3
          and part.events > 0
          and ($1::uuid is null or experiment_id = $1)
        group by 1, 2, 3
        "#,
        experiment,
        quarters.from,
        quarters.to,
        steps
    )
    .fetch_all(db)
    .await
}

/// The same, where all boundaries are whole hours of UTC: four times quicker.
pub async fn count_whole_steps(
    db: &mut PgConnection,
    experiment: Option<Uuid>,
    hours: Range,
    steps: &[OffsetDateTime],
) -> sqlx::Result<Vec<StepCount>> {
    sqlx::query_as!(
        StepCount,
        r#"
        select step as "step!", variant, event_type, sum(counted.events)::bigint as "count!"
        from (select width_bucket(hour, $4::timestamptz[]) as step, group_id, sum(q0 + q1 + q2 + q3) as events
              from rollup_hours
              where hour >= $2 and hour < $3
              group by 1, 2) as counted
        join event_groups on id = group_id
        where $1::uuid is null or experiment_id = $1
        group by 1, 2, 3
        "#,
        experiment,
        hours.from,
        hours.to,
        steps
    )
    .fetch_all(db)
    .await
}

/// Counted events of a short range, by variant and type.
pub async fn count_edge(
    db: &mut PgConnection,
    experiment: Option<Uuid>,
    range: Range,
    watermark: i64,
    steps: &[OffsetDateTime],
) -> sqlx::Result<Vec<StepCount>> {
    sqlx::query_as!(
        StepCount,
        r#"
        select width_bucket(created_at, $5::timestamptz[]) as "step!", variant, event_type, count(*) as "count!"
        from events
        where created_at >= $2 and created_at < $3 and seq <= $4
          and ($1::uuid is null or experiment_id = $1)
        group by 1, 2, 3
        "#,
        experiment,
        range.from,
        range.to,
        watermark,
        steps
    )
    .fetch_all(db)
    .await
}

/// The first moment at which an event of a range leaves it as the range moves on.
pub async fn first_between(db: &mut PgConnection, range: Range) -> sqlx::Result<Option<OffsetDateTime>> {
    sqlx::query_scalar!(
        "select created_at from events where created_at >= $1 and created_at < $2 order by created_at limit 1",
        range.from,
        range.to
    )
    .fetch_optional(db)
    .await
}

/// The first and the last hour of all counts.
pub async fn counted_hours(db: &mut PgConnection) -> sqlx::Result<Option<Range>> {
    let row = sqlx::query!("select min(hour) as first, max(hour) as last from rollup_hours").fetch_one(db).await?;
    Ok(row.first.zip(row.last).map(|(from, to)| Range { from, to }))
}

/// Events that were not taken, in hours that begin within a range.
pub async fn count_untracked(db: &mut PgConnection, range: Option<Range>) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"
        select coalesce(sum(events), 0)::bigint as "events!"
        from untracked_hours
        where ($1::timestamptz is null or hour >= $1) and ($2::timestamptz is null or hour < $2)
        "#,
        range.map(|range| range.from),
        range.map(|range| range.to)
    )
    .fetch_one(db)
    .await
}

/// What was erased on visitors' wish, in hours that begin within a range.
pub async fn count_erased(db: &mut PgConnection, range: Option<Range>) -> sqlx::Result<Erased> {
    sqlx::query_as!(
        Erased,
        r#"
        select coalesce(sum(visitors), 0)::bigint as "visitors!", coalesce(sum(events), 0)::bigint as "events!"
        from erased_hours
        where ($1::timestamptz is null or hour >= $1) and ($2::timestamptz is null or hour < $2)
        "#,
        range.map(|range| range.from),
        range.map(|range| range.to)
    )
    .fetch_one(db)
    .await
}
