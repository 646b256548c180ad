//! `cargo xtask chaos`: the tests of faults, each fault many times, and the test of what only minutes show; then the whole
//! system for ten minutes under random faults. What runs in seconds is a part of `cargo xtask test`.

mod crowd;
mod parts;
mod talk;
mod whole;
mod wire;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::account::Account;
use crate::cargo::{Profile, build_services, cargo};
use crate::command::{Show, observe, show_ends};
use crate::progress::{Paint, Step, is_terminal, say};
use crate::temporary::ThrowAwayServer;

/// What was typed behind `chaos`.
#[derive(clap::Args)]
pub struct Wish {
    /// How often each fault of metrics' own tests happens; 0 leaves them out.
    #[arg(long, default_value_t = 25)]
    times: usize,
    /// How many seconds the whole system is under random faults; 0 leaves that out.
    #[arg(long, default_value_t = 600)]
    seconds: u64,
    /// Chooses the random faults; another one each time, if left out.
    #[arg(long)]
    seed: Option<u64>,
    /// How the services are compiled.
    #[arg(long, default_value = "release")]
    profile: Profile,
    /// Runs what was built before, whatever has changed since.
    #[arg(long)]
    no_build: bool,
}

/// Breaks things, and says whether anything was lost.
///
/// # Errors
/// When what is needed cannot be had, something was lost, or somebody asked for a stop meanwhile.
pub fn chaos(root: &Path, wish: &Wish) -> anyhow::Result<ExitCode> {
    if wish.times > 0 && !faults(root, wish.times)? {
        return Ok(ExitCode::FAILURE);
    }
    if wish.seconds > 0 {
        if !wish.no_build {
            build_services(root, wish.profile)?;
        }
        let chance = SystemTime::now().duration_since(UNIX_EPOCH)?.subsec_nanos();
        let folder = Folder::make()?;
        let seed = wish.seed.unwrap_or(u64::from(chance));
        say(&format!("\n  {}  random faults for {} s, seed {seed}\n", Paint::Bold.on("Pushnami"), wish.seconds));
        whole::run(root, &wish.profile.folder(root), &folder.0, Duration::from_secs(wish.seconds), seed)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Runs the tests of faults.
fn faults(root: &Path, times: usize) -> anyhow::Result<bool> {
    say(&format!("\n  {}  every fault {times} times\n", Paint::Bold.on("Pushnami")));
    // The tests start servers of their own; from this one they learn with which programs and as whom.
    let server = ThrowAwayServer::start()?;
    let mut command = cargo(root, &["test", "--locked", "--package", "pushnami-metrics", "--test", "faults"]);
    // One after another: memory and times are not to be another test's.
    command.args(["--", "--include-ignored", "--test-threads", "1"]);
    command.env("DATABASE_URL", server.url()).env("PUSHNAMI_FAULTS", times.to_string());
    command.env("CARGO_TERM_COLOR", "never").env("RUST_BACKTRACE", "0");
    let step = Step::start("Faults");
    let outcome = observe(&step, &mut command, if is_terminal() { Show::Newest } else { Show::All })?;
    if outcome.success {
        step.done("nothing confirmed was lost, nothing was counted twice");
        return Ok(true);
    }
    step.failed(&outcome.ending);
    show_ends(&outcome.lines);
    Ok(false)
}

/// A folder that whoever runs Postgres can reach; gone when dropped.
struct Folder(PathBuf);

impl Folder {
    fn make() -> anyhow::Result<Self> {
        let account = Account::for_postgres()?;
        let places = [std::env::temp_dir(), "/tmp".into(), "/var/tmp".into()];
        let open = places.iter().find(|place| account.as_ref().is_none_or(|account| account.reaches(place)));
        let folder = open.unwrap_or(&places[0]).join(format!("pushnami-chaos-{}", std::process::id()));
        std::fs::create_dir_all(&folder)?;
        Ok(Self(folder))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
