//! What the admin asks of metrics: counts, the log, exports. All over a database of known size.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};

use crate::bench::fill::{Counts, wait_for_counts};
use crate::bench::kernel;
use crate::bench::reading::{NotBuilt, Reading};
use crate::bench::stand::Stand;
use crate::bench::wrk::Load;
use crate::progress::Step;

/// How long counting all events for results may take.
const COUNTING: Duration = Duration::from_secs(1800);

const EXPERIMENT: &str = "01980000-0000-7000-8000-000000000001";

/// An answer that takes longer than this from one client is not asked for again and again: wrk would see none.
const SLOW: Duration = Duration::from_secs(1);

/// All counts, ten thousand events.
pub fn stats_small(stand: &mut Stand, step: &Step) -> anyhow::Result<Reading> {
    stand.small(step)?;
    let site = stand.small(step)?.address("metrics", "/api/stats");
    reading(stand, step, site, true)
}

/// All counts, the large database.
pub fn stats_large(stand: &mut Stand, step: &Step) -> anyhow::Result<Reading> {
    let address = stand.large(step)?.address("metrics", "/api/stats");
    reading(stand, step, address, true)
}

/// Three weeks by days of a time zone whose days do not begin with an hour of UTC.
pub fn stats_range(stand: &mut Stand, step: &Step) -> anyhow::Result<Reading> {
    let day = |ago| format!("to_char(now() - interval '{ago} days', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')");
    let edges = stand.postgres.sql("postgres", &format!("set time zone 'UTC'; select {}, {}", day(25), day(4)))?;
    let (from, to) = edges.split_once('|').context("Postgres named no two days")?;
    let query = format!("/api/stats?from={from}&to={to}&tz=Asia/Kathmandu&interval=day");
    let address = stand.large(step)?.address("metrics", &query);
    let without = stand.large(step)?.address("metrics", "/api/stats");
    let [with, without] = [address.as_str(), &without].map(|address| stand.curl.ask("GET", address, None));
    let (with, without) = (with?, without?);
    if with.status == 422 || with.body == without.body {
        bail!(NotBuilt("ranges and time zones in /api/stats".to_owned()));
    }
    reading(stand, step, address, false)
}

/// The judged comparison of the variants, everybody counted.
pub fn results(stand: &mut Stand, step: &Step) -> anyhow::Result<Reading> {
    stand.large(step)?;
    wait_for_counts(step, &stand.postgres, "large", Counts::Exposures, COUNTING)?;
    let address = stand.large(step)?.address("metrics", &format!("/api/experiments/{EXPERIMENT}/results"));
    stand.curl.json("GET", &address, None)?;
    reading(stand, step, address, false)
}

/// The newest hundred events.
pub fn log(stand: &mut Stand, step: &Step) -> anyhow::Result<Reading> {
    let address = stand.large(step)?.address("metrics", "/api/events?limit=100");
    reading(stand, step, address, true)
}

/// A hundred events far down.
pub fn log_deep(stand: &mut Stand, step: &Step) -> anyhow::Result<Reading> {
    let address = stand.large(step)?.address("metrics", "/api/events?limit=100&offset=99000");
    reading(stand, step, address, false)
}

/// Times from one connection, and rates from sixteen where they are asked for.
fn reading(stand: &mut Stand, step: &Step, address: String, crowd: bool) -> anyhow::Result<Reading> {
    let began = Instant::now();
    let answer = stand.curl.ask("GET", &address, None)?;
    ensure!(answer.status == 200, "GET {address} answered {}: {}", answer.status, answer.body);
    if began.elapsed() > SLOW {
        let time = began.elapsed().as_secs_f64() * 1000.0;
        return Ok(Reading::of([("p50", time), ("p99", time), ("rate", 1000.0 / time)]));
    }
    let pids = stand.large(step)?.pids();
    let headers = [stand.curl.authorization()];
    let one = Load::plain(address.clone(), 1, stand.pace.time, &headers);
    let alone = stand.reading_load(step, &one, &pids, true)?;
    let times = Reading::of([("p50", alone.get("p50")), ("p99", alone.get("p99"))]);
    if !crowd {
        return Ok(times);
    }
    let many = Load::plain(address, 16, stand.pace.time, &headers);
    let together = stand.reading_load(step, &many, &pids, true)?;
    Ok(times.and("rate", together.get("rate")).and("p99 of 16", together.get("p99")))
}

