//! The admin's live stream, with many who look on.

use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context, bail, ensure};
use nix::sys::signal::Signal;

use super::ingest;
use crate::bench::kernel;
use crate::bench::reading::{NotBuilt, Reading, percentile};
use crate::bench::stand::Stand;
use crate::bench::wrk::Load;
use crate::logs::Logs;
use crate::process::{Process, Program};
use crate::progress::Step;

/// How many look on, ours included.
const LISTENERS: u32 = 200;

/// Events a second: 50 connections that ask every 50 milliseconds.
const RATE: (u32, u32) = (50, 50);

/// From the moment an event is taken to its line at a listener, milliseconds.
pub fn live(stand: &mut Stand, step: &Step) -> anyhow::Result<Reading> {
    let address = stand.work.address("metrics", "/api/live");
    let mut ours = Listener::start(stand, &address)?;
    let pid = stand.work.pid("metrics")?;
    kernel::forget_peak(pid)?;
    let held = kernel::memory(pid)?.now;
    let mut others = crowd(stand, &address)?;
    std::thread::sleep(Duration::from_secs(1));
    let mut load = ingest::events(stand, RATE.0, 0, 8);
    load.arguments[3] = RATE.1.to_string();
    let load = Load { time: stand.pace.time * 2, ..load };
    let reader = ours.read_delays()?;
    let (measured, flow) = ingest::settle(stand, step, &load, 1.0, false)?;
    std::thread::sleep(Duration::from_secs(1));
    let grown = kernel::memory(pid)?.peak - held;
    others.stop();
    ours.0.kill()?;
    ours.0.wait()?;
    let delays = reader.join().map_err(|_| anyhow::anyhow!("the listener was not read to its end"))?;
    let seen = u32::try_from(delays.len()).map(f64::from)?;
    ensure!(seen >= measured.get("stored"), "{seen} of {} events came to the listener", measured.get("stored"));
    Ok(Reading::of([
        ("p50", percentile(delays.clone(), 0.5)),
        ("p95", percentile(delays, 0.95)),
        ("rate", flow.requests / flow.seconds),
        ("mb", grown),
        ("listeners", f64::from(LISTENERS)),
    ]))
}

/// One curl that listens on many connections and throws away what comes.
fn crowd(stand: &Stand, address: &str) -> anyhow::Result<Process> {
    let folder = stand.folder().join("crowd");
    std::fs::create_dir_all(&folder)?;
    let mut command = Command::new(&stand.curl.program);
    command.args(["-sSN", "--parallel", "--parallel-immediate", "--parallel-max", "300"]);
    command.args(["-H", &stand.curl.authorization()]);
    for _ in 1..LISTENERS {
        command.args([address, "-o", "/dev/null"]);
    }
    let program = Program { name: "crowd", command, account: None, stop_signal: Signal::SIGTERM };
    Process::start(program, &folder, &Logs::to_file(std::fs::File::create(folder.join("said"))?))
}

/// The one whose events are looked at.
struct Listener(Child, Option<BufReader<ChildStdout>>);

impl Listener {
    fn start(stand: &Stand, address: &str) -> anyhow::Result<Self> {
        let mut command = Command::new(&stand.curl.program);
        command.args(["-sSNi", "-H", &stand.curl.authorization(), address]);
        let mut child =
            command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().context("curl cannot be started")?;
        let mut lines = BufReader::new(child.stdout.take().context("curl says nothing")?);
        let mut first = String::new();
        lines.read_line(&mut first)?;
        if !first.contains(" 200") {
            child.kill()?;
            child.wait()?;
            if first.contains(" 404") {
                bail!(NotBuilt("GET /api/live".to_owned()));
            }
            bail!("the live stream answered {first}");
        }
        Ok(Self(child, Some(lines)))
    }

    /// Reads in the background until the stream ends: how late each event was.
    fn read_delays(&mut self) -> anyhow::Result<std::thread::JoinHandle<Vec<f64>>> {
        let lines = self.1.take().context("the stream is being read already")?;
        Ok(std::thread::spawn(move || {
            let now = || SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64() * 1000.0;
            lines.lines().map_while(Result::ok).filter_map(|line| Some(now() - taken_at(&line)?)).collect()
        }))
    }
}

/// When the event of a line was taken, in milliseconds of the epoch.
fn taken_at(line: &str) -> Option<f64> {
    let event: serde_json::Value = serde_json::from_str(line.strip_prefix("data:")?.trim()).ok()?;
    milliseconds(event.get("created_at")?.as_str()?)
}

/// The milliseconds of the epoch of a time in UTC, such as `2026-01-02T03:04:05.678901Z`.
fn milliseconds(text: &str) -> Option<f64> {
    let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
    let mut date = date.split('-').map(str::parse::<i64>);
    let (year, month, day) = (date.next()?.ok()?, date.next()?.ok()?, date.next()?.ok()?);
    let mut time = time.split(':');
    let (hour, minute) = (time.next()?.parse::<i64>().ok()?, time.next()?.parse::<i64>().ok()?);
    let second: f64 = time.next()?.parse().ok()?;
    // Years that begin in March have their odd day at the end.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 1 - 719_468;
    let minutes = i32::try_from((days * 24 + hour) * 60 + minute).ok()?;
    Some((f64::from(minutes) * 60.0 + second) * 1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read() {
        assert_eq!(milliseconds("1970-01-01T00:00:00Z"), Some(0.0));
        assert_eq!(milliseconds("2000-02-29T12:00:00.5Z"), Some(951_825_600_500.0));
        assert_eq!(milliseconds("2026-11-23T11:15:00Z"), Some(1_795_432_500_000.0));
        let line = r#"data: {"event_type": "click", "created_at": "1970-01-01T00:00:01Z"}"#;
        assert_eq!((taken_at(line), taken_at("event: stats"), taken_at("data: {}")), (Some(1000.0), None, None));
    }
}
