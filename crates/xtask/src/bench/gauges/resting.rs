//! What the services take while nobody asks for anything, how quickly they are there, and what they hold under load.

use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};

use super::ingest;
use crate::bench::kernel;
use crate::bench::reading::{Reading, median};
use crate::bench::stand::Stand;
use crate::bench::wrk::Load;
use crate::ports;
use crate::progress::Step;
use crate::services::NAMES;

/// How often a start is measured.
const STARTS: usize = 5;

/// Memory, and CPU in percent of one core, of each service; the largest and the sum.
pub fn idle(stand: &mut Stand, step: &Step) -> anyhow::Result<Reading> {
    let pids = stand.work.pids();
    let used = || pids.iter().map(|pid| kernel::fine_cpu_seconds(*pid)).collect::<anyhow::Result<Vec<f64>>>();
    // What a start leaves to be done is done by then.
    std::thread::sleep(Duration::from_secs(2));
    let (before, began) = (used()?, Instant::now());
    step.detail("nobody asks for anything");
    while began.elapsed() < stand.pace.long {
        crate::interrupt::check()?;
        std::thread::sleep(Duration::from_millis(100));
    }
    let seconds = began.elapsed().as_secs_f64();
    let percents = used()?.into_iter().zip(before).map(|(after, before)| (after - before) / seconds * 100.0);
    let held = pids.iter().map(|pid| Ok(kernel::memory(*pid)?.now)).collect::<anyhow::Result<Vec<f64>>>()?;
    Ok(Reading::of([
        ("mb", held.iter().copied().fold(0.0, f64::max)),
        ("mb together", held.iter().sum()),
        ("cpu percent", percents.fold(0.0, f64::max)),
    ]))
}

/// From the start of the process to the first answer that has asked the database; the slowest service's median.
pub fn cold_start(stand: &mut Stand, step: &Step) -> anyhow::Result<Reading> {
    let mut reading = Reading::default();
    let mut slowest: f64 = 0.0;
    for name in NAMES {
        step.detail(name);
        let times = (0..STARTS).map(|_| start_once(stand, name)).collect::<anyhow::Result<Vec<f64>>>()?;
        let middle = median(times);
        slowest = slowest.max(middle);
        reading = reading.and(name, middle);
    }
    Ok(reading.and("ms", slowest))
}

fn start_once(stand: &Stand, name: &str) -> anyhow::Result<f64> {
    let (mut command, port) = stand.work.sibling(name)?;
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let began = Instant::now();
    let mut child = command.spawn().with_context(|| format!("{name} cannot be started"))?;
    let well = loop {
        if matches!(ports::get(([127, 0, 0, 1], port).into(), "/health"), Ok((200, _))) {
            break true;
        }
        if began.elapsed() > Duration::from_secs(30) || child.try_wait()?.is_some() {
            break false;
        }
        std::thread::sleep(Duration::from_micros(500));
    };
    let time = began.elapsed().as_secs_f64() * 1000.0;
    let _ = child.kill();
    let _ = child.wait();
    ensure!(well, "{name} did not become well");
    Ok(time)
}

/// The most that each service holds while pages and events of ever new visitors come in.
pub fn peak(stand: &mut Stand, step: &Step) -> anyhow::Result<Reading> {
    for name in NAMES {
        kernel::forget_peak(stand.work.pid(name)?)?;
    }
    let pages = Load::plain(stand.work.address("landing", "/"), 32, stand.pace.long, &[]);
    let mut command = pages.command(stand.wrk(), stand.folder())?;
    let mut beside = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().context("wrk cannot be started")?;
    // One event a visitor, so that visitors are many.
    let events = Load { time: stand.pace.long, ..ingest::events(stand, 32, 100, 1) };
    let measured = ingest::settle(stand, step, &events, 100.0, false);
    let _ = beside.wait();
    let visitors = measured?.0.get("stored");
    let mut reading = Reading::of([("visitors", visitors)]);
    let mut largest: f64 = 0.0;
    for name in NAMES {
        let held = kernel::memory(stand.work.pid(name)?)?.peak;
        largest = largest.max(held);
        reading = reading.and(name, held);
    }
    Ok(reading.and("mb", largest))
}
