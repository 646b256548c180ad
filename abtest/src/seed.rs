//! First-start data, written once in the life of a database: what a user deletes or changes never comes back.

use sqlx::{AssertSqlSafe, Executor, PgPool};

const SEED: &str = include_str!("../../db/seed.sql");

/// Writes `db/seed.sql`, unless some copy of abtest has done so before. Two copies starting at once write it once: the
/// second waits for the first's row.
///
/// # Errors
/// When the database refuses; nothing is written then.
pub async fn run_once(db: &PgPool) -> sqlx::Result<()> {
    let mut transaction = db.begin().await?;
    let first = sqlx::query!("insert into seedings (name) values ('first start') on conflict do nothing")
        .execute(&mut *transaction)
        .await?;
    if first.rows_affected() == 1 {
        transaction.execute(AssertSqlSafe(SEED)).await?;
        tracing::info!("wrote the first-start experiment and toggles");
    }
    transaction.commit().await
}
