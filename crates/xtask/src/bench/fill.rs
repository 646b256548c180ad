//! Brings tables to the size at which they are measured.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

use super::postgres::Postgres;
use super::reading::NotBuilt;
use crate::account::Account;
use crate::interrupt;
use crate::progress::Step;

/// How many events are made in one statement, so that progress can be shown.
const PIECE: u64 = 100_000;

/// Rows that each COPY reads.
pub const SAMPLE: u32 = 200_000;

/// The columns of the sample.
pub const COLUMNS: &str =
    "id, visitor_id, experiment_id, variant, event_type, event_name, metadata, page_url, user_agent, created_at";

/// How long the counts may stand still before we believe that nobody keeps them.
const STANDSTILL: Duration = Duration::from_secs(20);

/// Two databases to write into directly: `earlier` with the tables of the earlier system, `ours` with our migrations;
/// and the file that COPY reads.
///
/// # Errors
/// When a statement fails.
pub fn limits(step: &Step, postgres: &Postgres, root: &Path) -> anyhow::Result<()> {
    for name in ["earlier", "ours"] {
        postgres.create(name)?;
    }
    postgres.sql("earlier", include_str!("sql/earlier.sql"))?;
    let folder = root.join("db/migrations");
    let mut files: Vec<_> = fs::read_dir(&folder)?.flatten().map(|entry| entry.path()).collect();
    files.sort();
    for file in files {
        step.detail(&file.file_name().unwrap_or_default().to_string_lossy());
        postgres.run_file(step, "ours", &file)?;
    }
    // The server writes and reads the file itself: it must have a folder where it may.
    let exchange = postgres.folder.join("exchange");
    fs::create_dir_all(&exchange)?;
    if let Some(account) = Account::for_postgres()? {
        account.own(&exchange)?;
    }
    step.detail("a sample of events");
    let sample = include_str!("sql/sample.sql").replace(":rows", &SAMPLE.to_string());
    postgres.sql("postgres", &format!("copy ({sample}) to '{}'", sample_file(postgres)))?;
    Ok(())
}

/// The file that COPY reads.
pub fn sample_file(postgres: &Postgres) -> String {
    postgres.folder.join("exchange/sample.copy").display().to_string()
}

/// Fills a database with events of the last thirty days.
///
/// # Errors
/// When the server refuses.
pub fn events(step: &Step, postgres: &Postgres, database: &str, events: u64) -> anyhow::Result<()> {
    postgres.sql(database, include_str!("sql/experiment.sql"))?;
    let statement = include_str!("sql/fill.sql").replace(":total", &events.to_string());
    for first in (0..events).step_by(usize::try_from(PIECE)?) {
        interrupt::check()?;
        step.detail(&format!("{database}: {first} of {events} events"));
        let last = events.min(first + PIECE);
        let piece = statement.replace(":first", &first.to_string()).replace(":last", &last.to_string());
        postgres.sql(database, &piece)?;
    }
    step.detail("vacuum");
    postgres.sql(database, "vacuum analyze events").map(drop)
}

/// Who counts events: the name of the table that says how far they are.
#[derive(Clone, Copy, Debug)]
pub enum Counts {
    /// For stats.
    Rollups,
    /// For results.
    Exposures,
}

/// Waits until every event is counted.
///
/// # Errors
/// When nobody counts them, or it takes longer than `patience`.
pub fn wait_for_counts(
    step: &Step,
    postgres: &Postgres,
    database: &str,
    counts: Counts,
    patience: Duration,
) -> anyhow::Result<()> {
    let state = match counts {
        Counts::Rollups => "rollup_state",
        Counts::Exposures => "exposure_state",
    };
    let question = format!("select coalesce(max(events.seq), 0) - (select watermark from {state}) from events");
    let deadline = Instant::now() + patience;
    let (mut behind, mut moved) = (f64::INFINITY, Instant::now());
    loop {
        interrupt::check()?;
        let now = postgres.number(database, &question).context("nobody can be asked how far the counts are")?;
        if now <= 0.0 {
            return Ok(());
        }
        if now < behind {
            (behind, moved) = (now, Instant::now());
        }
        if moved.elapsed() > STANDSTILL {
            bail!(NotBuilt(format!("{now} events are not counted, and nobody is at it")));
        }
        if Instant::now() > deadline {
            bail!("{now} events are still not counted after {} s", patience.as_secs());
        }
        step.detail(&format!("{database}: {now} events are to be counted yet"));
        std::thread::sleep(Duration::from_millis(20));
    }
}
