//! The SQL of the tally.

use sqlx::PgPool;
use time::OffsetDateTime;

/// Counts `events` more that were not recorded at `now`.
pub async fn add_untracked(db: &PgPool, events: i64, now: OffsetDateTime) -> sqlx::Result<()> {
    sqlx::query!(
        "
        insert into untracked_hours (hour, events)
        values (date_trunc('hour', $1::timestamptz, 'UTC'), $2)
        on conflict (hour) do update set events = untracked_hours.events + excluded.events
        ",
        now,
        events
    )
    .execute(db)
    .await?;
    Ok(())
}
