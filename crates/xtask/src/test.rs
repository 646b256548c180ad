//! `cargo xtask test`: installs what the tests need, starts a Postgres for them, and runs everything. A failed check
//! does not hide the ones that can run without it; the last line counts the tests of all runners together.

mod counts;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use crate::cargo::{Profile, cargo};
use crate::command::{Show, observe, show_ends};
use crate::frontend::{self, Package};
use crate::progress::{Paint, Step, human, is_terminal, say};
use crate::temporary::ThrowAwayServer;
use crate::tools::{chromium, nginx, node::Node, openfeature, schemathesis};

use counts::Counts;

/// A kind of checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Kind {
    /// Formats, lints, documentation, types.
    Lint,
    /// Tests of the Rust code.
    Rust,
    /// Unit tests of the front ends.
    Web,
    /// The whole system: `up` itself, and a visitor in Chromium.
    Browser,
}

/// Columns of a check's name.
const NAME_WIDTH: usize = 30;

/// Runs the checks.
///
/// # Errors
/// When what they need cannot be had, or somebody asked for a stop meanwhile.
pub fn test(root: &Path, only: Option<Kind>) -> anyhow::Result<ExitCode> {
    let wants = |kind| only.is_none_or(|only| only == kind);
    say(&format!("\n  {}  what the tests need\n", Paint::Bold.on("Pushnami")));
    let node = Node::provide(&root.join(".pushnami/cache"))?;
    let browser = wants(Kind::Browser).then(|| Browser::provide(&root.join(".pushnami/cache"))).transpose()?;
    let database = (wants(Kind::Rust) || browser.is_some()).then(ThrowAwayServer::start).transpose()?;
    let packages = [Package::landing_client(root), Package::admin(root), Package::browser_tests(root)];
    install(root, &node, &packages)?;
    say(&format!("\n  {}\n", Paint::Bold.on("Checks")));
    let mut report = Report::default();
    // First, because the Rust code holds the built script of the page inside it.
    report.build_front_ends(root, &node, &packages[..2])?;
    let url = database.as_ref().map_or("", ThrowAwayServer::url);
    if wants(Kind::Lint) {
        lint(&mut report, root, &node, &packages)?;
    }
    if wants(Kind::Web) {
        for package in &packages[..2] {
            report.run(&format!("{}: unit tests", package.name), node.npm(package.folder(), &["test"]))?;
        }
    }
    if wants(Kind::Rust) {
        let mut command = cargo(root, &["test", "--locked", "--workspace", "--no-fail-fast"]);
        report.run("Rust tests", only_database(&mut command, url))?;
    }
    if let Some(browser) = &browser {
        whole_system(&mut report, root, &node, &packages[2], browser, url)?;
    }
    Ok(report.close())
}

fn lint(report: &mut Report, root: &Path, node: &Node, packages: &[Package]) -> anyhow::Result<()> {
    report.run("Rust format", cargo(root, &["fmt", "--all", "--check"]))?;
    let clippy = ["clippy", "--locked", "--workspace", "--all-targets", "--", "--deny", "warnings"];
    report.run("Rust lints", cargo(root, &clippy))?;
    let mut documentation = cargo(root, &["doc", "--locked", "--workspace", "--no-deps"]);
    documentation.env("RUSTDOCFLAGS", "--deny warnings");
    report.run("Rust documentation", documentation)?;
    let mut licences = Command::new(std::env::current_exe()?);
    licences.arg("licences");
    report.run("Licences", licences)?;
    for package in packages {
        report.run(&format!("{}: lints", package.name), node.npm(package.folder(), &["run", "lint"]))?;
        report.run(&format!("{}: types", package.name), node.npm(package.folder(), &["run", "check"]))?;
    }
    Ok(())
}

/// What stands at the end of all: the services as processes, `up` around them, and a visitor in front.
fn whole_system(
    report: &mut Report,
    root: &Path,
    node: &Node,
    tests: &Package,
    browser: &Browser,
    url: &str,
) -> anyhow::Result<()> {
    // Testing the whole workspace has built the programs too. Asked for alone, they would be built once more, together
    // with whatever they depend on, without what only tests need of it.
    let built = report.run("Services", cargo(root, &["test", "--locked", "--workspace", "--no-run"]))?;
    if !built {
        report.skip("cargo xtask up");
        report.skip("Browser tests");
        return Ok(());
    }
    let mut up = cargo(root, &["test", "--locked", "--workspace", "--test", "up", "--", "--ignored"]);
    // It starts a Postgres of its own.
    report.run("cargo xtask up", only_database(&mut up, ""))?;
    let mut command = node.npm(tests.folder(), &["test"]);
    command.env("PUSHNAMI_BIN_DIR", Profile::Dev.folder(root));
    command.env("CHROMIUM", &browser.chromium).env("NGINX", &browser.nginx);
    command.env("OPENFEATURE_PYTHONPATH", &browser.openfeature);
    command.env("SCHEMATHESIS_PYTHONPATH", &browser.schemathesis);
    report.run("Browser tests", only_database(&mut command, url))?;
    Ok(())
}

