//! `cargo xtask backup` and `cargo xtask restore`: everything that lasts, into a folder and back. The work is done by
//! `db/backup.sh` and `db/restore.sh`, which Compose runs too; here they are given Postgres's own programs and the places.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, bail};

use crate::command::{ask, run_unbroken};
use crate::kept::Kept;
use crate::progress::Step;
use crate::settings::Settings;
use crate::tools::postgres_clients;
use crate::verify;

/// What was typed behind `backup`.
#[derive(clap::Args)]
pub struct BackupWish {
    /// The folder that the backup becomes; one named by the time under PUSHNAMI_DATA, if left out.
    folder: Option<PathBuf>,
}

/// What was typed behind `restore`.
#[derive(clap::Args)]
pub struct RestoreWish {
    /// The folder of a backup.
    folder: PathBuf,
    /// Replaces what is there.
    #[arg(long)]
    replace: bool,
    #[command(flatten)]
    recount: verify::Wish,
}

/// Backs up; the system may run meanwhile.
///
/// # Errors
/// When there is nothing to back up, or it cannot be read or written.
pub fn backup(root: &Path, wish: &BackupWish) -> anyhow::Result<ExitCode> {
    let settings = Settings::load(root)?;
    let folder = match &wish.folder {
        Some(folder) => std::path::absolute(folder)?,
        None => settings.folder.join("backups").join(name_of_now()?),
    };
    let kept = Kept::find(&settings)?;
    Step::start("Backup").finish(|step| {
        step.detail(&kept.place);
        let mut command = script(root, "backup.sh", &kept)?;
        let lines = run_unbroken(step, command.arg(&folder), "the backup could not be made")?;
        Ok(((), format!("{}: {}", folder.display(), lines.last().map_or("", String::as_str))))
    })?;
    Ok(ExitCode::SUCCESS)
}

/// Puts a backup back, and recounts what is there then.
///
/// # Errors
/// When the system runs, the backup is damaged, or something is there that was not to be replaced.
pub fn restore(root: &Path, wish: &RestoreWish) -> anyhow::Result<ExitCode> {
    let settings = Settings::load(root)?;
    let folder = std::path::absolute(&wish.folder)?;
    if !folder.is_dir() {
        bail!("{} is no folder of a backup", folder.display());
    }
    verify::prepare(root, &wish.recount)?;
    let kept = Kept::alone(&settings)?;
    Step::start("Restore").finish(|step| {
        step.detail(&kept.place);
        let mut command = script(root, "restore.sh", &kept)?;
        command.arg(&folder).args(wish.replace.then_some("replace"));
        let lines = run_unbroken(step, &mut command, "the backup could not be restored")?;
        Ok(((), lines.last().cloned().unwrap_or_default()))
    })?;
    verify::recount(root, &wish.recount, &settings, &kept)
}

/// A script of `db/`, with Postgres's programs of the server's version before all others.
fn script(root: &Path, name: &str, kept: &Kept) -> anyhow::Result<Command> {
    let mut path = postgres_clients::provide(&kept.url)?.into_os_string();
    path.push(":");
    path.push(std::env::var_os("PATH").unwrap_or_default());
    let mut command = Command::new("sh");
    command.arg(root.join("db").join(name)).env("PATH", path).env("LC_ALL", "C");
    command.env("DATABASE_URL", &kept.url).env("MUSIC_DIR", &kept.music);
    Ok(command)
}

/// For instance `2026-11-24T02-40-31Z`: sorts by time, and is a name on any file system.
fn name_of_now() -> anyhow::Result<String> {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    ask("date", &["-u", "-d", &format!("@{seconds}"), "+%Y-%m-%dT%H-%M-%SZ"])
        .or_else(|| ask("date", &["-u", "-r", &seconds.to_string(), "+%Y-%m-%dT%H-%M-%SZ"]))
        .context("`date` does not tell the time; name the backup's folder")
}
