//! Everything that is measured and everything it is measured against, running: a Postgres of its own with its stock
//! settings, the services on it, the reference server.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use nix::sys::signal::Signal;
use serde_json::json;

use super::curl::Curl;
use super::fill;
use super::kernel;
use super::postgres::Postgres;
use super::reading::{NotBuilt, Reading};
use super::site::{Ground, PASSWORD, Site};
use super::wrk::Load;
use crate::logs::Logs;
use crate::ports;
use crate::process::{Process, Program};
use crate::progress::Step;
use crate::temporary::ThrowAwayServer;
use crate::tools::load::LoadTools;
use crate::tools::nginx;

/// How long and how large.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// How long one load lasts.
    pub time: Duration,
    /// How long a load lasts that shows what lasts.
    pub long: Duration,
    /// How many events the large database holds.
    pub events: u64,
}

/// The whole set-up.
pub struct Stand {
    /// How long and how large.
    pub pace: Pace,
    /// The services on a database that grows while it is measured.
    pub work: Site,
    /// metrics on a database of `pace.events` events, once it is needed.
    large: Option<Site>,
    /// metrics on a database of ten thousand.
    small: Option<Site>,
    reference: Process,
    reference_port: u16,
    /// Postgres itself.
    pub postgres: Postgres,
    /// Single requests.
    pub curl: Curl,
    tools: LoadTools,
    /// nginx's program.
    pub nginx: PathBuf,
    ground: Ground,
    // The last to go: everything else stands on it.
    server: ThrowAwayServer,
}

impl Stand {
    /// Starts all that every measurement needs.
    ///
    /// # Errors
    /// When something does not start.
    pub fn start(root: &Path, binaries: &Path, pace: Pace) -> anyhow::Result<Self> {
        let server = ThrowAwayServer::durable()?;
        let (process, programs) = server.parts()?;
        let tools = LoadTools::provide(programs)?;
        let nginx = nginx::provide()?;
        let folder = server.folder().to_owned();
        let postgres = Postgres {
            url: server.url().to_owned(),
            postmaster: process.id().as_raw(),
            psql: tools.psql.clone(),
            pgbench: tools.pgbench.clone(),
            folder: folder.clone(),
        };
        let ground = Ground {
            root: root.to_owned(),
            binaries: binaries.to_owned(),
            folder: folder.join("work"),
            database_url: postgres.database("work"),
        };
        let (work, curl) = begin(&postgres, &ground, tools.curl.clone())?;
        let reference_port = ports::free()?;
        let reference = start_reference(binaries, &folder, reference_port)?;
        Ok(Self {
            pace,
            work,
            large: None,
            small: None,
            reference,
            reference_port,
            postgres,
            curl,
            tools,
            nginx,
            ground,
            server,
        })
    }

    /// A folder that lives as long as the stand, open to everybody.
    pub fn folder(&self) -> &Path {
        self.server.folder()
    }

    /// The address of a path of the reference server, and its process.
    pub fn reference(&self, path: &str) -> (String, i32) {
        (format!("http://127.0.0.1:{}{path}", self.reference_port), self.reference.id().as_raw())
    }

    /// wrk's program.
    pub fn wrk(&self) -> &Path {
        &self.tools.wrk
    }

    /// metrics on the large database, filled at the first call.
    ///
    /// # Errors
    /// When it cannot be filled.
    pub fn large(&mut self, step: &Step) -> anyhow::Result<&Site> {
        if self.large.is_none() {
            self.large = Some(self.filled(step, "large", self.pace.events)?);
        }
        self.large.as_ref().context("it was just filled")
    }

    /// metrics on the small database, filled at the first call.
    ///
    /// # Errors
    /// When it cannot be filled.
    pub fn small(&mut self, step: &Step) -> anyhow::Result<&Site> {
        if self.small.is_none() {
            self.small = Some(self.filled(step, "small", 10_000)?);
        }
        self.small.as_ref().context("it was just filled")
    }

    fn filled(&self, step: &Step, name: &str, events: u64) -> anyhow::Result<Site> {
        // An attempt that was given up may have left one.
        self.postgres.sql("postgres", &format!("drop database if exists {name} with (force)"))?;
        self.postgres.create(name)?;
        // Once for the schema; filled while nothing runs, so that catching up is a work of its own.
        let mut site = Site::start(step, self.ground(name), &["metrics"])?;
        site.stop_one("metrics");
        fill::events(step, &self.postgres, name, events)?;
        site.start_one(step, "metrics")?;
        match fill::wait_for_counts(step, &self.postgres, name, fill::Counts::Rollups, Duration::from_secs(1800)) {
            // Counts that nobody keeps are counted when they are asked for, which is then what is measured.
            Err(error) if error.is::<NotBuilt>() => {}
            outcome => outcome?,
        }
        Ok(site)
    }

