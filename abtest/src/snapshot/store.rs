//! The configuration in Postgres.

use sqlx::{PgExecutor, PgPool};

use super::model::Found;
use crate::{experiments, toggles};

/// Reads everything. The version first: what is committed meanwhile makes it differ, and is read the next time.
pub async fn read(db: &PgPool) -> sqlx::Result<Found> {
    let mut connection = db.acquire().await?;
    let version = read_version(&mut *connection).await?;
    let experiments = experiments::store::list(&mut *connection).await?;
    let toggles = toggles::store::list(&mut *connection).await?;
    Ok(Found { version, experiments, toggles })
}

/// How many changes were committed.
pub async fn read_version(db: impl PgExecutor<'_>) -> sqlx::Result<i64> {
    sqlx::query_scalar!("select version from configuration_versions").fetch_one(db).await
}
