//! What `bench` loads and asks with: wrk, curl, and the clients of Postgres.

use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::progress::Step;
use crate::tools::postgres::Binaries;
use crate::tools::{apt, find, is_executable};

/// The programs, each found or installed.
pub struct LoadTools {
    /// Many requests at once.
    pub wrk: PathBuf,
    /// One request, with its time.
    pub curl: PathBuf,
    /// Many transactions at once.
    pub pgbench: PathBuf,
    /// One statement.
    pub psql: PathBuf,
}

impl LoadTools {
    /// Finds the programs, or installs Debian's; those of Postgres come from beside the server when they are there.
    ///
    /// # Errors
    /// With a sentence that says what to install.
    pub fn provide(beside: &Binaries) -> anyhow::Result<Self> {
        Step::start("wrk, curl, pgbench").finish(|step| {
            let tools = Self {
                wrk: one(step, "wrk", "wrk", &[])?,
                curl: one(step, "curl", "curl", &[])?,
                pgbench: one(step, "pgbench", "postgresql-contrib", &[&beside.folder])?,
                psql: one(step, "psql", "postgresql-client", &[&beside.folder])?,
            };
            Ok((tools, "are there".to_owned()))
        })
    }
}

fn one(step: &Step, name: &str, package: &str, first: &[&Path]) -> anyhow::Result<PathBuf> {
    let beside = || first.iter().map(|folder| folder.join(name)).find(|file| is_executable(file));
    let look = || beside().or_else(|| find(name, &["/opt/homebrew/bin", "/usr/local/bin"]));
    if look().is_none() && apt::is_usable() {
        apt::install(step, &[package])?;
    }
    look().with_context(|| format!("{name} is missing; install it (Debian: apt install {package}) and start again"))
}
