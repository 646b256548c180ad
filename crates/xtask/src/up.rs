//! `cargo xtask up`: the whole system on a bare machine, until somebody stops it.
//!
//! The order is: what costs nothing to check (settings, folder, ports), then what costs time (tools, builds), then
//! Postgres, the services, nginx. It stops in the opposite order, and whatever fails on the way, nothing stays behind.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::bail;

use crate::account::Account;
use crate::cargo::{self, Profile};
use crate::cluster::{Cluster, Durability};
use crate::folder::Folder;
use crate::frontend::{self, Package};
use crate::interrupt::{self, Interrupted};
use crate::logs::Logs;
use crate::process::{self, Process};
use crate::progress::{Paint, Step, human, say};
use crate::services::{self, Surroundings};
use crate::settings::{AdminLock, Settings};
use crate::tools::{nginx, node::Node, postgres::Binaries};
use crate::{gateway, ports};

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
    let folder = open_folder(&settings)?;
    let logs = Logs::default();
    let mut system = System::default();
    let outcome = start(&mut system, root, wish, &settings, &folder, &logs).and_then(|()| {
        say_where_it_is(&settings, &folder, began);
        logs.flow();
        system.watch()
    });
    let stopped = interrupt::requested() && system.is_up;
    system.stop();
    match outcome {
        Err(error) if error.is::<Interrupted>() && stopped => {
            say(&format!(
                "\n  {} everything has stopped; the data stay in {}",
                Paint::Green.on("✓"),
                folder.path().display()
            ));
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => {
            if !error.is::<Interrupted>() {
                logs.flow();
            }
            Err(error)
        }
        Ok(()) => Ok(ExitCode::SUCCESS),
    }
}

/// Opens the folder, ends what a killed copy left in it, and looks whether the ports are free.
fn open_folder(settings: &Settings) -> anyhow::Result<Folder> {
    let others: Vec<_> = [Account::for_postgres()?, Account::for_nginx()?].into_iter().flatten().collect();
    let folder = Folder::open(&settings.folder, &others)?;
    let left = process::end_leftovers(&folder.run());
    if !left.is_empty() {
        say(&format!(
            "  {} an earlier start was cut off; ended what it left: {}",
            Paint::Yellow.on("!"),
            left.join(", ")
        ));
    }
    ports::check_free(settings)?;
    if folder.is_split() {
        say(&format!(
            "  {} other users of this machine cannot enter {}, so Postgres keeps its data in {}",
            Paint::Yellow.on("!"),
            folder.path().display(),
            folder.shared().display()
        ));
    }
    Ok(folder)
}

