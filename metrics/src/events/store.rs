//! The SQL of events.

use std::time::Duration;

use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use super::exclusion::Exclusion;
use super::model::{Event, Recording};

/// Stores all events or none, in one statement and thereby one commit, and names those that were known already and are
/// left alone. Their ids must differ from each other; those that may have been stored before are `asked` for. See the
/// function in the migration for why it is one.
pub async fn record_events(
    db: &mut PgConnection,
    asked: &[Uuid],
    recordings: &[&Recording],
) -> sqlx::Result<Vec<Uuid>> {
    let column = Column(recordings);
    sqlx::query_scalar!(
        r#"select record_events($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) as "known!""#,
        asked,
        &column.of(|event| event.id),
        &column.of(|event| event.visitor_id.as_str()) as _,
        &column.of(|event| event.experiment_id) as _,
        &column.of(|event| event.variant.as_deref()) as _,
        &column.of(|event| event.event_type.as_str()) as _,
        &column.of(|event| event.event_name.as_deref()) as _,
        &column.of(|event| &event.metadata) as _,
        &column.of(|event| event.page_url.as_deref()) as _,
        &recordings.iter().map(|recording| recording.user_agent.as_deref()).collect::<Vec<_>>() as _,
        &column.of(|event| event.created_at),
        &recordings.iter().map(|recording| recording.excluded.map(Exclusion::as_str)).collect::<Vec<_>>() as _,
    )
    .fetch_one(db)
    .await
}

/// One column of what is to be stored.
struct Column<'a>(&'a [&'a Recording]);

impl<'a> Column<'a> {
    fn of<T>(&self, field: impl Fn(&'a Event) -> T) -> Vec<T> {
        self.0.iter().map(|recording| field(&recording.event)).collect()
    }
}

/// Lets the database stop every further statement of this connection that takes longer.
pub async fn limit_statements(db: &mut PgConnection, limit: Duration) -> sqlx::Result<()> {
    let limit = format!("{}ms", limit.as_millis());
    sqlx::query_scalar!(r#"select set_config('statement_timeout', $1, false) as "limit!""#, limit)
        .fetch_one(db)
        .await?;
    Ok(())
}

/// The event of an id.
pub async fn find_event(db: &PgPool, id: Uuid) -> sqlx::Result<Option<Event>> {
    sqlx::query_as!(
        Event,
        "
        select id, visitor_id, experiment_id, variant, event_type, event_name, metadata, page_url, created_at
        from events
        where id = $1
        ",
        id
    )
    .fetch_optional(db)
    .await
}
