//! How ingestion is watched from outside: one Prometheus counter, by outcome.

const INGESTED: &str = "pushnami_events_ingested_total";

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
