//! What belongs to a deleted experiment stays for a week, so that a deletion can be taken back whole; then it is cleared.

use std::time::Duration;

use sqlx::PgPool;
use sqlx::postgres::types::PgInterval;
use tokio::time::{MissedTickBehavior, interval};

/// How long a deletion can be taken back whole.
const KEPT_DAYS: i32 = 7;
/// How often it is looked for what may go.
const EVERY: Duration = Duration::from_hours(1);
/// How many assignments go in one transaction, so that it holds no lock for long.
const MOST: i32 = 10_000;

/// Clears from now on, for as long as the process lives. Several copies may do so at once.
pub fn start(db: PgPool) {
    tokio::spawn(async move {
        let mut hours = interval(EVERY);
        hours.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            hours.tick().await;
            if let Err(error) = clear(&db, KEPT_DAYS).await {
                tracing::warn!(%error, "what belongs to deleted experiments could not be cleared, trying again in an hour");
            }
        }
    });
}

/// Clears what belongs to experiments that were deleted more than so many days ago; answers how many assignments went.
///
/// # Errors
/// When the database refuses or is away; what was cleared by then stays so.
pub async fn clear(db: &PgPool, days: i32) -> sqlx::Result<i64> {
    let older_than = PgInterval { days, ..PgInterval::default() };
    let mut total = 0;
    loop {
        let cleared =
            sqlx::query_scalar!(r#"select clear_deleted_experiments($1, $2) as "cleared!""#, older_than, MOST);
        match cleared.fetch_one(db).await? {
            0 => return Ok(total),
            cleared => total += cleared,
        }
    }
}
