//! Events come in. Each load ends with a count: the table must hold every event that was answered with 201, and beyond
//! them only those whose answers wrk did not wait for.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use nix::sys::signal::Signal;

use crate::bench::fill::{Counts, wait_for_counts};
use crate::bench::kernel;
use crate::bench::reading::{Reading, percentile};
use crate::bench::stand::{Cost, Stand};
use crate::bench::wrk::{Flow, Load, Script};
use crate::logs::Logs;
use crate::process::{Process, Program};
use crate::progress::Step;

/// How metrics counts what it has committed.
const STORED: &str = "pushnami_events_ingested_total{outcome=\"stored\"}";

/// How long requests may be on their way after the load has ended.
const SETTLING: Duration = Duration::from_secs(20);

/// How many times too much the overload is, from how many connections, and how many events each request brings.
const OVERLOAD: f64 = 10.0;
const OVERLOAD_CONNECTIONS: u32 = 512;
const OVERLOAD_BATCH: u32 = 200;

/// How long the rollups may take to catch up.
const CATCHING_UP: Duration = Duration::from_secs(120);

/// One event a request, 64 connections.
pub fn events_64(stand: &mut Stand, step: &Step) -> anyhow::Result<Reading> {
    one_by_one(stand, step, 64)
}

/// One event a request, one connection.
pub fn events_1(stand: &mut Stand, step: &Step) -> anyhow::Result<Reading> {
    one_by_one(stand, step, 1)
}

fn one_by_one(stand: &Stand, step: &Step, connections: u32) -> anyhow::Result<Reading> {
    let load = events(stand, connections, 0, 8);
    let warm = events(stand, connections, 0, 8);
    Load { time: Duration::from_secs(1), ..warm }.run(step, stand.wrk(), stand.folder())?;
    heard(settle(stand, step, &load, 1.0, false)?.0, &load, 1.0)
}

/// Fails when more was stored than was answered or on its way at the end: wrk does not hear the answers to what is on
/// its way when its time is over.
fn heard(reading: Reading, load: &Load<'_>, size: f64) -> anyhow::Result<Reading> {
    let unheard = reading.get("unheard");
    ensure!(unheard <= f64::from(load.connections) * size, "{unheard} rows more than were answered are there");
    Ok(reading)
}

/// A hundred events a request, until all are counted by the rollups.
pub fn batches(stand: &mut Stand, step: &Step) -> anyhow::Result<Reading> {
    let load = events(stand, 16, 100, 8);
    heard(settle(stand, step, &load, 100.0, true)?.0, &load, 100.0)
}

/// The same while somebody holds the row that the rollups are kept under, so that nobody keeps them.
pub fn batches_without_rollups(stand: &mut Stand, step: &Step) -> anyhow::Result<Reading> {
    // Without anybody who keeps them there is nothing to compare.
    wait_for_counts(step, &stand.postgres, "work", Counts::Rollups, CATCHING_UP)?;
    let holder = Holder::take(stand)?;
    let load = events(stand, 16, 100, 8);
    let measured = settle(stand, step, &load, 100.0, false);
    holder.let_go(stand)?;
    wait_for_counts(step, &stand.postgres, "work", Counts::Rollups, CATCHING_UP)?;
    heard(measured?.0, &load, 100.0)
}

