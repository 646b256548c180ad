//! `cargo xtask bench`: how fast the whole is, held against what the machine can do at most, in the same run and round by
//! round. Read `goals` for what is wanted, `gauges` for how each thing is measured.
//!
//! Ratios are judged, not absolute figures: a shared machine is twice as fast in one hour as in the next. The judge is
//! the middle of the rounds' ratios per CPU-second of services and Postgres; the clock stands beside it.

mod curl;
mod fill;
mod gauges;
mod goals;
mod kernel;
mod machine;
mod postgres;
mod reading;
mod readme;
mod report;
mod site;
mod stand;
mod wrk;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use serde_json::Value;

use crate::cargo::{self, Profile};
use crate::interrupt::Interrupted;
use crate::progress::{Paint, Step, human, say};
use crate::tools::node::Node;
use crate::up;

use gauges::{GAUGES, Gauge};
use goals::Goal;
use reading::NotBuilt;
use report::Findings;
use stand::{Pace, Stand};

/// What was typed behind `bench`.
#[derive(clap::Args)]
pub struct Wish {
    /// Short loads and a small database: a few minutes.
    #[arg(long)]
    quick: bool,
    /// Events in the large database, for instance 5M; 1M without this, 200k with --quick.
    #[arg(long, value_parser = events)]
    size: Option<u64>,
    /// Only these rows, for instance P1,P5.
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
    /// How often everything is measured.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// How the services are compiled.
    #[arg(long, default_value = "release")]
    profile: Profile,
    /// Measures what was built before, whatever has changed since.
    #[arg(long)]
    no_build: bool,
    /// Where the readings are written.
    #[arg(long, default_value = ".pushnami/bench.json")]
    json: PathBuf,
    /// Writes the table into the README, too.
    #[arg(long, conflicts_with = "only")]
    readme: bool,
}

/// Measures.
///
/// # Errors
/// When the set-up cannot be started or somebody asked for a stop.
pub fn bench(root: &Path, wish: &Wish) -> anyhow::Result<ExitCode> {
    if !cfg!(target_os = "linux") {
        bail!("`cargo xtask bench` reads CPU time and memory from /proc, which only Linux has");
    }
    let goals = report::chosen(&wish.only)?;
    let about = machine::describe(root);
    say(&format!("\n  {}  {}\n", Paint::Bold.on("Pushnami, measured"), machine::in_words(&about)));
    if !wish.no_build {
        up::build(root, &Node::provide(&root.join(".pushnami/cache"))?, wish.profile)?;
        cargo::build_with_reference(root, wish.profile)?;
    }
    let began = Instant::now();
    let mut stand = Stand::start(root, &wish.profile.folder(root), pace(wish))?;
    let findings = measure(&mut stand, &goals, wish.rounds.max(1))?;
    drop(stand);
    report::table(&findings, &goals);
    report::limits(&findings, &GAUGES.iter().map(|gauge| gauge.name).collect::<Vec<_>>());
    say(&format!(
        "\n  P10 needs Unleash's engine and P27 the earlier system; neither is part of this project. {}",
        summary(began, &wish.json)
    ));
    write(&root.join(&wish.json), &report::as_json(&findings, &goals, &about))?;
    if wish.readme {
        readme::write(root, &findings, &goals, &about)?;
    }
    Ok(if findings.is_bad(&goals) { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn summary(began: Instant, json: &Path) -> String {
    format!("Measured in {}; all readings are in {}.", human(began.elapsed()), json.display())
}

fn pace(wish: &Wish) -> Pace {
    let (time, long, events) = if wish.quick { (2, 10, 200_000) } else { (5, 60, 1_000_000) };
    Pace { time: Duration::from_secs(time), long: Duration::from_secs(long), events: wish.size.unwrap_or(events) }
}

/// Takes every gauge that the rows ask for, in each round.
fn measure(stand: &mut Stand, goals: &[&Goal], rounds: usize) -> anyhow::Result<Findings> {
    let wanted = |gauge: &&Gauge| {
        gauge.name == "select" && goals.len() == goals::GOALS.len()
            || goals.iter().any(|goal| goal.gauges.contains(&gauge.name))
    };
    let mut findings = Findings::default();
    for round in 1..=rounds {
        say(&format!("\n  {}\n", Paint::Bold.on(&format!("Round {round} of {rounds}"))));
        findings.rounds.push(goals::Round::new());
        for gauge in GAUGES.iter().filter(wanted).filter(|gauge| round == 1 || !gauge.once) {
            take(stand, gauge, &mut findings)?;
        }
    }
    Ok(findings)
}

/// What cannot be measured does not keep the rest from being measured.
fn take(stand: &mut Stand, gauge: &Gauge, findings: &mut Findings) -> anyhow::Result<()> {
    if findings.not_built.contains_key(gauge.name) || findings.failed.contains_key(gauge.name) {
        return Ok(());
    }
    let step = Step::start(&format!("{:<58}", gauge.title));
    match (gauge.take)(stand, &step) {
        Ok(reading) => {
            step.done(&reading.in_words());
            if let Some(round) = findings.rounds.last_mut() {
                round.insert(gauge.name, reading);
            }
        }
        Err(error) if error.is::<Interrupted>() => return Err(error),
        Err(error) => match error.downcast_ref::<NotBuilt>() {
            Some(missing) => {
                step.left_out(&missing.to_string());
                findings.not_built.insert(gauge.name, missing.to_string());
            }
            None => {
                step.failed(&format!("{error:#}"));
                findings.failed.insert(gauge.name, format!("{error:#}"));
            }
        },
    }
    Ok(())
}

fn write(file: &Path, findings: &Value) -> anyhow::Result<()> {
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(file, format!("{findings:#}\n")).with_context(|| format!("{} cannot be written", file.display()))
}

/// `5M`, `200k` or a plain number.
fn events(text: &str) -> Result<u64, String> {
    let refuse = || format!("`{text}` is not a number of events; it may be 10000 to 100M, for instance 200k or 5M");
    let (digits, factor) = match text.to_ascii_lowercase() {
        lower if lower.ends_with('m') => (lower.trim_end_matches('m').to_owned(), 1_000_000),
        lower if lower.ends_with('k') => (lower.trim_end_matches('k').to_owned(), 1_000),
        lower => (lower, 1),
    };
    let number = digits.parse::<u64>().ok().and_then(|number| number.checked_mul(factor)).ok_or_else(refuse)?;
    if (10_000..=100_000_000).contains(&number) { Ok(number) } else { Err(refuse()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_as_people_write_them() {
        let read = ["200k", "5M", "10000", "1m"].map(|text| events(text).unwrap());
        assert_eq!(read, [200_000, 5_000_000, 10_000, 1_000_000]);
        assert!(["9999", "", "k", "101M", "ten"].iter().all(|text| events(text).is_err()));
    }
}