    /// What a site of this name stands on.
    pub fn ground(&self, name: &str) -> Ground {
        let mut ground = self.ground.clone();
        ground.folder = self.folder().join(name);
        ground.database_url = self.postgres.database(name);
        ground
    }

    /// Does something and says how many seconds it took by the clock and on CPUs: those of the named processes and,
    /// where asked for, of all of Postgres. What loads them is left out.
    ///
    /// # Errors
    /// Those of the work.
    pub fn meter<T>(
        &self,
        processes: &[i32],
        with_postgres: bool,
        work: impl FnOnce() -> anyhow::Result<T>,
    ) -> anyhow::Result<(T, Cost)> {
        let used = || -> anyhow::Result<f64> {
            let mut sum: f64 = processes.iter().map(|pid| kernel::cpu_seconds(*pid)).sum::<anyhow::Result<f64>>()?;
            if with_postgres {
                sum += kernel::cpu_seconds_with_children(self.postgres.postmaster)?;
            }
            Ok(sum)
        };
        let (before, began) = (used()?, Instant::now());
        let made = work()?;
        Ok((made, Cost { seconds: began.elapsed().as_secs_f64(), cpu: used()? - before }))
    }

    /// Puts a load on that only reads, after a second of the same to warm up; every answer must be a success.
    ///
    /// # Errors
    /// When an answer is not, or does not come.
    pub fn reading_load(
        &self,
        step: &Step,
        load: &Load<'_>,
        processes: &[i32],
        with_postgres: bool,
    ) -> anyhow::Result<Reading> {
        let warm = Load { address: load.address.clone(), arguments: load.arguments.clone(), ..*load };
        Load { time: Duration::from_secs(1), ..warm }.run(step, self.wrk(), self.folder())?;
        let (flow, cost) = self.meter(processes, with_postgres, || load.run(step, self.wrk(), self.folder()))?;
        if flow.failed + flow.broken > 0.0 {
            bail!("{} of {} answers failed, {} did not come", flow.failed, flow.requests, flow.broken);
        }
        Ok(Reading::of([
            ("rate", flow.requests / flow.seconds),
            ("cpu", flow.requests / cost.cpu),
            ("p50", flow.p50),
            ("p99", flow.p99),
        ]))
    }
}

/// What something cost.
#[derive(Clone, Copy, Debug)]
pub struct Cost {
    /// Seconds by the clock.
    pub seconds: f64,
    /// Seconds on CPUs.
    pub cpu: f64,
}

/// The tables of the raw limits, and the services that most is measured of.
fn begin(postgres: &Postgres, ground: &Ground, curl: PathBuf) -> anyhow::Result<(Site, Curl)> {
    Step::start("raw limits").finish(|step| {
        fill::limits(step, postgres, &ground.root)?;
        Ok(((), "tables of the earlier system and of ours".to_owned()))
    })?;
    Step::start("services").finish(|step| {
        postgres.create("work")?;
        let site = Site::start(step, ground.clone(), &["abtest", "metrics", "landing"])?;
        let curl = log_in(&site, curl)?;
        Ok(((site, curl), "abtest, metrics, landing".to_owned()))
    })
}

fn log_in(site: &Site, program: PathBuf) -> anyhow::Result<Curl> {
    let mut curl = Curl { program, token: String::new() };
    let address = site.address("abtest", "/api/auth/login");
    let answer = curl.json("POST", &address, Some(&json!({ "password": PASSWORD })))?;
    curl.token = answer["token"].as_str().context("abtest gave no token")?.to_owned();
    Ok(curl)
}

fn start_reference(binaries: &Path, folder: &Path, port: u16) -> anyhow::Result<Process> {
    let mut command = Command::new(binaries.join("reference"));
    command.arg(format!("127.0.0.1:{port}"));
    let run = folder.join("reference");
    fs::create_dir_all(&run)?;
    let program = Program { name: "reference", command, account: None, stop_signal: Signal::SIGTERM };
    let process = Process::start(program, &run, &Logs::default())?;
    let deadline = Instant::now() + Duration::from_secs(10);
    while ports::get(([127, 0, 0, 1], port).into(), "/hello").is_err() {
        if Instant::now() > deadline {
            bail!("the reference server does not answer");
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    Ok(process)
}
