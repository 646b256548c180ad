//! The whole system under load, while one part after another is killed, stopped, frozen or cut off; then the reckoning: every
//! page came, everything confirmed is there once, no visitor was moved, all is well again, and the counts equal a recount.

use std::collections::{BTreeMap, HashSet};
use std::path::Path;
use std::process::Command;
use std::sync::PoisonError;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use nix::sys::signal::Signal;

use crate::interrupt;
use crate::logs::Logs;
use crate::progress::{Paint, Step, human, say};

use super::crowd::{Crowd, Promises};
use super::parts::{PASSWORD, Parts};
use super::talk::{Call, ask};

/// The experiment of a first start, which drives the page.
const EXPERIMENT: &str = "01980000-0000-7000-8000-000000000001";

/// A fault, and which copy or wire it strikes.
#[derive(Clone, Copy)]
enum Fault {
    Kill(usize),
    Stop(usize),
    Freeze(usize),
    CrashPostgres,
    Cut(usize),
    Silence(usize),
}

/// Numbers that look random and are the same for one seed (xorshift).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap_or_default() % sides
    }

    fn between(&mut self, least: u64, most: u64) -> Duration {
        Duration::from_millis(least + self.roll(usize::try_from(most - least).unwrap_or(1)) as u64)
    }

    fn fault(&mut self, parts: &Parts) -> Fault {
        match self.roll(11) {
            0..=2 => Fault::Kill(self.roll(parts.copies.len())),
            3 | 4 => Fault::Stop(self.roll(parts.copies.len())),
            5 => Fault::Freeze(self.roll(parts.copies.len())),
            6 => Fault::CrashPostgres,
            7 | 8 => Fault::Cut(self.roll(parts.wires.len())),
            _ => Fault::Silence(self.roll(parts.wires.len())),
        }
    }
}

impl Fault {
    fn name(self, parts: &Parts) -> String {
        match self {
            Self::Kill(copy) => format!("{} killed", parts.copies[copy].service),
            Self::Stop(copy) => format!("{} stopped in order", parts.copies[copy].service),
            Self::Freeze(copy) => format!("{} frozen", parts.copies[copy].service),
            Self::CrashPostgres => "Postgres crashed".to_owned(),
            Self::Cut(wire) => format!("{} cut", parts.wires[wire].0),
            Self::Silence(wire) => format!("{} silent", parts.wires[wire].0),
        }
    }

    fn strike(self, parts: &mut Parts) {
        match self {
            Self::Kill(copy) => parts.end_copy(copy, Signal::SIGKILL),
            Self::Stop(copy) => parts.end_copy(copy, Signal::SIGTERM),
            Self::Freeze(copy) => parts.signal_copy(copy, Signal::SIGSTOP),
            Self::CrashPostgres => parts.crash_postgres(),
            Self::Cut(wire) => parts.wires[wire].1.cut(),
            Self::Silence(wire) => parts.wires[wire].1.silence(),
        }
    }

    fn mend(self, parts: &mut Parts) -> anyhow::Result<()> {
        match self {
            Self::Kill(copy) | Self::Stop(copy) => parts.run_copy(copy)?,
            Self::Freeze(copy) => parts.signal_copy(copy, Signal::SIGCONT),
            Self::CrashPostgres => parts.run_postgres()?,
            Self::Cut(wire) | Self::Silence(wire) => parts.wires[wire].1.mend(),
        }
        Ok(())
    }
}

/// Breaks things for so long, and reckons.
///
/// # Errors
/// When something was lost, doubled, moved or refused that must not be, with the first of it in words.
pub fn run(root: &Path, binaries: &Path, folder: &Path, time: Duration, seed: u64) -> anyhow::Result<()> {
    let log = root.join(".pushnami/chaos.log");
    std::fs::create_dir_all(root.join(".pushnami"))?;
    let logs =
        Logs::to_file(std::fs::File::create(&log).with_context(|| format!("{} cannot be written", log.display()))?);
    let mut parts = Parts::start(root, binaries, folder, logs)?;
    let crowd = Crowd::come(&parts.addresses("landing"), &parts.addresses("metrics"));
    let step = Step::start("Chaos");
    let outcome = break_things(&step, &mut parts, crowd.promises(), time, seed);
    let (faults, slowest) = outcome?;
    let promises = crowd.leave();
    parts.recover()?;
    let count: usize = faults.values().sum();
    step.done(&format!("{count} faults in {}; all was well again within {}", human(time), human(slowest)));
    for (name, times) in &faults {
        say(&format!("    {times:>4} × {name}"));
    }
    reckon(&parts, &promises, &binaries.join("metrics"))
        .with_context(|| format!("the seed was {seed}; the services' words are in {}", log.display()))
}

