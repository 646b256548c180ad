//! The whole system as parts that can be broken one by one: two copies of each service, Postgres, and wires between them.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use nix::sys::signal::{Signal, kill, killpg};

use crate::cluster::{Cluster, Durability, Server};
use crate::logs::Logs;
use crate::process::Process;
use crate::progress::Step;
use crate::services::{self, Surroundings};
use crate::settings::Settings;
use crate::tools::postgres::Binaries;
use crate::{interrupt, ports};

use super::wire::Wire;

/// How long everything may take to be well again after a fault.
const RECOVERY: Duration = Duration::from_secs(90);

/// Who may call as the admin while the faults happen.
pub const PASSWORD: &str = "known to the chaos only";

/// One copy of a service.
pub struct Copy {
    /// Its service.
    pub service: &'static str,
    /// Where it listens.
    pub address: SocketAddr,
    settings: Settings,
    run: PathBuf,
    process: Option<Process>,
}

/// Everything.
pub struct Parts {
    root: PathBuf,
    binaries: PathBuf,
    folder: PathBuf,
    logs: Logs,
    cluster: Cluster,
    postgres: (Binaries, u16, Option<Server>),
    /// The copies; those of one service stand side by side.
    pub copies: Vec<Copy>,
    /// The wires: from abtest and from metrics to Postgres, from landing to abtest and to metrics.
    pub wires: Vec<(&'static str, Wire)>,
}

impl Parts {
    /// Starts everything in this folder and waits until it is well.
    ///
    /// # Errors
    /// When a part does not start.
    pub fn start(root: &Path, binaries: &Path, folder: &Path, logs: Logs) -> anyhow::Result<Self> {
        let cluster = Cluster::in_folder(folder, Durability::Lasting)?;
        let port = ports::free()?;
        let (programs, server) = Step::start("Postgres").finish(|step| {
            let programs = Binaries::provide(step, &folder.join("cache"), cluster.account(), None)?;
            cluster.prepare(step, &programs)?;
            let server = cluster.start(step, &programs, port, folder)?;
            let shown = format!("{} on port {port}", programs.version);
            Ok(((programs, server), shown))
        })?;
        let local = |port| SocketAddr::from(([127, 0, 0, 1], port));
        let mut free = Vec::new();
        while free.len() < 6 {
            let port = ports::free()?;
            if !free.contains(&port) {
                free.push(port);
            }
        }
        let at = |first: usize| vec![local(free[first]), local(free[first + 1])];
        let wires = vec![
            ("abtest to Postgres", Wire::to(vec![local(port)])?),
            ("metrics to Postgres", Wire::to(vec![local(port)])?),
            ("landing to abtest", Wire::to(at(0))?),
            ("landing to metrics", Wire::to(at(2))?),
        ];
        let mut copies = Vec::new();
        for (place, port) in free.iter().enumerate() {
            let service = services::NAMES[place / 2];
            copies.push(Copy::prepare(
                root,
                folder,
                (service, place % 2),
                *port,
                [wires[2].1.port(), wires[3].1.port()],
            )?);
        }
        let mut parts = Self {
            root: root.to_owned(),
            binaries: binaries.to_owned(),
            folder: folder.to_owned(),
            logs,
            cluster,
            postgres: (programs, port, Some(server)),
            copies,
            wires,
        };
        for place in 0..parts.copies.len() {
            parts.run_copy(place)?;
            // landing comes last, when there is somebody to be asked.
            if place % 2 == 1 {
                parts.wait_until_well(|copy| copy.process.is_some())?;
            }
        }
        Ok(parts)
    }

    /// Where the copies of a service listen.
    pub fn addresses(&self, service: &str) -> Vec<SocketAddr> {
        self.copies.iter().filter(|copy| copy.service == service).map(|copy| copy.address).collect()
    }

    /// How the database is reached, without a wire.
    ///
    /// # Errors
    /// When its password cannot be read.
    pub fn database_url(&self) -> anyhow::Result<String> {
        self.cluster.url(self.postgres.1)
    }

