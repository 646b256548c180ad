//! The three services as processes: what each is told, and when it is well.

use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::bail;
use nix::sys::signal::Signal;

use crate::interrupt;
use crate::logs::Logs;
use crate::ports;
use crate::process::{Process, Program};
use crate::progress::Step;
use crate::settings::Settings;

/// Their binaries.
pub const NAMES: [&str; 3] = ["abtest", "metrics", "landing"];

/// How long a service may take until it is well.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a service needs besides its settings.
pub struct Surroundings<'a> {
    /// The project's root, which is where the services run.
    pub root: &'a Path,
    /// Where the binaries are.
    pub binaries: &'a Path,
    /// The folder that lasts.
    pub folder: &'a Path,
    /// Where Postgres is.
    pub database_url: &'a str,
}

/// Starts one service.
///
/// # Errors
/// When it cannot be started.
pub fn start(
    name: &str,
    around: &Surroundings<'_>,
    settings: &Settings,
    run: &Path,
    logs: &Logs,
) -> anyhow::Result<Process> {
    let mut command = Command::new(around.binaries.join(name));
    command.current_dir(around.root).envs(settings.variables());
    command.env("DATABASE_URL", around.database_url);
    // The neighbours are those that were started here, whatever the addresses of another setup are.
    for (variable, port) in addresses(settings) {
        command.env(variable, format!("http://{}", settings.local(port)));
    }
    // What a container listens on says nothing about this machine.
    command.env("LISTEN_ADDR", settings.bind_addr.to_string());
    command.env("PUSHNAMI_DATA", around.folder);
    if settings.get("MUSIC_DIR").is_none() {
        command.env("MUSIC_DIR", around.folder.join("music"));
    }
    Process::start(Program { name, command, account: None, stop_signal: Signal::SIGTERM }, run, logs)
}

fn addresses(settings: &Settings) -> [(&'static str, u16); 3] {
    [
        ("ABTEST_URL", settings.abtest_port),
        ("METRICS_URL", settings.metrics_port),
        ("LANDING_URL", settings.landing_port),
    ]
}

/// Waits until `path` is answered with 200.
///
/// # Errors
/// When the process ends, takes too long, or somebody asked for a stop meanwhile.
pub fn wait_until_well(step: &Step, process: &mut Process, address: SocketAddr, path: &str) -> anyhow::Result<()> {
    let deadline = Instant::now() + PATIENCE;
    step.detail(&format!("waiting for http://{address}{path}"));
    loop {
        interrupt::check()?;
        let answer = ports::get(address, path);
        if matches!(answer, Ok((200, _))) {
            return Ok(());
        }
        if let Some(ending) = process.ended() {
            bail!("{} ended while starting ({ending}); its own words are above", process.name());
        }
        if Instant::now() > deadline {
            let last =
                answer.map_or_else(|error| error.to_string(), |(status, body)| format!("{status} {}", body.trim()));
            bail!("{} is not well after {} s: {last}", process.name(), PATIENCE.as_secs());
        }
        std::thread::sleep(Duration::from_millis(25));
    }
}
