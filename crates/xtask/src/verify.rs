//! `cargo xtask verify`: whether the counts that metrics keeps still equal a recount of the events they were made from.
//! It reads and changes nothing, and the system may run meanwhile; if it does not, its Postgres is started for this.

use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::bail;

use crate::account::Account;
use crate::cargo::{Profile, build_metrics};
use crate::cluster::{Cluster, Durability, Server};
use crate::command::{Show, observe};
use crate::folder::Folder;
use crate::ports;
use crate::progress::{Paint, Step, say};
use crate::settings::Settings;
use crate::tools::postgres::Binaries;

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

/// Where the data are, and what had to be started for them.
struct Source {
    url: String,
    place: String,
    /// Stopped when dropped; before the folder is unlocked.
    _server: Option<Server>,
    _folder: Option<Folder>,
}

/// Recounts, says what differs, and answers 0 only if nothing does.
///
/// # Errors
/// When there is nothing to recount, or it cannot be read.
pub fn verify(root: &Path, wish: &Wish) -> anyhow::Result<ExitCode> {
    let settings = Settings::load(root)?;
    let binary = wish.profile.folder(root).join("metrics");
    if !wish.no_build {
        build_metrics(root, wish.profile)?;
    } else if !binary.exists() {
        bail!("--no-build was asked for, but {} has not been built yet; leave it out once", binary.display());
    }
    let source = find(&settings)?;
    let mut command = Command::new(binary);
    command.arg("--verify").current_dir(root).envs(settings.variables()).env("DATABASE_URL", &source.url);
    let step = Step::start("Recount");
    step.detail(&source.place);
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

/// The given database; or the one of the running system; or the resting one, which is started.
fn find(settings: &Settings) -> anyhow::Result<Source> {
    if let Some(url) = &settings.database_url {
        return Ok(Source { url: url.clone(), place: ports::check_database(url)?, _server: None, _folder: None });
    }
    let place = format!("the data in {}", settings.folder.display());
    let cluster = Cluster::in_folder(&Folder::shared_part_of(&settings.folder), Durability::Lasting)?;
    let Some(major) = cluster.major() else {
        bail!("there is nothing to recount in {} yet; `cargo xtask up` begins it", settings.folder.display());
    };
    if Folder::is_in_use(&settings.folder) {
        return Ok(Source { url: cluster.url(settings.postgres_port)?, place, _server: None, _folder: None });
    }
    let others: Vec<_> = Account::for_postgres()?.into_iter().collect();
    let folder = Folder::open(&settings.folder, &others)?;
    let server = Step::start("Postgres").finish(|step| {
        let binaries = Binaries::provide(step, &folder.shared().join("cache"), cluster.account(), Some(major))?;
        cluster.prepare(step, &binaries)?;
        // Its own port may belong to somebody else while the system rests.
        let port = ports::free()?;
        let server = cluster.start(step, &binaries, port, &folder.run())?;
        Ok((server, format!("{} on port {port}, for the recount", Paint::Dim.on(&binaries.version))))
    })?;
    Ok(Source { url: server.url.clone(), place, _server: Some(server), _folder: Some(folder) })
}
