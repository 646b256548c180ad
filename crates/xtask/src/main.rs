//! `cargo xtask …`: the project's own tool. It starts the whole system on a bare machine, runs every test, and writes
//! the files that are generated. Read `up` first; everything else is a variation of it.
//!
//! It depends on few crates on purpose: it is the first thing that a newcomer compiles.

mod account;
mod backup;
mod bench;
mod cargo;
mod chaos;
mod cluster;
mod command;
mod folder;
mod frontend;
mod gateway;
mod interrupt;
mod kept;
mod licences;
mod logs;
mod openapi;
mod ports;
mod process;
mod progress;
mod queries;
mod services;
mod settings;
mod system;
mod temporary;
mod test;
mod tools;
mod up;
mod verify;
mod welcome;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::{Parser, Subcommand};

use crate::cargo::Profile;
use crate::command::Failure;
use crate::interrupt::Interrupted;
use crate::progress::Paint;

/// Pushnami's own tool.
#[derive(Parser)]
#[command(bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Starts the whole system on this machine, without Docker, and runs it until Ctrl-C.
    Up {
        /// How the services are compiled.
        #[arg(long, default_value = "release")]
        profile: Profile,
        /// Starts what was built before, whatever has changed since.
        #[arg(long)]
        no_build: bool,
    },
    /// Installs what the tests need and runs all of them.
    Test {
        /// Runs one kind only.
        #[arg(long)]
        only: Option<test::Kind>,
    },
    /// Recounts every event and says whether the counts that are kept still tell the truth. The system may run meanwhile.
    Verify(verify::Wish),
    /// Backs up the database and the music library into one folder. The system may run meanwhile.
    Backup(backup::BackupWish),
    /// Puts a backup back, and recounts it.
    Restore(backup::RestoreWish),
    /// Measures the whole against what this machine can do at most.
    Bench(bench::Wish),
    /// Kills, stops and cuts off what runs, again and again, and looks whether anything was lost.
    Chaos(chaos::Wish),
    /// Looks whether all that is not ours may be used, and lists it (SBOM).
    Licences(licences::Wish),
    /// Writes the three openapi.json from the code, and the admin's types from them.
    Openapi {
        /// Writes nothing, and fails when a file is stale.
        #[arg(long)]
        check: bool,
    },
    /// Writes `.sqlx/` from the statements in the code and the migrations.
    Sqlx {
        /// Writes nothing, and fails when the folder is stale.
        #[arg(long)]
        check: bool,
    },
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(arguments.task) {
        Ok(code) => code,
        Err(error) if error.is::<Interrupted>() => {
            eprintln!("  {}", Paint::Dim.on("stopped; nothing is left running"));
            ExitCode::from(130)
        }
        Err(error) => {
            report_failure(&error);
            ExitCode::FAILURE
        }
    }
}

/// First what the failed program said, then the sentence.
fn report_failure(error: &anyhow::Error) {
    if let Some(failure) = error.chain().find_map(|cause| cause.downcast_ref::<Failure>()) {
        failure.show_lines();
    }
    eprintln!("{} {error:#}", Paint::Red.on("error:"));
}

fn run(task: Task) -> anyhow::Result<ExitCode> {
    interrupt::listen()?;
    let root = project_root()?;
    match task {
        Task::Up { profile, no_build } => up::up(&root, &up::Wish { profile, build: !no_build }),
        Task::Test { only } => test::test(&root, only),
        Task::Verify(wish) => verify::verify(&root, &wish),
        Task::Backup(wish) => backup::backup(&root, &wish),
        Task::Restore(wish) => backup::restore(&root, &wish),
        Task::Bench(wish) => bench::bench(&root, &wish),
        Task::Chaos(wish) => chaos::chaos(&root, &wish),
        Task::Licences(wish) => licences::licences(&root, &wish),
        Task::Openapi { check } => openapi::openapi(&root, check),
        Task::Sqlx { check } => queries::queries(&root, check),
    }
}

/// The folder of the workspace, wherever in it the command was typed.
fn project_root() -> anyhow::Result<PathBuf> {
    // At run time first: the project may have been moved since it was compiled.
    let manifest = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    let root = PathBuf::from(manifest).join("../..");
    root.canonicalize().context("the project's folder is gone")
}
