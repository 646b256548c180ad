//! The SQL of the log.

use serde_json::value::RawValue;
use sqlx::PgPool;
use sqlx::types::Json;
use uuid::Uuid;

use super::model::{LogFilter, LogRow, Position};

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
        None => list_along_time(db, filter, after, limit, offset).await,
    }
}

/// The bounds are compared with something also where none is given: then the index on time serves every page, whoever
/// plans it.
async fn list_along_time(
    db: &PgPool,
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
        where created_at >= coalesce($1::timestamptz, '-infinity')
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
        offset
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
