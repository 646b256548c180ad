//! Everything that `up` runs: Postgres, then abtest and metrics, then landing, then nginx. It stops in the opposite order,
//! and whatever fails on the way, nothing stays behind.

use std::path::Path;
use std::time::Duration;

use anyhow::bail;

use crate::cluster::{Cluster, Durability};
use crate::folder::Folder;
use crate::logs::Logs;
use crate::process::Process;
use crate::progress::{Step, say};
use crate::services::{self, Surroundings};
use crate::settings::Settings;
use crate::tools::postgres::Binaries;
use crate::{gateway, interrupt, ports};

/// How often a running system is looked at.
const LOOK: Duration = Duration::from_millis(50);

/// Where everything is that the system is made of.
pub struct Place<'a> {
    /// The project.
    pub root: &'a Path,
    /// The services' programs.
    pub binaries: &'a Path,
    /// nginx's program.
    pub nginx: &'a Path,
    /// What the environment asks for.
    pub settings: &'a Settings,
    /// What lasts.
    pub folder: &'a Folder,
}

/// Where the data will be.
pub enum Database {
    /// In a Postgres that somebody else runs.
    Given(String),
    /// In one of our own.
    Private(Cluster, Binaries),
}

impl Database {
    /// Takes the given one, or finds the programs for one of our own.
    ///
    /// # Errors
    /// When nobody answers at the given one, or no Postgres is to be had.
    pub fn choose(settings: &Settings, folder: &Folder) -> anyhow::Result<Self> {
        Step::start("Postgres").finish(|step| {
            if let Some(url) = &settings.database_url {
                let place = ports::check_database(url)?;
                return Ok((Self::Given(url.clone()), place));
            }
            let cluster = Cluster::in_folder(folder.shared(), Durability::Lasting)?;
            let cache = folder.shared().join("cache");
            let binaries = Binaries::provide(step, &cache, cluster.account(), cluster.major())?;
            let shown = format!("{} in {}", binaries.version, binaries.folder.display());
            // Looked at again: an installation may have brought the user that shall run it.
            let cluster = Cluster::in_folder(folder.shared(), Durability::Lasting)?;
            Ok((Self::Private(cluster, binaries), shown))
        })
    }
}

/// What runs, in the order in which it was started.
pub struct System<'a> {
    place: &'a Place<'a>,
    logs: &'a Logs,
    processes: Vec<Process>,
    is_up: bool,
}

impl<'a> System<'a> {
    /// Nothing yet.
    pub fn new(place: &'a Place<'a>, logs: &'a Logs) -> Self {
        Self { place, logs, processes: Vec::new(), is_up: false }
    }

    /// Starts everything and waits until it is well.
    ///
    /// # Errors
    /// When a part does not start, or somebody asked for a stop meanwhile.
    pub fn start(&mut self, database: &Database) -> anyhow::Result<()> {
        let url = match database {
            Database::Given(url) => url.clone(),
            Database::Private(cluster, binaries) => self.start_postgres(cluster, binaries)?,
        };
        let settings = self.place.settings;
        self.start_services(&url, &[("abtest", settings.abtest_port), ("metrics", settings.metrics_port)])?;
        self.start_services(&url, &[("landing", settings.landing_port)])?;
        self.start_nginx()?;
        self.is_up = true;
        Ok(())
    }

    fn start_postgres(&mut self, cluster: &Cluster, binaries: &Binaries) -> anyhow::Result<String> {
        let port = self.place.settings.postgres_port;
        Step::start("database").finish(|step| {
            cluster.prepare(step, binaries)?;
            let server = cluster.start(step, binaries, port, &self.place.folder.run())?;
            self.processes.push(server.process);
            let whose = cluster.account().map_or(String::new(), |account| format!(", run by {}", account.name));
            Ok((server.url, format!("takes connections on port {port}{whose}")))
        })
    }

    fn start_services(&mut self, database_url: &str, group: &[(&str, u16)]) -> anyhow::Result<()> {
        let Place { root, binaries, settings, folder, .. } = *self.place;
        let around = Surroundings { root, binaries, folder: folder.path(), database_url };
        let first = self.processes.len();
        for (name, _) in group {
            self.processes.push(services::start(name, &around, settings, &folder.run(), self.logs)?);
        }
        for ((name, port), process) in group.iter().zip(&mut self.processes[first..]) {
            Step::start(name).finish(|step| {
                services::wait_until_well(step, process, settings.local(*port), "/health")?;
                Ok(((), format!("well on port {port}")))
            })?;
        }
        Ok(())
    }

    fn start_nginx(&mut self) -> anyhow::Result<()> {
        let Place { root, nginx, settings, folder, .. } = *self.place;
        let port = settings.admin_port;
        Step::start("admin").finish(|step| {
            let mut process = gateway::start(root, settings, folder, nginx, self.logs)?;
            let well = services::wait_until_well(step, &mut process, settings.local(port), "/healthz");
            self.processes.push(process);
            well.map(|()| ((), format!("served by nginx on port {port}")))
        })
    }

    /// Waits for a stop; whatever ends by itself before that is a failure.
    ///
    /// # Errors
    /// Always: with [`interrupt::Interrupted`] after a stop, else with the name of what ended.
    pub fn watch(&mut self) -> anyhow::Result<()> {
        loop {
            interrupt::check()?;
            for process in &mut self.processes {
                if let Some(ending) = process.ended() {
                    // All may be told to stop at once, for instance when the machine shuts down.
                    interrupt::check()?;
                    bail!("{} has ended by itself ({ending}), so everything else was stopped", process.name());
                }
            }
            std::thread::sleep(LOOK);
        }
    }

    /// Stops everything that runs.
    pub fn stop(&mut self) {
        if std::mem::take(&mut self.is_up) {
            let names: Vec<_> = self.processes.iter().rev().map(Process::name).collect();
            say(&format!("\n  stopping {} (Ctrl-C again does not wait)", names.join(", ")));
        }
        while let Some(mut process) = self.processes.pop() {
            process.stop();
        }
    }
}

impl Drop for System<'_> {
    fn drop(&mut self) {
        self.stop();
    }
}
