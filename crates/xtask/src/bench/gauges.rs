//! Everything that is measured, in the order in which it is: what rests comes first, then in each round the raw limits
//! and, right after, what is compared with them.

mod change;
mod counts;
mod ingest;
mod limits;
mod live;
mod pages;
mod resting;

use super::reading::Reading;
use super::stand::Stand;
use crate::progress::Step;

/// One thing that is measured.
pub struct Gauge {
    /// By what name the goals ask for it.
    pub name: &'static str,
    /// What is being done, for the person who waits.
    pub title: &'static str,
    /// Whether once is enough: it takes long, or takes many samples itself.
    pub once: bool,
    /// Measures.
    pub take: fn(&mut Stand, &Step) -> anyhow::Result<Reading>,
}

const fn once(
    name: &'static str,
    title: &'static str,
    take: fn(&mut Stand, &Step) -> anyhow::Result<Reading>,
) -> Gauge {
    Gauge { name, title, once: true, take }
}

const fn each(
    name: &'static str,
    title: &'static str,
    take: fn(&mut Stand, &Step) -> anyhow::Result<Reading>,
) -> Gauge {
    Gauge { name, title, once: false, take }
}

/// All gauges.
pub const GAUGES: &[Gauge] = &[
    once("idle", "services at rest", resting::idle),
    once("cold start", "services starting", resting::cold_start),
    each("commit 64", "pgbench: one event a commit, 64 clients", limits::commit_64),
    each("commit 1", "pgbench: one event a commit, 1 client", limits::commit_1),
    each("events 64", "POST /api/events, 64 connections", ingest::events_64),
    each("events 1", "POST /api/events, 1 connection", ingest::events_1),
    each("copy earlier", "COPY into the earlier system's tables", limits::copy_earlier),
    each("copy ours", "COPY into our tables", limits::copy_ours),
    each("batches", "POST /api/events/batch, rollups up to date", ingest::batches),
    each("batches alone", "POST /api/events/batch, rollups held", ingest::batches_without_rollups),
    each("hello", "axum: one word, 64 connections", limits::hello),
    each("fixed page", "axum: a fixed page, 64 connections", limits::fixed_page),
    each("page returning", "GET / of a returning visitor", pages::returning),
    each("toggles", "GET /api/toggles", pages::toggles),
    each("assign known", "GET /api/assign of known visitors", pages::assign_known),
    each("ofrep bulk", "POST /ofrep/v1/evaluate/flags", pages::ofrep_bulk),
    each("ofrep single", "POST /ofrep/v1/evaluate/flags/{key}", pages::ofrep_single),
    each("assign insert", "pgbench: one assignment a commit, 64 clients", limits::assign_insert),
    each("assign new", "GET /api/assign of new visitors", pages::assign_new),
    each("nginx file", "nginx: a static file", limits::nginx_file),
    each("static file", "landing: the same file", pages::static_file),
    each("select", "pgbench: one row by its key, 16 clients", limits::select),
    each("stats small", "GET /api/stats over 10,000 events", counts::stats_small),
    each("stats large", "GET /api/stats over the large database", counts::stats_large),
    each("stats range", "GET /api/stats over days of a time zone", counts::stats_range),
    each("results", "GET /api/experiments/{id}/results", counts::results),
    each("log", "GET /api/events, newest 100", counts::log),
    each("log deep", "GET /api/events, offset 99,000", counts::log_deep),
    once("copy out", "COPY of all events out", counts::copy_out),
    once("export", "GET /api/events/export", counts::export),
    once("live", "GET /api/live with 200 listeners", live::live),
    once("page new", "GET / of new visitors, sustained", pages::new_visitors),
    once("peak", "memory under full load", resting::peak),
    once("overload", "POST /api/events/batch beyond what fits", ingest::overload),
    once("change", "a toggle changes, a page shows it", change::one_copy),
    once("change copies", "a toggle changes at one copy, a page of the other shows it", change::two_copies),
    once("exact", "a recount of everything stored", counts::exact),
];
