//! The SQL of the log.

use std::collections::HashMap;

use serde_json::value::RawValue;
use sqlx::types::Json;
use sqlx::{PgConnection, PgPool};
use time::OffsetDateTime;
use uuid::Uuid;

use super::hours::{Place, find_place};
use super::model::{LogFilter, LogRow, Position};

/// From how many skipped events on it pays to ask the rollups first.
const DEEP: i64 = 1000;

/// Where the event of an id stands.
pub async fn find_position(db: &PgPool, id: Uuid) -> sqlx::Result<Option<Position>> {
    sqlx::query_as!(Position, "select created_at, seq from events where id = $1 order by created_at limit 1", id)
        .fetch_optional(db)
        .await
}

/// A page of the log, newest first; `after` is where the page before ended.
pub async fn list_rows(
    db: &PgPool,
    filter: &LogFilter,
    after: Option<Position>,
    limit: i64,
    offset: i64,
) -> sqlx::Result<Vec<LogRow>> {
    // Two statements, because no one plan serves both: one visitor's few events are looked up by visitor, everything
    // else is read along the order of the log.
    match &filter.visitor_id {
        Some(visitor) => list_of_visitor(db, visitor.as_str(), filter, after, limit, offset).await,
        None if filter.is_of_all_kinds() && offset < DEEP => {
            list_along_time(db, filter, filter.below(after), limit, offset).await
        }
        None => {
            let mut snapshot = db.begin_with("begin isolation level repeatable read read only").await?;
            let below = filter.below(after);
            let place = find_place(&mut snapshot, filter, below, limit, offset).await?;
            let rows = if filter.is_of_all_kinds() {
                list_skipping(&mut snapshot, filter, below, limit, &place).await?
            } else {
                list_in_ranges(&mut snapshot, filter, below, limit, &place).await?
            };
            // Said, not left to the drop: the snapshot would be held until the pool looks at the connection again.
            snapshot.rollback().await?;
            Ok(rows)
        }
    }
}

/// Events of all kinds. The bounds are compared with something also where none is given: then the index on time serves
/// every page, whoever plans it.
async fn list_along_time(
    db: &PgPool,
    filter: &LogFilter,
    below: Option<Position>,
    limit: i64,
    offset: i64,
) -> sqlx::Result<Vec<LogRow>> {
    sqlx::query_as!(
        LogRow,
        r#"
        select id, visitor_id, experiment_id, variant, event_type, event_name, metadata as "metadata: Json<Box<RawValue>>", page_url,
               created_at, excluded, user_agent, seq
        from events
        where created_at >= coalesce($1::timestamptz, '-infinity')
          and (created_at, seq) < (coalesce($2::timestamptz, 'infinity'), coalesce($3::bigint, 0))
        order by created_at desc, seq desc
        limit $4 offset $5
        "#,
        filter.from,
        below.map(|position| position.created_at),
        below.map(|position| position.seq),
        limit,
        offset
    )
    .fetch_all(db)
    .await
}

/// Events of all kinds far down: what is left to be skipped is skipped in the index alone.
async fn list_skipping(
    db: &mut PgConnection,
    filter: &LogFilter,
    below: Option<Position>,
    limit: i64,
    place: &Place,
) -> sqlx::Result<Vec<LogRow>> {
    let Some((_, beyond)) = place.ranges.first() else { return Ok(Vec::new()) };
    let beyond = Position { created_at: *beyond, seq: i64::MIN };
    let beyond = below.map_or(beyond, |below| below.min(beyond));
    sqlx::query_as!(
        LogRow,
        r#"
        select id as "id!", visitor_id as "visitor_id!", experiment_id, variant, event_type as "event_type!", event_name,
               metadata as "metadata!: Json<Box<RawValue>>", page_url, found.created_at as "created_at!", excluded, user_agent,
               found.seq as "seq!"
        from (
            select created_at, seq
            from events
            where created_at >= coalesce($1::timestamptz, '-infinity') and (created_at, seq) < ($2::timestamptz, $3::bigint)
            order by created_at desc, seq desc
            limit 1 offset $5
        ) as first
        cross join lateral (
            select *
            from events
            where created_at >= coalesce($1::timestamptz, '-infinity') and (created_at, seq) <= (first.created_at, first.seq)
            order by created_at desc, seq desc
            limit $4
        ) as found
        order by found.created_at desc, found.seq desc
        "#,
        filter.from,
        beyond.created_at,
        beyond.seq,
        limit,
        place.offset
    )
    .fetch_all(db)
    .await
}

