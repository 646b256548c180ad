//! The SQL of the stream.

use serde_json::value::RawValue;
use sqlx::PgPool;
use sqlx::types::Json;

use crate::log::model::LogRow;

/// The place of the newest event; 0 before the first.
pub async fn find_end(db: &PgPool) -> sqlx::Result<i64> {
    Ok(sqlx::query_scalar!("select max(seq) from events").fetch_one(db).await?.unwrap_or_default())
}

/// Events after a place in the order of commits, in that order, at most so many.
pub async fn list_after(db: &PgPool, seq: i64, limit: i64) -> sqlx::Result<Vec<LogRow>> {
    sqlx::query_as!(
        LogRow,
        r#"
        select id, visitor_id, experiment_id, variant, event_type, event_name, metadata as "metadata: Json<Box<RawValue>>", page_url,
               created_at, excluded, user_agent, seq
        from events
        where seq > $1
        order by seq
        limit $2
        "#,
        seq,
        limit
    )
    .fetch_all(db)
    .await
}
