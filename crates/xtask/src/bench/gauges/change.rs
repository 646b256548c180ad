//! How long a change in the admin takes until visitors see it.

use std::time::{Duration, Instant};

use anyhow::ensure;
use serde_json::json;

use crate::bench::reading::{Reading, percentile};
use crate::bench::site::Site;
use crate::bench::stand::Stand;
use crate::progress::Step;

/// How often something is changed.
const CHANGES: u32 = 40;

/// A change that nobody sees by then is lost.
const PATIENCE: Duration = Duration::from_secs(15);

/// What the page holds while the switched toggle is on.
const MARK: &str = "id=\"testimonials\"";

/// The toggle is switched, and the page asked until it shows it.
pub fn one_copy(stand: &mut Stand, step: &Step) -> anyhow::Result<Reading> {
    let times = switch(stand, step, &stand.work, CHANGES)?;
    Ok(Reading::of([("p50", percentile(times.clone(), 0.5)), ("p99", percentile(times, 0.99))]))
}

/// The same with a second abtest and a second landing, whose page is looked at; then once more with the connection cut
/// through which the copies hear of changes.
pub fn two_copies(stand: &mut Stand, step: &Step) -> anyhow::Result<Reading> {
    let mut ground = stand.ground("work");
    ground.folder = stand.folder().join("second");
    let second = Site::start(step, ground, &["abtest", "metrics", "landing"])?;
    let quiet = switch(stand, step, &second, CHANGES)?;
    let mut cut = Vec::new();
    for _ in 0..CHANGES / 4 {
        stand.postgres.sql(
            "work",
            "select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = 'work' and query ilike 'listen %'",
        )?;
        cut.extend(switch(stand, step, &second, 2)?);
    }
    Ok(Reading::of([("p99", percentile(quiet, 0.99)), ("p99 cut", percentile(cut, 0.99))]))
}

/// Milliseconds from the admin's answer to the first page of `seen` that shows the change.
fn switch(stand: &Stand, step: &Step, seen: &Site, times: u32) -> anyhow::Result<Vec<f64>> {
    let address = stand.work.address("abtest", "/api/toggles/show_testimonials");
    let mut found = Vec::new();
    for time in 0..times {
        step.detail(&format!("change {} of {times}", time + 1));
        let enabled = time % 2 == 1;
        stand.curl.json("PUT", &address, Some(&json!({ "enabled": enabled })))?;
        let began = Instant::now();
        while seen.get("landing", "/")?.1.contains(MARK) != enabled {
            ensure!(began.elapsed() < PATIENCE, "a page does not show a change after {} s", PATIENCE.as_secs());
        }
        found.push(began.elapsed().as_secs_f64() * 1000.0);
    }
    Ok(found)
}