/// Events of some kinds: within ranges that are known to hold them.
async fn list_in_ranges(
    db: &mut PgConnection,
    filter: &LogFilter,
    below: Option<Position>,
    limit: i64,
    place: &Place,
) -> sqlx::Result<Vec<LogRow>> {
    let (starts, ends): (Vec<Option<OffsetDateTime>>, Vec<OffsetDateTime>) = place.ranges.iter().copied().unzip();
    sqlx::query_as!(
        LogRow,
        r#"
        select id as "id!", visitor_id as "visitor_id!", experiment_id, variant, event_type as "event_type!", event_name,
               metadata as "metadata!: Json<Box<RawValue>>", page_url, created_at as "created_at!", excluded, user_agent, seq as "seq!"
        from unnest($1::timestamptz[], $2::timestamptz[]) as ranges (first, beyond)
        cross join lateral (
            select *
            from events
            where created_at >= greatest(first, $3::timestamptz, '-infinity') and created_at < beyond
              and (created_at, seq) < (coalesce($4::timestamptz, 'infinity'), coalesce($5::bigint, 0))
              and ($6::uuid is null or experiment_id = $6)
              and ($7::text is null or variant = $7)
              and ($8::text is null or event_type = $8)
              and ($9::text is null or event_name = $9)
            order by created_at desc, seq desc
            limit $11::bigint
        ) as found
        order by created_at desc, seq desc
        limit $10 offset $12
        "#,
        &starts as _,
        &ends,
        filter.from,
        below.map(|position| position.created_at),
        below.map(|position| position.seq),
        filter.experiment_id,
        filter.variant.as_deref(),
        filter.event_type.as_deref(),
        filter.event_name.as_deref(),
        limit,
        limit.saturating_add(place.offset),
        place.offset
    )
    .fetch_all(db)
    .await
}

async fn list_of_visitor(
    db: &PgPool,
    visitor: &str,
    filter: &LogFilter,
    after: Option<Position>,
    limit: i64,
    offset: i64,
) -> sqlx::Result<Vec<LogRow>> {
    let below = filter.below(after);
    sqlx::query_as!(
        LogRow,
        r#"
        select id, visitor_id, experiment_id, variant, event_type, event_name, metadata as "metadata: Json<Box<RawValue>>", page_url,
               created_at, excluded, user_agent, seq
        from events
        where visitor_id = $10
          and created_at >= coalesce($1::timestamptz, '-infinity')
          and (created_at, seq) < (coalesce($2::timestamptz, 'infinity'), coalesce($3::bigint, 0))
          and ($4::uuid is null or experiment_id = $4)
          and ($5::text is null or variant = $5)
          and ($6::text is null or event_type = $6)
          and ($7::text is null or event_name = $7)
        order by created_at desc, seq desc
        limit $8 offset $9
        "#,
        filter.from,
        below.map(|position| position.created_at),
        below.map(|position| position.seq),
        filter.experiment_id,
        filter.variant.as_deref(),
        filter.event_type.as_deref(),
        filter.event_name.as_deref(),
        limit,
        offset,
        visitor
    )
    .fetch_all(db)
    .await
}

/// The first and the last hour that the rollups hold.
pub async fn find_ends(db: &mut PgConnection) -> sqlx::Result<Option<(OffsetDateTime, OffsetDateTime)>> {
    let ends = sqlx::query!("select min(hour) as first, max(hour) as last from rollup_hours").fetch_one(db).await?;
    Ok(ends.first.zip(ends.last))
}

/// Events of whole hours, as the rollups count them; hours without any are left out.
pub async fn count_hours(
    db: &mut PgConnection,
    filter: &LogFilter,
    from: OffsetDateTime,
    to: OffsetDateTime,
) -> sqlx::Result<HashMap<OffsetDateTime, i64>> {
    let rows = sqlx::query!(
        r#"
        select hour, sum(q0 + q1 + q2 + q3)::bigint as "events!"
        from rollup_hours
        join event_groups on id = group_id
        where hour >= $1 and hour < $2
          and ($3::uuid is null or experiment_id = $3)
          and ($4::text is null or variant = $4)
          and ($5::text is null or event_type = $5)
          and ($6::text is null or event_name = $6)
        group by hour
        "#,
        from,
        to,
        filter.experiment_id,
        filter.variant.as_deref(),
        filter.event_type.as_deref(),
        filter.event_name.as_deref()
    );
    Ok(rows.fetch_all(db).await?.into_iter().map(|row| (row.hour, row.events)).collect())
}

/// Events that the rollups do not count yet, by hour.
pub async fn count_tail(
    db: &mut PgConnection,
    filter: &LogFilter,
    watermark: i64,
) -> sqlx::Result<HashMap<OffsetDateTime, i64>> {
    let rows = sqlx::query!(
        r#"
        select date_bin('1 hour', created_at, 'epoch') as "hour!", count(*) as "events!"
        from events
        where seq > $1
          and ($2::uuid is null or experiment_id = $2)
          and ($3::text is null or variant = $3)
          and ($4::text is null or event_type = $4)
          and ($5::text is null or event_name = $5)
        group by 1
        "#,
        watermark,
        filter.experiment_id,
        filter.variant.as_deref(),
        filter.event_type.as_deref(),
        filter.event_name.as_deref()
    );
    Ok(rows.fetch_all(db).await?.into_iter().map(|row| (row.hour, row.events)).collect())
}

/// Events from a moment on that stand below a position.
pub async fn count_from(
    db: &mut PgConnection,
    filter: &LogFilter,
    from: OffsetDateTime,
    below: Position,
) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"
        select count(*) as "events!"
        from events
        where created_at >= $1
          and (created_at, seq) < ($2::timestamptz, $3::bigint)
          and ($4::uuid is null or experiment_id = $4)
          and ($5::text is null or variant = $5)
          and ($6::text is null or event_type = $6)
          and ($7::text is null or event_name = $7)
        "#,
        from,
        below.created_at,
        below.seq,
        filter.experiment_id,
        filter.variant.as_deref(),
        filter.event_type.as_deref(),
        filter.event_name.as_deref()
    )
    .fetch_one(db)
    .await
}
