//! `cargo xtask verify`: whether the counts that metrics keeps still equal a recount of the events they were made from.
//! It reads and changes nothing, and the system may run meanwhile; if it does not, its Postgres is started for this.

use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::bail;

use crate::cargo::{Profile, build_metrics};
use crate::command::{Show, observe};
use crate::kept::Kept;
use crate::progress::{Step, say};
use crate::settings::Settings;

/// What was typed behind `verify`.
#[derive(clap::Args)]
pub struct Wish {
    /// How metrics, which does the recount, is compiled.
    #[arg(long, default_value = "release")]
    profile: Profile,
    /// Runs what was built before, whatever has changed since.
    #[arg(long)]
    no_build: bool,
}

/// Recounts, says what differs, and answers 0 only if nothing does.
///
/// # Errors
/// When there is nothing to recount, or it cannot be read.
pub fn verify(root: &Path, wish: &Wish) -> anyhow::Result<ExitCode> {
    let settings = Settings::load(root)?;
    prepare(root, wish)?;
    recount(root, wish, &settings, &Kept::find(&settings)?)
}

/// Builds what does the recount, if that is wanted.
///
/// # Errors
/// When the compiler refuses, or nothing is there that was to be used.
pub fn prepare(root: &Path, wish: &Wish) -> anyhow::Result<()> {
    let binary = wish.profile.folder(root).join("metrics");
    if !wish.no_build {
        return build_metrics(root, wish.profile);
    }
    if !binary.exists() {
        bail!("--no-build was asked for, but {} has not been built yet; leave it out once", binary.display());
    }
    Ok(())
}

/// Recounts these data.
///
/// # Errors
/// When they cannot be read, or somebody asked for a stop meanwhile.
pub fn recount(root: &Path, wish: &Wish, settings: &Settings, kept: &Kept) -> anyhow::Result<ExitCode> {
    let mut command = Command::new(wish.profile.folder(root).join("metrics"));
    command.arg("--verify").current_dir(root).envs(settings.variables()).env("DATABASE_URL", &kept.url);
    let step = Step::start("Recount");
    step.detail(&kept.place);
    let outcome = observe(&step, &mut command, Show::Newest)?;
    let said = |line: &&String| !line.ends_with("so far");
    if outcome.success {
        step.done(outcome.lines.iter().rfind(said).map_or("nothing differs", |line| line));
        return Ok(ExitCode::SUCCESS);
    }
    step.failed("the counts and the events differ, or could not be read");
    for line in outcome.lines.iter().filter(said) {
        say(&format!("    {line}"));
    }
    Ok(ExitCode::FAILURE)
}
