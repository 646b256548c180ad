//! Work that goes on beside requests shows that it is alive: each success is a beat. Work whose last beat is too long ago is
//! stuck, and `/health` says so; what fails at this moment can be told the same way.
//!
//! Only a program is judged by its pulses. Tests run many services in one process, which end without a word.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

/// For how long a failure counts that is followed by nothing: without another try nobody knows.
const MEMORY: Duration = Duration::from_secs(10);

static BEGAN: LazyLock<Instant> = LazyLock::new(Instant::now);
static WATCHED: AtomicBool = AtomicBool::new(false);
static PULSES: Mutex<Vec<Weak<Inner>>> = Mutex::new(Vec::new());

/// What it means when work is stuck.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// The service cannot do what it is for: `/health` is 503.
    Vital,
    /// The service goes on by what it has: `/health` is 200 and warns.
    Advisory,
}

/// The pulse of one piece of work. It counts as long as a copy of it lives.
#[derive(Clone, Debug)]
pub struct Pulse(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    name: &'static str,
    limit: Duration,
    weight: Weight,
    /// Milliseconds since [`BEGAN`]; 0 for a failure that never was.
    beat: AtomicU64,
    failure: AtomicU64,
}

/// What is stuck or fails.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// What it means.
    pub weight: Weight,
    /// A sentence for `/health`.
    pub sentence: String,
}

impl Pulse {
    /// The pulse of this work, which must succeed at least every `limit`. It begins with a beat.
    pub fn of(name: &'static str, limit: Duration, weight: Weight) -> Self {
        let inner = Arc::new(Inner { name, limit, weight, beat: now().into(), failure: AtomicU64::new(0) });
        let mut pulses = PULSES.lock().unwrap_or_else(PoisonError::into_inner);
        pulses.retain(|pulse| pulse.strong_count() > 0);
        pulses.push(Arc::downgrade(&inner));
        Self(inner)
    }

    /// It has succeeded.
    pub fn beat(&self) {
        self.0.beat.store(now(), Ordering::Relaxed);
        self.0.failure.store(0, Ordering::Relaxed);
    }

    /// It has failed, which counts for some seconds, or until it succeeds.
    pub fn fail(&self) {
        self.0.failure.store(now().max(1), Ordering::Relaxed);
    }

    /// How long ago it succeeded.
    fn age(&self) -> Duration {
        since(self.0.beat.load(Ordering::Relaxed))
    }

    fn trouble(&self) -> Option<Trouble> {
        let Inner { name, limit, weight, .. } = *self.0;
        let failure = self.0.failure.load(Ordering::Relaxed);
        if failure > 0 && since(failure) < MEMORY {
            return Some(Trouble { weight, sentence: format!("{name}: fails at this moment") });
        }
        let age = self.age();
        (age > limit).then(|| Trouble { weight, sentence: format!("{name}: no success for {} s", age.as_secs()) })
    }
}

fn now() -> u64 {
    u64::try_from(BEGAN.elapsed().as_millis()).unwrap_or(u64::MAX)
}

fn since(moment: u64) -> Duration {
    Duration::from_millis(now().saturating_sub(moment))
}

/// From now on this process is judged by its pulses.
pub fn watch() {
    WATCHED.store(true, Ordering::Relaxed);
}

/// What is stuck or fails, in a process that is watched.
pub fn troubles() -> Vec<Trouble> {
    if !WATCHED.load(Ordering::Relaxed) {
        return Vec::new();
    }
    living().iter().filter_map(Pulse::trouble).collect()
}

/// Sets the gauge of every pulse's age.
pub fn count() {
    for pulse in living() {
        metrics::gauge!(AGE, "work" => pulse.0.name).set(pulse.age().as_secs_f64());
    }
}

const AGE: &str = "pushnami_work_age_seconds";

/// Says what the gauge means.
pub fn describe() {
    metrics::describe_gauge!(AGE, "How long ago work beside requests last succeeded, by its name.");
}

fn living() -> Vec<Pulse> {
    let pulses = PULSES.lock().unwrap_or_else(PoisonError::into_inner);
    pulses.iter().filter_map(Weak::upgrade).map(Pulse).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_that_fails_or_does_not_succeed_in_time_is_trouble_until_it_does() {
        let patient = Pulse::of("a patient work", Duration::from_secs(3600), Weight::Vital);
        assert_eq!(patient.trouble(), None);
        patient.fail();
        let trouble = Trouble { weight: Weight::Vital, sentence: "a patient work: fails at this moment".to_owned() };
        assert_eq!(patient.trouble(), Some(trouble));
        patient.beat();
        assert_eq!(patient.trouble(), None);
        // Its last success would have to be in the future.
        let late = Pulse::of("a late work", Duration::ZERO, Weight::Advisory);
        while late.age().is_zero() {
            std::hint::spin_loop();
        }
        assert_eq!(late.trouble().map(|trouble| trouble.weight), Some(Weight::Advisory));
    }
}
