//! Time as an argument: only [`Clock::system`] reads the machine's clock, tests hold the hands.

use std::sync::{Arc, LazyLock, Mutex};
use std::time::Instant;

use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};

/// Tells the time, in UTC and whole microseconds (what Postgres keeps, so that a value written and read back is equal).
#[derive(Clone, Debug)]
pub struct Clock(Source);

#[derive(Clone, Debug)]
enum Source {
    System,
    Stopped(Arc<Mutex<OffsetDateTime>>),
}

/// Moves a stopped [`Clock`].
#[derive(Clone, Debug)]
pub struct Hands(Arc<Mutex<OffsetDateTime>>);

impl Clock {
    /// The machine's clock.
    pub fn system() -> Self {
        Self(Source::System)
    }

    /// A clock that stands still until its hands are moved.
    ///
    /// # Panics
    /// When `moment` is not an RFC 3339 time: it is written in a test.
    pub fn stopped_at(moment: &str) -> (Self, Hands) {
        let moment = OffsetDateTime::parse(moment, &Rfc3339).expect("an RFC 3339 time");
        let shared = Arc::new(Mutex::new(moment));
        (Self(Source::Stopped(shared.clone())), Hands(shared))
    }

    /// This moment.
    pub fn now(&self) -> OffsetDateTime {
        let now = match &self.0 {
            #[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
            Source::System => OffsetDateTime::now_utc(),
            Source::Stopped(moment) => *moment.lock().expect("nobody panics while holding the hands"),
        };
        now.replace_nanosecond(now.microsecond() * 1_000).expect("a microsecond is below a second")
    }

    /// How long it has run: never less than before, even when somebody sets the machine's clock back. For measuring how
    /// much time lies between two acts, not for saying when they were.
    pub fn running(&self) -> std::time::Duration {
        static STARTED: LazyLock<Instant> = LazyLock::new(Instant::now);
        match &self.0 {
            Source::System => STARTED.elapsed(),
            Source::Stopped(_) => (self.now() - OffsetDateTime::UNIX_EPOCH).unsigned_abs(),
        }
    }
}

impl Hands {
    /// Lets time pass.
    pub fn advance(&self, by: Duration) {
        *self.0.lock().expect("nobody panics while holding the hands") += by;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stopped_clock_moves_only_by_its_hands() {
        let (clock, hands) = Clock::stopped_at("2026-01-02T03:04:05Z");
        let before = clock.now();
        assert_eq!(clock.now(), before);
        hands.advance(Duration::hours(25));
        assert_eq!(clock.now() - before, Duration::hours(25));
        let ran = clock.running();
        hands.advance(Duration::minutes(1));
        assert_eq!(clock.running() - ran, Duration::minutes(1));
    }
}
