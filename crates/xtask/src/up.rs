//! `cargo xtask up`: the whole system on a bare machine, until somebody stops it.
//!
//! The order is: what costs nothing to check (settings, folder, ports), then what may have to be fetched (tools), then
//! what takes long (builds), then what runs: see `system`.

use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::bail;

use crate::account::Account;
use crate::cargo::{self, Profile};
use crate::folder::Folder;
use crate::frontend::{self, Package};
use crate::interrupt::{self, Interrupted};
use crate::logs::Logs;
use crate::progress::{Paint, Step, say};
use crate::settings::Settings;
use crate::system::{Database, Place, System};
use crate::tools::{nginx, node::Node};
use crate::welcome::say_where_it_is;
use crate::{ports, process, services};

/// What was typed behind `up`.
pub struct Wish {
    /// How the services are compiled.
    pub profile: Profile,
    /// Whether to build at all.
    pub build: bool,
}

/// Starts everything, runs it until it is told to stop, and stops it.
///
/// # Errors
/// With one sentence, after which nothing of ours runs any more.
pub fn up(root: &Path, wish: &Wish) -> anyhow::Result<ExitCode> {
    let began = Instant::now();
    let settings = Settings::load(root)?;
    say(&format!("\n  {}  the page, its experiments and its admin, on this machine\n", Paint::Bold.on("Pushnami")));
    if !wish.build {
        check_built(root, wish.profile)?;
    }
    let folder = open_folder(&settings)?;
    let nginx = nginx::provide()?;
    let database = Database::choose(&settings, &folder)?;
    if wish.build {
        build(root, &Node::provide(&folder.path().join("cache"))?, wish.profile)?;
    }
    let binaries = wish.profile.folder(root);
    let place = Place { root, binaries: &binaries, nginx: &nginx, settings: &settings, folder: &folder };
    let logs = Logs::default();
    let mut system = System::new(&place, &logs);
    let started = system.start(&database);
    if started.is_ok() {
        say_where_it_is(&settings, folder.path(), began.elapsed());
        logs.flow();
    }
    let was_up = started.is_ok();
    let outcome = started.and_then(|()| system.watch());
    system.stop();
    match outcome {
        Err(error) if error.is::<Interrupted>() && was_up => {
            let folder = folder.path().display();
            say(&format!("\n  {} everything has stopped; the data stay in {folder}", Paint::Green.on("✓")));
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => {
            if !interrupt::requested() {
                logs.flow();
            }
            Err(error)
        }
        Ok(()) => Ok(ExitCode::SUCCESS),
    }
}

/// With `--no-build`: whether there is something to start.
fn check_built(root: &Path, profile: Profile) -> anyhow::Result<()> {
    let binaries = services::NAMES.map(|name| profile.folder(root).join(name));
    let app = Package::admin(root).folder().join("dist/index.html");
    for file in binaries.iter().chain([&app]) {
        if !file.exists() {
            bail!("--no-build was asked for, but {} has not been built yet; leave it out once", file.display());
        }
    }
    Ok(())
}

/// Opens the folder, ends what a killed copy left in it, and looks whether the ports are free.
fn open_folder(settings: &Settings) -> anyhow::Result<Folder> {
    let others: Vec<_> = [Account::for_postgres()?, Account::for_nginx()?].into_iter().flatten().collect();
    let folder = Folder::open(&settings.folder, &others)?;
    let left = process::end_leftovers(&folder.run());
    let note = |text: &str| say(&format!("  {} {text}", Paint::Yellow.on("!")));
    if !left.is_empty() {
        note(&format!("an earlier start was cut off; ended what it left: {}", left.join(", ")));
    }
    ports::check_free(settings)?;
    if folder.is_split() {
        let (closed, open) = (folder.path().display(), folder.shared().display());
        note(&format!("{closed} is closed to the users that run Postgres and nginx: their part is kept in {open}"));
    }
    Ok(folder)
}

/// Builds the front ends, which the services hold inside them, and the services.
///
/// # Errors
/// When a compiler refuses.
pub fn build(root: &Path, node: &Node, profile: Profile) -> anyhow::Result<()> {
    for package in [Package::landing_client(root), Package::admin(root)] {
        Step::start(package.name).finish(|step| {
            let _turn = frontend::take_turn(step, root)?;
            let installed = package.install(step, node)?;
            let built = package.build(step, node)?;
            let outcome = match (installed, built) {
                (true, _) => "installed and built",
                (false, true) => "built",
                (false, false) => "nothing changed",
            };
            Ok(((), outcome.to_owned()))
        })?;
    }
    cargo::build_services(root, profile)
}
