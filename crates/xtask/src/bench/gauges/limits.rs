//! What the machine can do at most: Postgres without us, HTTP without work.

use std::fs;
use std::net::SocketAddr;
use std::process::Command;

use anyhow::Context;
use nix::sys::signal::Signal;

use super::pages;
use crate::account::Account;
use crate::bench::fill;
use crate::bench::reading::Reading;
use crate::bench::stand::Stand;
use crate::bench::wrk::Load;
use crate::logs::Logs;
use crate::ports;
use crate::process::{Process, Program};
use crate::progress::Step;
use crate::services::wait_until_well;

const COMMIT: &str = include_str!("../sql/commit.pgbench");
const ASSIGN: &str = include_str!("../sql/assign.pgbench");
const SELECT: &str = include_str!("../sql/select.pgbench");

/// One event a commit from 64 clients, into the earlier system's table.
pub fn commit_64(stand: &mut Stand, step: &Step) -> anyhow::Result<Reading> {
    stand.postgres.sql("earlier", "truncate events")?;
    transactions(stand, step, COMMIT, 64)
}

/// The same from one.
pub fn commit_1(stand: &mut Stand, step: &Step) -> anyhow::Result<Reading> {
    transactions(stand, step, COMMIT, 1)
}

/// One assignment a commit from 64 clients.
pub fn assign_insert(stand: &mut Stand, step: &Step) -> anyhow::Result<Reading> {
    stand.postgres.sql("earlier", "truncate assignments")?;
    transactions(stand, step, ASSIGN, 64)
}

/// One row by its key.
pub fn select(stand: &mut Stand, step: &Step) -> anyhow::Result<Reading> {
    transactions(stand, step, SELECT, 16)
}

fn transactions(stand: &Stand, step: &Step, script: &str, clients: u32) -> anyhow::Result<Reading> {
    let time = stand.pace.time;
    let (reading, cost) = stand.meter(&[], true, || stand.postgres.transactions(step, script, clients, time))?;
    let cpu = reading.get("count") / cost.cpu;
    Ok(reading.and("cpu", cpu))
}

/// COPY of the sample into the earlier system's table.
pub fn copy_earlier(stand: &mut Stand, _: &Step) -> anyhow::Result<Reading> {
    copy_in(stand, "earlier")
}

/// COPY of the sample into ours.
pub fn copy_ours(stand: &mut Stand, _: &Step) -> anyhow::Result<Reading> {
    copy_in(stand, "ours")
}

fn copy_in(stand: &Stand, database: &str) -> anyhow::Result<Reading> {
    stand.postgres.sql(database, "truncate events")?;
    let copy = format!("copy events ({}) from '{}'", fill::COLUMNS, fill::sample_file(&stand.postgres));
    let (_, cost) = stand.meter(&[], true, || stand.postgres.sql(database, &copy))?;
    let rows = f64::from(fill::SAMPLE);
    Ok(Reading::of([("rate", rows / cost.seconds), ("cpu", rows / cost.cpu)]))
}

/// One word.
pub fn hello(stand: &mut Stand, step: &Step) -> anyhow::Result<Reading> {
    reference(stand, step, "/hello")
}

/// A page from memory.
pub fn fixed_page(stand: &mut Stand, step: &Step) -> anyhow::Result<Reading> {
    reference(stand, step, "/page")
}

fn reference(stand: &Stand, step: &Step, path: &str) -> anyhow::Result<Reading> {
    let (address, pid) = stand.reference(path);
    stand.reading_load(step, &Load::plain(address, 64, stand.pace.time, &[]), &[pid], false)
}

/// A file of the page, served by nginx.
pub fn nginx_file(stand: &mut Stand, step: &Step) -> anyhow::Result<Reading> {
    let (path, bytes) = pages::an_asset(stand)?;
    let folder = stand.folder().join("nginx");
    fs::create_dir_all(folder.join("files"))?;
    fs::write(folder.join("files/asset"), bytes)?;
    let address = SocketAddr::from(([127, 0, 0, 1], ports::free()?));
    let user = Account::for_nginx()?.map_or_else(String::new, |account| format!("user {};", account.name));
    fs::write(folder.join("nginx.conf"), configuration(&user, address, &folder.display().to_string()))?;
    let mut command = Command::new(&stand.nginx);
    command.arg("-p").arg(&folder).arg("-c").arg(folder.join("nginx.conf")).args(["-e", "stderr"]);
    let program = Program { name: "nginx", command, account: None, stop_signal: Signal::SIGQUIT };
    let mut process = Process::start(program, &folder, &Logs::default())?;
    wait_until_well(step, &mut process, address, "/asset")
        .with_context(|| format!("nginx does not serve a copy of {path}"))?;
    let load = Load::plain(format!("http://{address}/asset"), 64, stand.pace.time, &[]);
    stand.reading_load(step, &load, &workers_of(process.id().as_raw()), false)
}

fn configuration(user: &str, address: SocketAddr, folder: &str) -> String {
    format!(
        "daemon off; worker_processes auto; {user} pid {folder}/nginx.own.pid;\n\
         events {{ worker_connections 1024; }}\n\
         http {{ access_log off; sendfile on; keepalive_requests 1000000; default_type text/javascript;\n\
         server {{ listen {address}; root {folder}/files; }} }}\n"
    )
}

/// nginx works in children that live as long as it does.
fn workers_of(parent: i32) -> Vec<i32> {
    let text = fs::read_to_string(format!("/proc/{parent}/task/{parent}/children")).unwrap_or_default();
    text.split_whitespace().filter_map(|pid| pid.parse().ok()).collect()
}
