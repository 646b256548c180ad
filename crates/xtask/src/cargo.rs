//! Calls of cargo: the services are built by it, and it decides what is fresh.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command::run;
use crate::progress::Step;

/// The services' packages.
const SERVICES: [&str; 3] = ["pushnami-abtest", "pushnami-metrics", "pushnami-landing"];

/// How the services are compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Profile {
    /// Slow to build, quick to run.
    Release,
    /// Quick to build, slow to run.
    Dev,
}

impl Profile {
    /// What cargo calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Release => "release",
            Self::Dev => "dev",
        }
    }

    /// Where cargo puts the binaries.
    pub fn folder(self, root: &Path) -> PathBuf {
        let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| "target".into(), PathBuf::from);
        root.join(target).join(match self {
            Self::Release => "release",
            Self::Dev => "debug",
        })
    }
}

/// A call of cargo in the project's root. SQL is checked against the committed `.sqlx/`, never against a database.
pub fn cargo(root: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments).current_dir(root).env("SQLX_OFFLINE", "true");
    // The bar is written even into a pipe, where we read it.
    command.env("CARGO_TERM_PROGRESS_WHEN", "always").env("CARGO_TERM_PROGRESS_WIDTH", "100");
    // `cargo run` told us about ourselves; the next cargo must not take it for its own.
    for (name, _) in std::env::vars_os() {
        let told = name.to_string_lossy().into_owned();
        if told.starts_with("CARGO_PKG_") || told.starts_with("CARGO_MANIFEST_") || told.starts_with("CARGO_BIN_") {
            command.env_remove(name);
        }
    }
    command
}

/// Builds the three services.
///
/// # Errors
/// When the compiler refuses.
pub fn build_services(root: &Path, profile: Profile) -> anyhow::Result<()> {
    build(root, profile, "Services", &SERVICES)
}

/// Builds metrics alone.
///
/// # Errors
/// When the compiler refuses.
pub fn build_metrics(root: &Path, profile: Profile) -> anyhow::Result<()> {
    build(root, profile, "metrics", &["pushnami-metrics"])
}

/// Builds the services and what they are measured against. In one call: apart from the services, the reference server
/// would ask for fewer features of the same crates, and compile them again.
///
/// # Errors
/// When the compiler refuses.
pub fn build_with_reference(root: &Path, profile: Profile) -> anyhow::Result<()> {
    let [abtest, metrics, landing] = SERVICES;
    build(root, profile, "Reference server", &[abtest, metrics, landing, "pushnami-bench"])
}

fn build(root: &Path, profile: Profile, title: &str, packages: &[&str]) -> anyhow::Result<()> {
    let mut command = cargo(root, &["build", "--locked", "--profile", profile.name(), "--bins"]);
    for package in packages {
        command.args(["--package", package]);
    }
    Step::start(&format!("{title} ({})", profile.name())).finish(|step| {
        let lines = run(step, &mut command, &format!("{title} could not be built"))?;
        let compiled = lines.iter().any(|line| line.trim_start().starts_with("Compiling"));
        Ok(((), if compiled { "built" } else { "nothing changed" }.to_owned()))
    })
}