/// The same command, which knows of no other database than this.
fn only_database(command: &mut Command, url: &str) -> Command {
    command.env("DATABASE_URL", url);
    std::mem::replace(command, Command::new("true"))
}

fn install(root: &Path, node: &Node, packages: &[Package]) -> anyhow::Result<()> {
    for package in packages {
        Step::start(package.name).finish(|step| {
            let _turn = frontend::take_turn(step, root)?;
            let new = package.install(step, node)?;
            Ok(((), if new { "dependencies installed" } else { "dependencies are there" }.to_owned()))
        })?;
    }
    Ok(())
}

/// The programs of the browser tests.
struct Browser {
    chromium: PathBuf,
    nginx: PathBuf,
    /// Where Python finds OpenFeature.
    openfeature: PathBuf,
    /// Where Python finds Schemathesis.
    schemathesis: PathBuf,
}

impl Browser {
    fn provide(cache: &Path) -> anyhow::Result<Self> {
        let openfeature = openfeature::provide(cache)?;
        let schemathesis = schemathesis::provide(cache)?;
        Ok(Self { chromium: chromium::provide()?, nginx: nginx::provide()?, openfeature, schemathesis })
    }
}

/// What became of every check.
#[derive(Default)]
struct Report {
    checks: Vec<Check>,
}

struct Check {
    name: String,
    time: Duration,
    ending: Ending,
    counts: Counts,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Ending {
    Passed,
    Failed,
    Skipped,
}

impl Report {
    /// Runs one check; `false` when it failed.
    fn run(&mut self, name: &str, mut command: Command) -> anyhow::Result<bool> {
        // No colours: the runners' closing lines are read.
        command.env("NO_COLOR", "1").env("FORCE_COLOR", "0").env("CARGO_TERM_COLOR", "never");
        let show = if is_terminal() { Show::Newest } else { Show::All };
        let step = Step::start(&format!("{name:<NAME_WIDTH$}"));
        let outcome = observe(&step, &mut command, show)?;
        let counts = counts::of(&outcome.lines);
        let time = step.elapsed();
        let ending = if outcome.success { Ending::Passed } else { Ending::Failed };
        if outcome.success {
            step.done(&counts.in_words());
        } else {
            step.failed(&format!("failed ({})", outcome.ending));
            if show == Show::Newest {
                show_ends(&outcome.lines);
            }
        }
        self.checks.push(Check { name: name.to_owned(), time, ending, counts });
        Ok(outcome.success)
    }

    fn build_front_ends(&mut self, root: &Path, node: &Node, packages: &[Package]) -> anyhow::Result<()> {
        for package in packages {
            let began = Instant::now();
            let name = format!("{}: build", package.name);
            let built = Step::start(&format!("{name:<NAME_WIDTH$}")).finish(|step| {
                let _turn = frontend::take_turn(step, root)?;
                Ok(((), if package.build(step, node)? { "built" } else { "nothing changed" }.to_owned()))
            });
            let ending = match built {
                Ok(()) => Ending::Passed,
                Err(error) => {
                    crate::interrupt::check()?;
                    crate::report_failure(&error);
                    Ending::Failed
                }
            };
            self.checks.push(Check { name, time: began.elapsed(), ending, counts: Counts::default() });
        }
        Ok(())
    }

    fn skip(&mut self, name: &str) {
        let check =
            Check { name: name.to_owned(), time: Duration::ZERO, ending: Ending::Skipped, counts: Counts::default() };
        self.checks.push(check);
    }

    /// Writes the table and the closing line.
    fn close(&self) -> ExitCode {
        say(&format!("\n  {}\n", Paint::Bold.on("Summary")));
        let mut total = Counts::default();
        for check in &self.checks {
            let mark = match check.ending {
                Ending::Passed => Paint::Green.on("✓"),
                Ending::Failed => Paint::Red.on("✗"),
                Ending::Skipped => Paint::Yellow.on("–"),
            };
            let words = if check.ending == Ending::Skipped { "not run".to_owned() } else { check.counts.in_words() };
            say(&format!("  {mark} {:<NAME_WIDTH$}  {:>12}  {words}", check.name, human(check.time)));
            total.add(check.counts);
            // A check that failed without a failed test (a lint, a build) counts as one.
            if check.ending != Ending::Passed && check.counts.failed == 0 {
                total.failed += 1;
            }
        }
        let failed: Vec<_> = self
            .checks
            .iter()
            .filter(|check| check.ending == Ending::Failed)
            .map(|check| check.name.as_str())
            .collect();
        say("");
        if !failed.is_empty() {
            say(&format!("  {} failed: {}\n", Paint::Red.on("✗"), failed.join(", ")));
        }
        say(&format!("{} passed, {} failed", total.passed, total.failed));
        if failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}