fn break_things(
    step: &Step,
    parts: &mut Parts,
    promises: &Promises,
    time: Duration,
    seed: u64,
) -> anyhow::Result<(BTreeMap<String, usize>, Duration)> {
    let (mut dice, mut faults, mut slowest) = (Dice(seed | 1), BTreeMap::<String, usize>::new(), Duration::ZERO);
    let began = Instant::now();
    while began.elapsed() < time {
        interrupt::check()?;
        std::thread::sleep(dice.between(200, 2500));
        let fault = dice.fault(parts);
        let name = fault.name(parts);
        fault.strike(parts);
        std::thread::sleep(dice.between(100, 3500));
        fault.mend(parts)?;
        slowest = slowest.max(parts.recover().with_context(|| format!("after this fault: {name}"))?);
        *faults.entry(name).or_default() += 1;
        step.detail(&format!(
            "{} faults, {} pages, {} events confirmed",
            faults.values().sum::<usize>(),
            promises.pages.load(Ordering::Relaxed),
            promises.confirmed.lock().unwrap_or_else(PoisonError::into_inner).len()
        ));
    }
    Ok((faults, slowest))
}

fn reckon(parts: &Parts, promises: &Promises, metrics: &Path) -> anyhow::Result<()> {
    let step = Step::start("Reckoning");
    let confirmed = promises.confirmed.lock().unwrap_or_else(PoisonError::into_inner);
    let seen = promises.seen.lock().unwrap_or_else(PoisonError::into_inner);
    let mut broken = promises.broken.lock().unwrap_or_else(PoisonError::into_inner).clone();

    let stored = stored_ids(parts)?;
    let distinct: HashSet<&str> = stored.iter().map(String::as_str).collect();
    let missing = confirmed.iter().filter(|id| !distinct.contains(id.as_str())).count();
    let double = stored.len() - distinct.len();
    broken.extend((missing > 0).then(|| format!("{missing} confirmed events are missing")));
    broken.extend((double > 0).then(|| format!("{double} events are there twice")));

    let moved = seen.iter().filter(|(visitor, variants)| !keeps(parts, visitor, variants)).count();
    broken.extend((moved > 0).then(|| format!("{moved} visitors saw another variant than theirs")));

    let recount = Command::new(metrics).arg("--verify").env("DATABASE_URL", parts.database_url()?).output()?;
    broken.extend((!recount.status.success()).then(|| String::from_utf8_lossy(&recount.stdout).into_owned()));

    if let Some(first) = broken.first() {
        step.failed(first);
        bail!(
            "{} things happened that must not: {}",
            broken.len(),
            broken.iter().take(5).cloned().collect::<Vec<_>>().join("; ")
        );
    }
    step.done(&format!(
        "{} pages, all 200; {} confirmed events, none missing, none of {} double; {} visitors, none moved; {} sent again",
        promises.pages.load(Ordering::Relaxed),
        confirmed.len(),
        stored.len(),
        seen.len(),
        promises.refusals.load(Ordering::Relaxed)
    ));
    say(&format!("    {}", Paint::Dim.on(String::from_utf8_lossy(&recount.stdout).trim())));
    Ok(())
}

/// Whether a visitor saw one variant only, and abtest says the same.
fn keeps(parts: &Parts, visitor: &str, variants: &HashSet<String>) -> bool {
    let path = format!("/api/assign?visitor_id={visitor}&experiment_id={EXPERIMENT}");
    let call = Call { method: "GET", path: &path, cookies: String::new(), body: String::new() };
    let answer = ask(parts.addresses("abtest")[0], &call).ok().filter(|reply| reply.status == 200);
    let assigned = answer.and_then(|reply| serde_json::from_str::<serde_json::Value>(&reply.body).ok());
    let assigned = assigned.and_then(|assignment| assignment["variant"].as_str().map(str::to_owned));
    variants.len() == 1 && assigned.is_some_and(|variant| variants.contains(&variant))
}

/// The ids of all events, as the log's export tells them to the admin.
fn stored_ids(parts: &Parts) -> anyhow::Result<Vec<String>> {
    let body = format!(r#"{{"password":"{PASSWORD}"}}"#);
    let login = Call { method: "POST", path: "/api/auth/login", cookies: String::new(), body };
    let session = ask(parts.addresses("abtest")[0], &login)?;
    let cookies = session.cookies().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
    let export = Call { method: "GET", path: "/api/events/export?format=ndjson", cookies, body: String::new() };
    let file = ask(parts.addresses("metrics")[0], &export)?;
    anyhow::ensure!(file.status == 200, "the export got {}: {}", file.status, file.body);
    let id = |line: &str| serde_json::from_str::<serde_json::Value>(line).ok()?["id"].as_str().map(str::to_owned);
    file.body.lines().map(|line| id(line).context("a line of the export is no event")).collect()
}
