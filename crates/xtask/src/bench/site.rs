//! The services on one database, as `up` starts them, on ports of their own.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::logs::Logs;
use crate::ports;
use crate::process::Process;
use crate::progress::Step;
use crate::services::{self, Surroundings};
use crate::settings::Settings;

/// The password of the measured system.
pub const PASSWORD: &str = "measured";

/// Where services come from and what they stand on.
#[derive(Clone)]
pub struct Ground {
    /// The project.
    pub root: PathBuf,
    /// The services' programs.
    pub binaries: PathBuf,
    /// A folder of the site's own.
    pub folder: PathBuf,
    /// The database.
    pub database_url: String,
}

/// Some of the services, running.
pub struct Site {
    ground: Ground,
    settings: Settings,
    logs: Logs,
    processes: BTreeMap<&'static str, Process>,
}

impl Site {
    /// Starts services and waits until they are well, landing last.
    ///
    /// # Errors
    /// When one does not become well.
    pub fn start(step: &Step, ground: Ground, names: &[&'static str]) -> anyhow::Result<Self> {
        let mut site = Self::prepare(ground)?;
        for name in names {
            site.start_one(step, name)?;
        }
        Ok(site)
    }

    /// A site where nothing runs yet.
    ///
    /// # Errors
    /// When its folder cannot be made or no port is free.
    pub fn prepare(ground: Ground) -> anyhow::Result<Self> {
        fs::create_dir_all(&ground.folder).with_context(|| format!("{} cannot be made", ground.folder.display()))?;
        let logs = Logs::to_file(File::create(ground.folder.join("services.log"))?);
        let settings = settings(&ground.root)?;
        Ok(Self { ground, settings, logs, processes: BTreeMap::new() })
    }

    /// Starts one service and waits until it is well.
    ///
    /// # Errors
    /// When it does not become well.
    pub fn start_one(&mut self, step: &Step, name: &'static str) -> anyhow::Result<()> {
        let Ground { root, binaries, folder, database_url } = &self.ground;
        let around = Surroundings { root, binaries, folder, database_url };
        let mut process = services::start(name, &around, &self.settings, folder, &self.logs)?;
        let address = self.settings.local(self.port(name));
        services::wait_until_well(step, &mut process, address, "/health")
            .with_context(|| format!("what it said is in {}", folder.join("services.log").display()))?;
        self.processes.insert(name, process);
        Ok(())
    }

    /// Stops one of them.
    pub fn stop_one(&mut self, name: &str) {
        self.processes.remove(name);
    }

    /// The number of a service's process.
    ///
    /// # Errors
    /// When it does not run here.
    pub fn pid(&self, name: &str) -> anyhow::Result<i32> {
        let process = self.processes.get(name).with_context(|| format!("{name} does not run"))?;
        Ok(process.id().as_raw())
    }

    /// The numbers of all its processes.
    pub fn pids(&self) -> Vec<i32> {
        self.processes.values().map(|process| process.id().as_raw()).collect()
    }

    /// The port of a service.
    pub fn port(&self, name: &str) -> u16 {
        match name {
            "abtest" => self.settings.abtest_port,
            "metrics" => self.settings.metrics_port,
            _ => self.settings.landing_port,
        }
    }

    /// The address of a service's path.
    pub fn address(&self, name: &str, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port(name))
    }

    /// A path's answer.
    ///
    /// # Errors
    /// When nobody answers.
    pub fn get(&self, name: &str, path: &str) -> anyhow::Result<(u16, String)> {
        ports::get(self.settings.local(self.port(name)), path)
    }

    /// A number that a service counts itself.
    ///
    /// # Errors
    /// When the service does not count it.
    pub fn counter(&self, name: &str, series: &str) -> anyhow::Result<f64> {
        let (_, text) = self.get(name, "/metrics")?;
        let line = text.lines().find_map(|line| line.strip_prefix(series));
        line.and_then(|rest| rest.trim().parse().ok()).with_context(|| format!("{name} does not count {series}"))
    }

    /// The command that starts a service here, for measuring the start itself.
    ///
    /// # Errors
    /// When no port is free.
    pub fn sibling(&self, name: &str) -> anyhow::Result<(std::process::Command, u16)> {
        let port = ports::free()?;
        let mut command = std::process::Command::new(self.ground.binaries.join(name));
        command.current_dir(&self.ground.root).envs(self.settings.variables());
        command.env("DATABASE_URL", &self.ground.database_url).env("LISTEN_ADDR", "127.0.0.1");
        command.env("PUSHNAMI_DATA", &self.ground.folder).env("MUSIC_DIR", self.ground.folder.join("music"));
        for other in services::NAMES {
            command.env(format!("{}_URL", other.to_uppercase()), self.address(other, ""));
        }
        command.env(format!("{}_PORT", name.to_uppercase()), port.to_string());
        Ok((command, port))
    }
}

/// What `.env` says, with ports that are free and nothing of the caller's own setup.
fn settings(root: &Path) -> anyhow::Result<Settings> {
    let mut variables = BTreeMap::from([
        ("ADMIN_PASSWORD".to_owned(), PASSWORD.to_owned()),
        ("BIND_ADDR".to_owned(), "127.0.0.1".to_owned()),
        ("RUST_LOG".to_owned(), "info,sqlx=warn".to_owned()),
    ]);
    for name in ["LANDING_PORT", "ADMIN_PORT", "METRICS_PORT", "ABTEST_PORT", "POSTGRES_PORT"] {
        variables.insert(name.to_owned(), ports::free()?.to_string());
    }
    Settings::read(variables, root)
}