/// Ten times what fits: what those feel whose events are taken, and those whose are not. The load is paced: connections
/// that ask again at once would measure how long the machine takes to read what it refuses.
pub fn overload(stand: &mut Stand, step: &Step) -> anyhow::Result<Reading> {
    let fits = settle(stand, step, &events(stand, 16, OVERLOAD_BATCH, 8), f64::from(OVERLOAD_BATCH), false)?;
    let every = f64::from(OVERLOAD_CONNECTIONS * OVERLOAD_BATCH) / (OVERLOAD * fits.0.get("rate"));
    let paced = events(stand, OVERLOAD_CONNECTIONS, OVERLOAD_BATCH, 8);
    let mut load = Load { time: stand.pace.time * 2, ..paced };
    load.arguments[3] = format!("{:.0}", every * 1000.0);
    // They end with the load: as long as they call, metrics is never still.
    let (measured, flow) = settle_beside(stand, step, &load, (f64::from(OVERLOAD_BATCH), false), || callers(stand))?;
    let text = std::fs::read_to_string(stand.folder().join("callers/answers"))?;
    let answers: Vec<Vec<&str>> = text.lines().map(|line| line.split(' ').collect()).collect();
    let times = |wanted: &dyn Fn(&str) -> bool| -> Vec<f64> {
        let found = answers.iter().filter(|words| words.first().is_some_and(|status| wanted(status)));
        found.filter_map(|words| Some(words.get(1)?.parse::<f64>().ok()? * 1000.0)).collect()
    };
    let refused = |words: &&Vec<&str>| ["503", "429"].contains(&words[0]);
    let silent =
        answers.iter().filter(refused).filter(|words| words.get(2).is_none_or(|after| after.parse::<u32>().is_err()));
    ensure!(silent.count() == 0, "a refusal came without a whole Retry-After");
    let (accepted, refused) = (times(&|status| status == "201"), times(&|status| status == "503" || status == "429"));
    ensure!(accepted.len() + refused.len() == answers.len(), "an answer was neither 201 nor 429 nor 503: {text}");
    let counts = [accepted.len(), refused.len()].map(|count| u32::try_from(count).map_or(f64::NAN, f64::from));
    // The callers' own events are in the table as well; the last answer of each may not have been heard.
    let most = f64::from((load.connections + 4) * OVERLOAD_BATCH) + counts[0] * f64::from(OVERLOAD_BATCH);
    ensure!(measured.get("unheard") <= most, "{} rows more than were answered are there", measured.get("unheard"));
    Ok(measured
        .and("offered", (flow.created + flow.refused) / flow.created.max(1.0))
        .and("accepted", counts[0])
        .and("refused", counts[1])
        .and("accepted p99", percentile(accepted, 0.99))
        .and("refused p99", percentile(refused, 0.99))
        .and("mb", kernel::memory(stand.work.pid("metrics")?)?.peak))
}

/// Two visitors who each report one event after another, and two who bring batches, on a new connection each time.
fn callers(stand: &Stand) -> anyhow::Result<Process> {
    let folder = stand.folder().join("callers");
    std::fs::create_dir_all(&folder)?;
    let event = serde_json::json!({ "visitor_id": "caller", "event_type": "click" });
    std::fs::write(folder.join("one"), event.to_string())?;
    let size = usize::try_from(OVERLOAD_BATCH)?;
    std::fs::write(folder.join("batch"), serde_json::Value::from(vec![event; size]).to_string())?;
    let mut command = Command::new("sh");
    let call = "while :; do \"$0\" -s -o /dev/null --max-time 20 -w '%{http_code} %{time_total} %header{retry-after}\\n' \
                -H 'Content-Type: application/json'";
    let one = format!("{call} -d @one \"$1\"; done");
    let batch = format!("{call} -d @batch \"$1/batch\"; done");
    command.args(["-c", &format!("for n in 1 2; do ({one}) & ({batch}) & done; wait")]).current_dir(&folder);
    command.arg(&stand.curl.program).arg(stand.work.address("metrics", "/api/events"));
    let answers = std::fs::File::create(folder.join("answers"))?;
    let program = Program { name: "callers", command, account: None, stop_signal: Signal::SIGKILL };
    Process::start(program, &folder, &Logs::to_file(answers))
}

/// Events of visitors that nobody has seen before.
pub fn events(stand: &Stand, connections: u32, size: u32, visit: u32) -> Load<'static> {
    let moment = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    let prefix = format!("v{}", moment.as_millis());
    Load {
        address: stand.work.address("metrics", ""),
        connections,
        time: stand.pace.time,
        script: Script::Events,
        arguments: vec![size.to_string(), prefix, visit.to_string(), "0".to_owned()],
        headers: &[],
    }
}