fn start(
    system: &mut System,
    root: &Path,
    wish: &Wish,
    settings: &Settings,
    folder: &Folder,
    logs: &Logs,
) -> anyhow::Result<()> {
    if !wish.build {
        check_built(root, wish.profile)?;
    }
    let nginx = provide_nginx()?;
    if wish.build {
        let node = provide_node(&folder.path().join("cache"))?;
        build_front_ends(root, &node)?;
        let step = Step::start(&format!("Services ({})", wish.profile.name()));
        finish(step, |step| cargo::build_services(step, root, wish.profile).map(|()| "built".to_owned()))?;
    }
    let database_url = match &settings.database_url {
        Some(given) => given.clone(),
        None => system.start_postgres(settings, folder)?,
    };
    let binaries = wish.profile.folder(root);
    let around = Surroundings { root, binaries: &binaries, folder: folder.path(), database_url: &database_url };
    system.start_services(&around, settings, folder, logs)?;
    let step = Step::start("Admin");
    finish(step, |step| {
        let mut process = gateway::start(root, settings, folder, &nginx, logs)?;
        let well = services::wait_until_well(step, &mut process, settings.local(settings.admin_port), "/healthz");
        system.processes.push(process);
        well.map(|()| format!("nginx serves it on port {}", settings.admin_port))
    })?;
    system.is_up = true;
    Ok(())
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

fn provide_nginx() -> anyhow::Result<PathBuf> {
    let mut found = PathBuf::new();
    finish(Step::start("nginx"), |step| {
        found = nginx::provide(step)?;
        Ok(found.display().to_string())
    })?;
    Ok(found)
}

/// Finds or brings Node.
///
/// # Errors
/// With a sentence that says what to install.
pub fn provide_node(cache: &Path) -> anyhow::Result<Node> {
    let mut found = None;
    finish(Step::start("Node"), |step| {
        let node = Node::provide(step, cache)?;
        let version = node.version.clone();
        found = Some(node);
        Ok(version)
    })?;
    found.ok_or_else(|| Interrupted.into())
}

fn build_front_ends(root: &Path, node: &Node) -> anyhow::Result<()> {
    for package in [Package::landing_client(root), Package::admin(root)] {
        finish(Step::start(package.name), |step| {
            let _turn = frontend::take_turn(step, root)?;
            let installed = package.install(step, node)?;
            let built = package.build(step, node)?;
            Ok(match (installed, built) {
                (true, _) => "installed and built",
                (false, true) => "built",
                (false, false) => "nothing changed",
            }
            .to_owned())
        })?;
    }
    Ok(())
}

/// Runs a step and writes how it ended.
///
/// # Errors
/// Those of the step.
pub fn finish(step: Step, work: impl FnOnce(&Step) -> anyhow::Result<String>) -> anyhow::Result<()> {
    match work(&step) {
        Ok(outcome) => {
            step.done(&outcome);
            Ok(())
        }
        Err(error) if error.is::<Interrupted>() => Err(error),
        Err(error) => {
            step.failed("failed");
            Err(error)
        }
    }
}

/// Everything that runs, in the order in which it was started.
#[derive(Default)]
struct System {
    processes: Vec<Process>,
    is_up: bool,
}

impl System {
    fn start_postgres(&mut self, settings: &Settings, folder: &Folder) -> anyhow::Result<String> {
        let mut url = String::new();
        finish(Step::start("Postgres"), |step| {
            let cluster = Cluster::in_folder(folder.shared(), Durability::Lasting)?;
            let cache = folder.shared().join("cache");
            let binaries = Binaries::provide(step, &cache, cluster.account(), cluster.major())?;
            cluster.prepare(step, &binaries)?;
            let server = cluster.start(step, &binaries, settings.postgres_port, &folder.run())?;
            self.processes.push(server.process);
            url = server.url;
            let whose = cluster.account().map_or(String::new(), |account| format!(", as {}", account.name));
            Ok(format!("{} on port {}{whose}", binaries.version, settings.postgres_port))
        })?;
        Ok(url)
    }

    /// abtest and metrics side by side, then landing, which asks both.
    fn start_services(
        &mut self,
        around: &Surroundings<'_>,
        settings: &Settings,
        folder: &Folder,
        logs: &Logs,
    ) -> anyhow::Result<()> {
        let groups: [&[(&str, u16)]; 2] = [
            &[("abtest", settings.abtest_port), ("metrics", settings.metrics_port)],
            &[("landing", settings.landing_port)],
        ];
        for group in groups {
            let first = self.processes.len();
            for (name, _) in group {
                self.processes.push(services::start(name, around, settings, &folder.run(), logs)?);
            }
            for ((name, port), process) in group.iter().zip(&mut self.processes[first..]) {
                finish(Step::start(name), |step| {
                    services::wait_until_well(step, process, settings.local(*port), "/health")?;
                    Ok(format!("well on port {port}"))
                })?;
            }
        }
        Ok(())
    }

    /// Waits for a stop; whatever ends by itself before that is a failure.
    fn watch(&mut self) -> anyhow::Result<()> {
        loop {
            interrupt::check()?;
            for process in &mut self.processes {
                if let Some(ending) = process.ended() {
                    // Everything of a group may be told to stop at once, for instance when the machine shuts down.
                    interrupt::check()?;
                    bail!("{} has ended by itself ({ending}), so everything else was stopped", process.name());
                }
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    fn stop(&mut self) {
        if self.is_up {
            let names: Vec<_> = self.processes.iter().rev().map(Process::name).collect();
            say(&format!("\n  stopping {} (Ctrl-C again does not wait)", names.join(", ")));
        }
        while let Some(mut process) = self.processes.pop() {
            process.stop();
        }
    }
}

impl Drop for System {
    fn drop(&mut self) {
        self.stop();
    }
}

fn say_where_it_is(settings: &Settings, folder: &Folder, began: Instant) {
    let [page, admin, abtest, metrics] =
        [settings.landing_port, settings.admin_port, settings.abtest_port, settings.metrics_port]
            .map(|port| settings.shown(port));
    let row = |name: &str, address: String, remark: &str| {
        let address = format!("{address:<40}");
        say(&format!(
            "  {} {} {}",
            Paint::Bold.on(&format!("{name:<12}")),
            Paint::Cyan.on(&address),
            Paint::Dim.on(remark)
        ));
    };
    say(&format!("\n  {} Pushnami is up after {}\n", Paint::Green.on("✓"), human(began.elapsed())));
    row("Page", format!("{page}/"), "what a visitor gets");
    row("", format!("{page}/?variant=neon"), "this variant, for a look");
    row("", format!("{page}/?variant=synthwave"), "that one");
    row("Admin", format!("{admin}/"), login(settings.admin_lock));
    row("API docs", format!("{abtest}/docs"), "experiments, assignments, toggles");
    row("", format!("{metrics}/docs"), "events and what they add up to");
    row("", format!("{page}/docs"), "the music library");
    row("Data", folder.path().display().to_string(), "stays when everything stops");
    say("");
    match settings.admin_lock {
        AdminLock::OwnPassword => {}
        AdminLock::ShippedPassword => warn(
            "The admin's password is the shipped one, which everybody knows. Set ADMIN_PASSWORD in .env before others can reach this machine.",
        ),
        AdminLock::Open => warn("ADMIN_AUTH=off: everybody who reaches these ports is the admin."),
    }
    say(&format!("  {}\n", Paint::Dim.on("Ctrl-C stops everything. From here on: what the services say.")));
}

fn login(lock: AdminLock) -> &'static str {
    match lock {
        AdminLock::Open => "no password: ADMIN_AUTH=off",
        AdminLock::ShippedPassword => "password: olympus (ADMIN_PASSWORD in .env)",
        AdminLock::OwnPassword => "password: your ADMIN_PASSWORD",
    }
}

fn warn(sentence: &str) {
    say(&format!("  {} {}\n", Paint::Yellow.on("!"), Paint::Yellow.on(sentence)));
}