    /// Starts a copy that does not run.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn run_copy(&mut self, place: usize) -> anyhow::Result<()> {
        let wire = if self.copies[place].service == "abtest" { 0 } else { 1 };
        let database_url = self.cluster.url(self.wires[wire].1.port())?;
        let copy = &mut self.copies[place];
        let around =
            Surroundings { root: &self.root, binaries: &self.binaries, folder: &copy.run, database_url: &database_url };
        copy.process = Some(services::start(copy.service, &around, &copy.settings, &copy.run, &self.logs)?);
        Ok(())
    }

    /// Ends a copy: with SIGKILL as a crash does, or in order.
    pub fn end_copy(&mut self, place: usize, signal: Signal) {
        if let Some(mut process) = self.copies[place].process.take() {
            let _ = kill(process.id(), signal);
            process.stop();
        }
    }

    /// Stops a copy where it stands, or lets it go on.
    pub fn signal_copy(&self, place: usize, signal: Signal) {
        if let Some(process) = &self.copies[place].process {
            let _ = killpg(process.id(), signal);
        }
    }

    /// Ends Postgres as a power cut would, as far as it can tell.
    pub fn crash_postgres(&mut self) {
        if let Some(mut server) = self.postgres.2.take() {
            let _ = kill(server.process.id(), Signal::SIGQUIT);
            server.process.stop();
        }
    }

    /// Starts Postgres again.
    ///
    /// # Errors
    /// When it does not come back.
    pub fn run_postgres(&mut self) -> anyhow::Result<()> {
        let (binaries, port, server) = &mut self.postgres;
        let mut step = Step::start("Postgres");
        step.silence();
        *server = Some(self.cluster.start(&step, binaries, *port, &self.folder)?);
        Ok(())
    }

    /// Waits until every copy says that it is well, and answers how long that took.
    ///
    /// # Errors
    /// When one ends by itself, or does not recover.
    pub fn recover(&mut self) -> anyhow::Result<Duration> {
        let began = Instant::now();
        self.wait_until_well(|_| true)?;
        Ok(began.elapsed())
    }

    fn wait_until_well(&mut self, asked: impl Fn(&Copy) -> bool) -> anyhow::Result<()> {
        let deadline = Instant::now() + RECOVERY;
        for copy in self.copies.iter_mut().filter(|copy| asked(copy)) {
            let process = copy.process.as_mut().context("a part that was to run does not")?;
            loop {
                interrupt::check()?;
                let answer = ports::get(copy.address, "/health");
                if matches!(answer, Ok((200, _))) {
                    break;
                }
                if let Some(ending) = process.ended() {
                    bail!("{} has ended by itself ({ending})", copy.service);
                }
                if Instant::now() > deadline {
                    bail!("{} is not well {} s after a fault: {answer:?}", copy.service, RECOVERY.as_secs());
                }
                std::thread::sleep(Duration::from_millis(20));
            }
        }
        Ok(())
    }
}

impl Copy {
    fn prepare(
        root: &Path,
        folder: &Path,
        (service, number): (&'static str, usize),
        port: u16,
        [abtest, metrics]: [u16; 2],
    ) -> anyhow::Result<Self> {
        let run = folder.join(format!("{service}-{number}"));
        std::fs::create_dir_all(&run)?;
        let own = format!("{}_PORT", service.to_uppercase());
        let mut ports: BTreeMap<String, String> = BTreeMap::new();
        for name in ["LANDING_PORT", "ADMIN_PORT", "POSTGRES_PORT"] {
            ports.insert(name.to_owned(), crate::ports::free()?.to_string());
        }
        ports.insert("ABTEST_PORT".to_owned(), abtest.to_string());
        ports.insert("METRICS_PORT".to_owned(), metrics.to_string());
        ports.insert(own, port.to_string());
        let given = [
            ("ADMIN_AUTH", "on"),
            ("ADMIN_PASSWORD", PASSWORD),
            ("BIND_ADDR", "127.0.0.1"),
            ("RUST_LOG", "info"),
            // One library for all copies, as a shared volume is.
            ("MUSIC_DIR", &folder.join("music").display().to_string()),
            ("PUSHNAMI_DATA", &run.display().to_string()),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
        let settings = Settings::read(ports.into_iter().chain(given).collect(), root)?;
        Ok(Self { service, address: SocketAddr::from(([127, 0, 0, 1], port)), settings, run, process: None })
    }
}
