//! Takes one visitor back out of what is counted for results, exactly.

use sqlx::PgConnection;

use super::model::{Who, conversion_cell, exposure_cell};
use super::worker::Changes;
use super::{measures, store};

/// Takes a visitor out of all experiments, within the caller's transaction. Events of theirs that are not counted yet
/// must be deleted in the same one.
///
/// # Errors
/// When the database fails; the transaction must then be rolled back.
pub async fn erase_visitor(db: &mut PgConnection, visitor: &str) -> sqlx::Result<()> {
    // The worker waits meanwhile.
    let state = store::lock_state(db).await?;
    let experiments = sqlx::query_scalar!("select experiment_id from exposures where visitor_id = $1", visitor);
    let experiments = experiments.fetch_all(&mut *db).await?;
    let pairs: Vec<_> = experiments.iter().map(|experiment| (*experiment, visitor)).collect();
    let known = store::find_visitors(db, &pairs).await?;
    let mut changes = Changes::default();
    for (who, one) in &known {
        if let Some(exposure) = one.counted() {
            changes.count(exposure_cell(who.0, exposure), -1);
        }
        if let Some(mark) = one.mark() {
            *changes.marks.entry((who.0, mark)).or_default() -= 1;
        }
    }
    for gone in store::remove_conversions(db, &known.keys().collect::<Vec<&Who>>()).await? {
        changes.count(conversion_cell(&gone), -1);
    }
    measures::remove(db, &known.keys().collect::<Vec<_>>()).await?;
    sqlx::query!("delete from exposures where visitor_id = $1", visitor).execute(&mut *db).await?;
    changes.write(db).await?;
    store::write_state(db, state.watermark, None).await
}
