//! The way to Postgres: the pool, the migrations, and constraints by name.

use std::time::Duration;

use anyhow::Context;
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{PgConnection, PgPool, Row};
use tokio::time::Instant;

use crate::error::ApiError;
use crate::telemetry;

/// The only schema, in `db/migrations`. A service older than the schema it meets still starts: both run side by side
/// during an upgrade.
pub static MIGRATOR: Migrator = {
    let mut migrator = sqlx::migrate!("../../db/migrations");
    migrator.ignore_missing = true;
    migrator
};

/// How many connections a service holds at most: each costs Postgres a process and memory, and a few are enough, because
/// what is asked often is answered from memory or in groups.
const CONNECTIONS: u32 = 8;

/// No statement of a request may hold a connection for longer than this.
const STATEMENT_TIMEOUT: &str = "15s";

/// Connects, waiting up to a minute for a database that is still starting, and brings the schema up to date.
///
/// # Errors
/// When the database cannot be reached in that time or a migration fails.
pub async fn connect(url: &str, application_name: &str) -> anyhow::Result<PgPool> {
    let options = url
        .parse::<PgConnectOptions>()?
        .application_name(application_name)
        .options([("statement_timeout", STATEMENT_TIMEOUT), ("timezone", "UTC")]);
    let pool = PgPoolOptions::new()
        .max_connections(CONNECTIONS)
        .acquire_timeout(Duration::from_secs(3))
        // The question below takes the ping's place.
        .test_before_acquire(false)
        .before_acquire(|connection, _| Box::pin(is_clean(connection)))
        .connect_lazy_with(options);
    once_reachable(|| migrate(pool.clone())).await?;
    watch(&pool);
    Ok(pool)
}

/// Counts the pool's connections for `/metrics`.
fn watch(pool: &PgPool) {
    const CONNECTIONS: &str = "pushnami_db_pool_connections";
    metrics::describe_gauge!(CONNECTIONS, "Connections to the database, by what they do.");
    let pool = pool.clone();
    telemetry::at_scrape(move || {
        let (all, idle) = (f64::from(pool.size()), pool.num_idle() as f64);
        metrics::gauge!(CONNECTIONS, "state" => "idle").set(idle);
        metrics::gauge!(CONNECTIONS, "state" => "used").set((all - idle).max(0.0));
    });
}

/// Whether a connection answers, and outside any transaction: one who goes away in the very moment of a `begin` leaves a
/// transaction open that nobody knows of, and what the next one records would never be committed.
///
/// Asked as a plain query: a prepared one comes in several messages, each of which moves the time of the statement.
async fn is_clean(connection: &mut PgConnection) -> sqlx::Result<bool> {
    sqlx::raw_sql("select now() = statement_timestamp()").fetch_one(connection).await?.try_get(0)
}

async fn migrate(pool: PgPool) -> Result<(), MigrateError> {
    MIGRATOR.run(&pool).await
}

/// Migrates, as soon as the database can be reached: one that starts, or is busy at this moment, is asked again for a minute.
/// A migration that fails is not tried again.
async fn once_reachable<F: Future<Output = Result<(), MigrateError>>>(migrate: impl Fn() -> F) -> anyhow::Result<()> {
    let (begun, mut pause) = (Instant::now(), Duration::from_millis(50));
    loop {
        match migrate().await {
            Err(MigrateError::Execute(error)) if begun.elapsed() < Duration::from_secs(60) => {
                tracing::warn!(%error, "the database does not answer yet, trying again");
            }
            Err(error @ MigrateError::Execute(_)) => {
                return Err(error).context("the database at DATABASE_URL could not be reached within a minute");
            }
            finished => return Ok(finished?),
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(Duration::from_secs(2));
    }
}

/// Whether the database answers, within a second.
///
/// # Errors
/// With a sentence for `/health`.
pub async fn check(pool: &PgPool) -> Result<(), String> {
    let answer = tokio::time::timeout(Duration::from_secs(1), sqlx::query("select 1").execute(pool));
    match answer.await {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(_)) => Err("the database refuses".to_owned()),
        Err(_) => Err("the database does not answer within a second".to_owned()),
    }
}

/// Turns the breach of a named constraint into what the client should read.
pub trait OnConstraint<T> {
    /// `refusal` when exactly the constraint `name` was broken; any other error stays ours.
    ///
    /// # Errors
    /// The refusal, or the [`ApiError`] of the database's own error.
    fn on_constraint(self, name: &str, refusal: impl FnOnce() -> ApiError) -> Result<T, ApiError>;
}

impl<T> OnConstraint<T> for Result<T, sqlx::Error> {
    fn on_constraint(self, name: &str, refusal: impl FnOnce() -> ApiError) -> Result<T, ApiError> {
        self.map_err(|error| match error.as_database_error().and_then(|db| db.constraint()) {
            Some(broken) if broken == name => refusal().with_source(error),
            _ => error.into(),
        })
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_database_that_is_busy_at_the_start_is_asked_again_but_not_for_ever() {
        let asked = Cell::new(0);
        let answers_the_third = || async {
            asked.set(asked.get() + 1);
            if asked.get() < 3 { Err(MigrateError::Execute(sqlx::Error::PoolTimedOut)) } else { Ok(()) }
        };
        once_reachable(answers_the_third).await.unwrap();
        assert_eq!(asked.get(), 3);

        let error = once_reachable(|| async { Err(sqlx::Error::PoolTimedOut.into()) }).await.unwrap_err();
        assert!(
            format!("{error:#}").starts_with("the database at DATABASE_URL could not be reached within a minute: ")
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_migration_that_fails_is_not_tried_again() {
        let asked = Cell::new(0);
        let fails = || async {
            asked.set(asked.get() + 1);
            Err(MigrateError::ExecuteMigration(sqlx::Error::RowNotFound, 1))
        };
        assert!(once_reachable(fails).await.is_err());
        assert_eq!(asked.get(), 1);
    }

    /// While an upgrade goes on, copies of the last version work on the schema of the next: what they read and write
    /// must stay where it is. The one migration that moves tables moves the earlier system's, which never runs beside ours.
    #[test]
    fn migrations_only_add_to_what_running_copies_use() {
        let breaking = ["drop table", "drop column", "rename to", "rename column", "set data type"];
        for migration in MIGRATOR.iter() {
            let code = migration.sql.as_str().lines().map(|line| line.split("--").next().unwrap_or_default());
            let sql = code.collect::<Vec<_>>().join(" ").to_lowercase();
            for words in breaking {
                assert!(!sql.contains(words), "{} says `{words}`", migration.description);
            }
            let moves = sql.contains("set schema") && migration.version != 20_261_122_000_001;
            assert!(!moves, "{} moves what running copies use", migration.description);
        }
    }
}
