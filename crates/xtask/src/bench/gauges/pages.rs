//! What visitors' browsers ask for: pages, assignments, toggles, files.

use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use serde_json::json;

use crate::bench::reading::{NotBuilt, Reading};
use crate::bench::stand::Stand;
use crate::bench::wrk::{Load, Script};
use crate::progress::Step;

const EXPERIMENT: &str = "01980000-0000-7000-8000-000000000001";

/// How long a new visitor's assignment may be on its way into the database.
const DURABLE_WITHIN: Duration = Duration::from_secs(1);

/// The page of a browser that brings the cookies of its first visit.
pub fn returning(stand: &mut Stand, step: &Step) -> anyhow::Result<Reading> {
    let cookies = cookies_of_a_first_visit(stand)?;
    let load = Load::plain(stand.work.address("landing", "/"), 64, stand.pace.time, &[]);
    let headers = [format!("Cookie: {cookies}")];
    let load = Load { headers: &headers, ..load };
    stand.reading_load(step, &load, &stand.work.pids(), true)
}

fn cookies_of_a_first_visit(stand: &Stand) -> anyhow::Result<String> {
    let output = Command::new(&stand.curl.program)
        .args(["-sS", "-D", "-", "-o", "/dev/null"])
        .arg(stand.work.address("landing", "/"))
        .output()?;
    let head = String::from_utf8_lossy(&output.stdout).into_owned();
    let cookies: Vec<_> = head
        .lines()
        .filter_map(|line| line.split_once(':').filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie")))
        .filter_map(|(_, value)| value.split(';').next())
        .map(|pair| pair.trim().to_owned())
        .collect();
    ensure!(!cookies.is_empty(), "the page set no cookie: {head}");
    Ok(cookies.join("; "))
}

/// The page of browsers without cookies, each a new visitor; at the end each must have an assignment that is stored.
pub fn new_visitors(stand: &mut Stand, step: &Step) -> anyhow::Result<Reading> {
    let before = assignments(stand)?;
    let load = Load::plain(stand.work.address("landing", "/"), 64, stand.pace.long, &[]);
    let (flow, cost) = stand.meter(&stand.work.pids(), true, || load.run(step, stand.wrk(), stand.folder()))?;
    ensure!(flow.failed + flow.broken == 0.0, "{} pages failed, {} did not come", flow.failed, flow.broken);
    std::thread::sleep(DURABLE_WITHIN);
    let stored = assignments(stand)? - before;
    // Pages that wrk did not wait for may have been made as well.
    ensure!(stored >= flow.requests, "{} new visitors got a page, and {stored} assignments are stored", flow.requests);
    Ok(Reading::of([
        ("rate", flow.requests / flow.seconds),
        ("cpu", flow.requests / cost.cpu),
        ("p50", flow.p50),
        ("p99", flow.p99),
        ("stored", stored),
    ]))
}

fn assignments(stand: &Stand) -> anyhow::Result<f64> {
    stand.postgres.number("work", "select count(*) from assignments")
}

/// The list of toggles.
pub fn toggles(stand: &mut Stand, step: &Step) -> anyhow::Result<Reading> {
    let load = Load::plain(stand.work.address("abtest", "/api/toggles"), 64, stand.pace.time, &[]);
    stand.reading_load(step, &load, &[stand.work.pid("abtest")?], true)
}

/// Assignments of visitors that have one.
pub fn assign_known(stand: &mut Stand, step: &Step) -> anyhow::Result<Reading> {
    let address = stand.work.address("abtest", "");
    let load = Load::plain(address, 64, stand.pace.time, &[]);
    let load = Load { script: Script::Known, arguments: vec!["known".to_owned()], ..load };
    // The first load of a run makes the thousand visitors known.
    load.run(step, stand.wrk(), stand.folder())?;
    stand.reading_load(step, &load, &[stand.work.pid("abtest")?], true)
}

/// Assignments of visitors that nobody has seen before, each stored before the answer.
pub fn assign_new(stand: &mut Stand, step: &Step) -> anyhow::Result<Reading> {
    let before = assignments(stand)?;
    let moment = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?;
    let load = Load::plain(stand.work.address("abtest", ""), 64, stand.pace.time, &[]);
    let arguments = vec![format!("new{}", moment.as_millis()), "0".to_owned()];
    let load = Load { script: Script::Assign, arguments, ..load };
    let pid = stand.work.pid("abtest")?;
    let (flow, cost) = stand.meter(&[pid], true, || load.run(step, stand.wrk(), stand.folder()))?;
    ensure!(flow.refused + flow.broken == 0.0, "{} were refused, {} not answered", flow.refused, flow.broken);
    let stored = settled(stand)? - before;
    let unheard = f64::from(load.connections);
    ensure!(
        stored >= flow.created && stored <= flow.created + unheard,
        "{} new visitors were answered, and {stored} assignments are stored",
        flow.created
    );
    Ok(Reading::of([
        ("rate", flow.created / flow.seconds),
        ("cpu", stored / cost.cpu),
        ("p50", flow.p50),
        ("p99", flow.p99),
        ("stored", stored),
    ]))
}

fn settled(stand: &Stand) -> anyhow::Result<f64> {
    let deadline = Instant::now() + Duration::from_secs(20);
    let mut last = assignments(stand)?;
    loop {
        std::thread::sleep(Duration::from_millis(100));
        let now = assignments(stand)?;
        if now == last {
            return Ok(now);
        }
        ensure!(Instant::now() < deadline, "assignments are still being stored");
        last = now;
    }
}

/// Path and bytes of a file that the page names.
pub fn an_asset(stand: &Stand) -> anyhow::Result<(String, Vec<u8>)> {
    let (_, page) = stand.work.get("landing", "/?variant=neon")?;
    let names =
        page.split('"').filter(|word| word.starts_with('/') && (word.ends_with(".js") || word.ends_with(".css")));
    let path = names.max().context("the page names neither a script nor a style sheet")?.to_owned();
    let output = Command::new(&stand.curl.program).arg("-sSf").arg(stand.work.address("landing", &path)).output()?;
    ensure!(output.status.success(), "landing does not serve {path}");
    Ok((path, output.stdout))
}

/// The file from landing.
pub fn static_file(stand: &mut Stand, step: &Step) -> anyhow::Result<Reading> {
    let (path, _) = an_asset(stand)?;
    let load = Load::plain(stand.work.address("landing", &path), 64, stand.pace.time, &[]);
    stand.reading_load(step, &load, &[stand.work.pid("landing")?], false)
}

/// All flags of a visitor.
pub fn ofrep_bulk(stand: &mut Stand, step: &Step) -> anyhow::Result<Reading> {
    ofrep(stand, step, "/ofrep/v1/evaluate/flags")
}

/// One flag of a visitor.
pub fn ofrep_single(stand: &mut Stand, step: &Step) -> anyhow::Result<Reading> {
    ofrep(stand, step, "/ofrep/v1/evaluate/flags/show_testimonials")
}

fn ofrep(stand: &Stand, step: &Step, path: &str) -> anyhow::Result<Reading> {
    let address = stand.work.address("abtest", path);
    let body = json!({ "context": { "targetingKey": format!("bench-{EXPERIMENT}") } });
    let answer = stand.curl.ask("POST", &address, Some(&body))?;
    match answer.status {
        200 => {}
        404 | 405 => bail!(NotBuilt(format!("POST {path}"))),
        status => bail!("POST {path} answered {status}: {}", answer.body),
    }
    let load = Load::plain(address, 64, stand.pace.time, &[]);
    let load = Load { script: Script::Post, arguments: vec![body.to_string()], ..load };
    stand.reading_load(step, &load, &[stand.work.pid("abtest")?], true)
}
