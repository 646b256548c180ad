//! `cargo xtask chaos`: the tests of faults, each fault many times, and the test of what only minutes show. What runs in
//! seconds is a part of `cargo xtask test`.

use std::path::Path;
use std::process::ExitCode;

use crate::cargo::cargo;
use crate::command::{Show, observe, show_ends};
use crate::progress::{Paint, Step, is_terminal, say};
use crate::temporary::ThrowAwayServer;

/// What was typed behind `chaos`.
#[derive(clap::Args)]
pub struct Wish {
    /// How often each fault happens.
    #[arg(long, default_value_t = 25)]
    times: usize,
}

/// Runs the tests.
///
/// # Errors
/// When what they need cannot be had, or somebody asked for a stop meanwhile.
pub fn chaos(root: &Path, wish: &Wish) -> anyhow::Result<ExitCode> {
    say(&format!("\n  {}  every fault {} times\n", Paint::Bold.on("Pushnami"), wish.times));
    // The tests start servers of their own; from this one they learn with which programs and as whom.
    let server = ThrowAwayServer::start()?;
    let mut command = cargo(root, &["test", "--locked", "--package", "pushnami-metrics", "--test", "faults"]);
    // One after another: memory and times are not to be another test's.
    command.args(["--", "--include-ignored", "--test-threads", "1"]);
    command.env("DATABASE_URL", server.url()).env("PUSHNAMI_FAULTS", wish.times.to_string());
    command.env("CARGO_TERM_COLOR", "never").env("RUST_BACKTRACE", "0");
    let step = Step::start("Faults");
    let outcome = observe(&step, &mut command, if is_terminal() { Show::Newest } else { Show::All })?;
    if outcome.success {
        step.done("nothing confirmed was lost, nothing was counted twice");
        return Ok(ExitCode::SUCCESS);
    }
    step.failed(&outcome.ending);
    show_ends(&outcome.lines);
    Ok(ExitCode::FAILURE)
}
