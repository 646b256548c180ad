//! Retention: single events are deleted after `RETENTION_DAYS`; what they counted stays. Whole hours only, and only what
//! the rollups hold already; in small steps, none of which anybody who records waits for.

use std::time::Duration;

use pushnami_common::clock::Clock;
use sqlx::PgPool;
use time::OffsetDateTime;

use crate::rollups::model::hour_of;

/// How many events one step deletes.
const STEP: i64 = 2000;
/// How often it is looked whether another hour is old enough.
const PERIOD: Duration = Duration::from_secs(600);

/// Deletes what is older than so many days, for as long as the process lives.
pub async fn run(db: PgPool, clock: Clock, days: u32) {
    loop {
        match delete_old(&db, clock.now() - time::Duration::days(days.into())).await {
            Ok(0) => {}
            Ok(events) => tracing::info!(events, "deleted {events} events older than {days} days; their counts stay"),
            Err(error) => tracing::warn!(%error, "old events could not be deleted, trying again later"),
        }
        tokio::time::sleep(PERIOD).await;
    }
}

/// Deletes the events of all whole hours before a moment and answers how many there were. Events that no fold has
/// counted yet are left to the next time.
///
/// # Errors
/// When the database fails; what was deleted until then stays deleted.
pub async fn delete_old(db: &PgPool, before: OffsetDateTime) -> sqlx::Result<u64> {
    let before = hour_of(before);
    // Said first: from now on nobody trusts the single events of these hours.
    let watermark = sqlx::query_scalar!(
        r#"
        update rollup_state
        set kept_from = greatest(kept_from, $1),
            version = version + case when kept_from >= $1 then 0 else 1 end
        returning least(watermark, (select watermark from exposure_state)) as "watermark!"
        "#,
        before
    )
    .fetch_one(db)
    .await?;
    let mut deleted = 0;
    loop {
        let step = sqlx::query!(
            "
            delete from events
            where seq = any(array(select seq
                                  from events
                                  where created_at < $1 and seq <= $2
                                  order by created_at
                                  limit $3 for update skip locked))
            ",
            before,
            watermark,
            STEP
        )
        .execute(db)
        .await?
        .rows_affected();
        deleted += step;
        if step < STEP as u64 {
            return Ok(deleted);
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
