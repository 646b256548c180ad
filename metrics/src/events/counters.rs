//! How ingestion is watched from outside: one Prometheus counter, by outcome.

use pushnami_common::telemetry::at_scrape;

use super::exclusion::Exclusion;
use super::recorder::Recorder;

const INGESTED: &str = "pushnami_events_ingested_total";
const EXCLUDED: &str = "pushnami_events_excluded_total";
const SPOOL: &str = "pushnami_spool_bytes";

/// What became of events that came in.
#[derive(Clone, Copy, Debug)]
pub enum Outcome {
    /// Committed.
    Stored,
    /// Known already by their ids.
    Duplicate,
    /// Refused. A refused request counts once: how many events it meant to bring is not known.
    Invalid,
    /// Dropped, because the visitor asked not to be recorded.
    NoTrack,
}

/// Says what the counter means and starts every outcome at zero, so that a rate over it is right from the first event.
pub fn describe() {
    metrics::describe_counter!(INGESTED, "Events that came in, by what became of them; a refused request counts once.");
    for outcome in [Outcome::Stored, Outcome::Duplicate, Outcome::Invalid, Outcome::NoTrack] {
        count(outcome, 0);
    }
    metrics::describe_counter!(EXCLUDED, "Events that were recorded and enter no result, by the reason.");
    for reason in [Exclusion::Preview, Exclusion::Robot] {
        metrics::counter!(EXCLUDED, "reason" => reason.as_str()).increment(0);
    }
}

/// Tells, whenever somebody asks for the counters, how much waits to be committed.
pub fn watch(recorder: Recorder) {
    metrics::describe_gauge!(SPOOL, "Bytes of requests whose events wait to be committed.");
    at_scrape(move || metrics::gauge!(SPOOL).set(recorder.waiting_bytes() as f64));
}

/// Counts an event that enters no result.
pub fn count_excluded(reason: Exclusion) {
    metrics::counter!(EXCLUDED, "reason" => reason.as_str()).increment(1);
}

/// Counts `events` more of an outcome.
pub fn count(outcome: Outcome, events: usize) {
    let outcome = match outcome {
        Outcome::Stored => "stored",
        Outcome::Duplicate => "duplicate",
        Outcome::Invalid => "invalid",
        Outcome::NoTrack => "no_track",
    };
    metrics::counter!(INGESTED, "outcome" => outcome).increment(events as u64);
}