/// Puts a load of events on, and counts. `size` is how many events a request brings.
pub fn settle(
    stand: &Stand,
    step: &Step,
    load: &Load<'_>,
    size: f64,
    rollups: bool,
) -> anyhow::Result<(Reading, Flow)> {
    settle_beside(stand, step, load, (size, rollups), || Ok(()))
}

/// The same with something else going on while the load lasts: it is begun with the load and dropped with it.
fn settle_beside<T>(
    stand: &Stand,
    step: &Step,
    load: &Load<'_>,
    (size, rollups): (f64, bool),
    beside: impl FnOnce() -> anyhow::Result<T>,
) -> anyhow::Result<(Reading, Flow)> {
    wait_until_still(stand)?;
    let before = (count_rows(stand)?, stand.work.counter("metrics", STORED)?);
    let metrics = stand.work.pid("metrics")?;
    let ((flow, to_end), cost) = stand.meter(&[metrics], true, || {
        let began = Instant::now();
        let beside = beside()?;
        let flow = load.run(step, stand.wrk(), stand.folder())?;
        drop(beside);
        if rollups {
            wait_for_counts(step, &stand.postgres, "work", Counts::Rollups, CATCHING_UP)?;
        }
        Ok((flow, began.elapsed().as_secs_f64()))
    })?;
    ensure!(flow.broken == 0.0, "{} requests were not answered", flow.broken);
    wait_until_still(stand)?;
    let after = (count_rows(stand)?, stand.work.counter("metrics", STORED)?);
    let (rows, counted) = (after.0 - before.0, after.1 - before.1);
    let answered = flow.created * size;
    ensure!(rows >= answered, "{answered} events were answered with 201, and {rows} rows are there");
    ensure!(rows >= counted, "metrics says it stored {counted} events, and {rows} rows are there");
    let Cost { cpu, .. } = cost;
    let seconds = if rollups { to_end } else { flow.seconds };
    let reading = Reading::of([
        ("rate", answered / seconds),
        ("cpu", rows / cpu),
        ("p50", flow.p50),
        ("p99", flow.p99),
        ("mean", flow.mean),
        ("stored", rows),
        ("unheard", rows - answered),
    ]);
    Ok((reading, flow))
}

fn count_rows(stand: &Stand) -> anyhow::Result<f64> {
    stand.postgres.number("work", "select count(*) from events")
}

/// Waits until metrics has nothing in hand any more.
fn wait_until_still(stand: &Stand) -> anyhow::Result<()> {
    let deadline = Instant::now() + SETTLING;
    let mut last = stand.work.counter("metrics", STORED)?;
    loop {
        std::thread::sleep(Duration::from_millis(150));
        let now = stand.work.counter("metrics", STORED)?;
        if now == last {
            return Ok(());
        }
        if Instant::now() > deadline {
            bail!("metrics still stores events {} s after the last was sent", SETTLING.as_secs());
        }
        last = now;
    }
}

/// A session that holds the row of the rollups' state.
struct Holder(Child);

impl Holder {
    fn take(stand: &Stand) -> anyhow::Result<Self> {
        let mut client = stand.postgres.client("work");
        client.env("PGAPPNAME", "holder").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        client.args(["-c", "begin; select from rollup_state for update; select pg_sleep(3600)"]);
        let holder = Self(client.spawn().context("psql cannot be started")?);
        let deadline = Instant::now() + SETTLING;
        let holds =
            "select count(*) from pg_stat_activity where application_name = 'holder' and wait_event = 'PgSleep'";
        while stand.postgres.number("work", holds)? < 1.0 {
            ensure!(Instant::now() < deadline, "the rollups' state cannot be held");
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(holder)
    }

    fn let_go(mut self, stand: &Stand) -> anyhow::Result<()> {
        let end = "select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name = 'holder'";
        stand.postgres.sql("work", end)?;
        self.0.wait()?;
        Ok(())
    }
}
