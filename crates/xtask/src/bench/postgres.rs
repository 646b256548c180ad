//! What the bench asks of Postgres directly: the raw limits, and the truth about what the services have stored.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, bail};

use super::reading::{Reading, percentile};
use crate::command::run;
use crate::progress::Step;

/// A server, reached through its own clients.
pub struct Postgres {
    /// The address of its first database, password included.
    pub url: String,
    /// The number of its first process.
    pub postmaster: i32,
    /// One statement.
    pub psql: PathBuf,
    /// Many transactions.
    pub pgbench: PathBuf,
    /// A folder for scripts, open to the server's user.
    pub folder: PathBuf,
}

impl Postgres {
    /// The address of one of its databases.
    pub fn database(&self, name: &str) -> String {
        self.url.rsplit_once('/').map_or_else(String::new, |(server, _)| format!("{server}/{name}"))
    }

    /// Makes an empty database.
    ///
    /// # Errors
    /// When the server refuses.
    pub fn create(&self, name: &str) -> anyhow::Result<()> {
        self.sql("postgres", &format!("create database {name}")).map(drop)
    }

    /// Runs statements; the last one's rows as text.
    ///
    /// # Errors
    /// When the server refuses.
    pub fn sql(&self, database: &str, statements: &str) -> anyhow::Result<String> {
        let mut command = self.client(database);
        let output = command.args(["-c", statements]).output().context("psql cannot be started")?;
        if !output.status.success() {
            bail!("Postgres refuses: {}", String::from_utf8_lossy(&output.stderr).trim());
        }
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }

    /// The one number that a statement answers with.
    ///
    /// # Errors
    /// When it does not.
    pub fn number(&self, database: &str, statement: &str) -> anyhow::Result<f64> {
        let text = self.sql(database, statement)?;
        text.parse().with_context(|| format!("`{statement}` answers `{text}`"))
    }

    /// Runs a file of statements.
    ///
    /// # Errors
    /// When the server refuses.
    pub fn run_file(&self, step: &Step, database: &str, file: &Path) -> anyhow::Result<()> {
        let mut command = self.client(database);
        command.arg("-f").arg(file);
        run(step, &mut command, &format!("{} could not be carried out", file.display())).map(drop)
    }

    /// psql, which stops at the first refusal and prints bare values.
    pub fn client(&self, database: &str) -> Command {
        let mut command = Command::new(&self.psql);
        command.args(["-XAtq", "-v", "ON_ERROR_STOP=1", "-d", &self.database(database)]);
        command.env("PGOPTIONS", "--client-min-messages=warning").env("LC_ALL", "C");
        command
    }

    /// One transaction again and again from many clients: transactions a second, mean and median in milliseconds.
    ///
    /// # Errors
    /// When pgbench fails.
    pub fn transactions(&self, step: &Step, script: &str, clients: u32, time: Duration) -> anyhow::Result<Reading> {
        let file = self.folder.join("transaction.pgbench");
        fs::write(&file, script)?;
        let log = self.folder.join("pgbench-log");
        let mut command = Command::new(&self.pgbench);
        let threads = clients.min(2).to_string();
        command.args(["-n", "-M", "prepared", "-j", &threads, "-c", &clients.to_string()]);
        command.args(["-T", &time.as_secs().max(1).to_string(), "-l", "--log-prefix"]).arg(&log);
        command.arg("-f").arg(&file).arg(self.database("earlier")).env("LC_ALL", "C");
        let lines = run(step, &mut command, "pgbench failed")?;
        let after = |prefix| -> Option<f64> {
            let line = lines.iter().find_map(|line| line.strip_prefix(prefix))?;
            line.split_whitespace().next()?.parse().ok()
        };
        let rate = after("tps = ").context("pgbench names no rate")?;
        let count = after("number of transactions actually processed: ").context("pgbench names no count")?;
        let mean = after("latency average = ").context("pgbench names no latency")?;
        let times = self.take_times()?;
        Ok(Reading::of([("rate", rate), ("count", count), ("mean", mean), ("p50", percentile(times, 0.5))]))
    }

    /// Milliseconds of the logged transactions; the logs are gone afterwards.
    fn take_times(&self) -> anyhow::Result<Vec<f64>> {
        let mut times = Vec::new();
        for path in fs::read_dir(&self.folder)?.flatten().map(|entry| entry.path()) {
            if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("pgbench-log")) {
                let text = fs::read_to_string(&path)?;
                let microseconds = text.lines().filter_map(|line| line.split(' ').nth(2)?.parse::<f64>().ok());
                times.extend(microseconds.map(|time| time / 1000.0));
                fs::remove_file(path)?;
            }
        }
        Ok(times)
    }
}