/// All events through COPY to a client.
pub fn copy_out(stand: &mut Stand, step: &Step) -> anyhow::Result<Reading> {
    stand.large(step)?;
    let began = Instant::now();
    let mut client = stand.postgres.client("large");
    let copy = "copy (select id, visitor_id, experiment_id, variant, event_type, event_name, metadata, page_url, \
                created_at from events order by created_at desc, seq desc) to stdout";
    let ended = client.args(["-c", copy]).stdout(Stdio::null()).status().context("psql cannot be started")?;
    ensure!(ended.success(), "COPY to the client failed");
    Ok(Reading::of([("rate", f64_of(stand.pace.events) / began.elapsed().as_secs_f64())]))
}

/// All events through the export, as lines of JSON.
pub fn export(stand: &mut Stand, step: &Step) -> anyhow::Result<Reading> {
    let site = stand.large(step)?;
    let (address, pid) = (site.address("metrics", "/api/events/export?format=ndjson"), site.pid("metrics")?);
    kernel::forget_peak(pid)?;
    let held = kernel::memory(pid)?.now;
    let began = Instant::now();
    let mut curl = Command::new(&stand.curl.program);
    curl.args(["-sS", "-w", "%{http_code}", "-H", &stand.curl.authorization(), &address]);
    curl.arg("-o").arg(stand.folder().join("export.ndjson"));
    let status = curl.output().context("curl cannot be started")?.stdout;
    let seconds = began.elapsed().as_secs_f64();
    match String::from_utf8_lossy(&status).trim() {
        "200" => {}
        "404" | "405" => bail!(NotBuilt("GET /api/events/export".to_owned())),
        status => bail!("the export answered {status}"),
    }
    let file = stand.folder().join("export.ndjson");
    let lines = std::io::BufRead::split(std::io::BufReader::new(std::fs::File::open(&file)?), b'\n').count();
    std::fs::remove_file(file)?;
    ensure!(u64::try_from(lines)? == stand.pace.events, "the export has {lines} of {} events", stand.pace.events);
    let grown = kernel::memory(pid)?.peak - held;
    Ok(Reading::of([("rate", f64_of(stand.pace.events) / seconds), ("mb", grown)]))
}

/// Recounts every database that was measured; `differences` is how many of them do not agree.
pub fn exact(stand: &mut Stand, step: &Step) -> anyhow::Result<Reading> {
    let mut differ = 0.0;
    for name in ["work", "large", "small"] {
        if stand.postgres.number("postgres", &format!("select count(*) from pg_database where datname = '{name}'"))?
            < 1.0
        {
            continue;
        }
        wait_for_counts(step, &stand.postgres, name, Counts::Rollups, Duration::from_secs(120))?;
        step.detail(&format!("recounting {name}"));
        let ground = stand.ground(name);
        let mut command = Command::new(ground.binaries.join("metrics"));
        command.arg("--verify").current_dir(&ground.root).env("DATABASE_URL", &ground.database_url);
        command.env("ADMIN_PASSWORD", crate::bench::site::PASSWORD);
        let output = command.output().context("metrics cannot be started")?;
        let said = String::from_utf8_lossy(&output.stderr);
        match output.status.code() {
            Some(0) => {}
            Some(2) if said.contains("--verify") => bail!(NotBuilt("metrics --verify".to_owned())),
            _ => differ += 1.0,
        }
    }
    Ok(Reading::of([("differences", differ)]))
}

/// Exact far beyond any number of events.
fn f64_of(events: u64) -> f64 {
    u32::try_from(events).map_or(f64::NAN, f64::from)
}
