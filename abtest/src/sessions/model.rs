//! How often a wrong password may be tried.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard};

use time::{Duration, OffsetDateTime};

/// Failures of one address within [`WINDOW`] that close the door to it.
const LIMIT_PER_ADDRESS: usize = 5;
/// Failures of all addresses together within [`WINDOW`] that close the door to everybody: guessing from many addresses.
const LIMIT_IN_ALL: usize = 100;
/// How long a failure counts.
const WINDOW: Duration = Duration::minutes(1);

/// Who guessed wrong lately. Bounded: what is older than a minute is forgotten, and the door closes before many can gather.
#[derive(Debug, Default)]
pub struct FailedLogins(Mutex<HashMap<IpAddr, Vec<OffsetDateTime>>>);

impl FailedLogins {
    /// Seconds until `address` may try again, if it may not now.
    pub fn seconds_to_wait(&self, address: IpAddr, now: OffsetDateTime) -> Option<u64> {
        let failures = self.recent(now);
        let all: Vec<_> = failures.values().flatten().copied().collect();
        let own = failures.get(&address).cloned().unwrap_or_default();
        let until_below = |mut times: Vec<OffsetDateTime>, limit: usize| {
            times.sort_unstable();
            let freeing = times.len().checked_sub(limit).and_then(|index| times.get(index).copied())?;
            u64::try_from((freeing + WINDOW - now).whole_seconds()).ok().map(|seconds| seconds.max(1))
        };
        until_below(own, LIMIT_PER_ADDRESS).max(until_below(all, LIMIT_IN_ALL))
    }

    /// Remembers a wrong password.
    pub fn record(&self, address: IpAddr, now: OffsetDateTime) {
        self.recent(now).entry(address).or_default().push(now);
    }

    /// Forgets what an address got wrong before it got it right.
    pub fn forget(&self, address: IpAddr, now: OffsetDateTime) {
        self.recent(now).remove(&address);
    }

    fn recent(&self, now: OffsetDateTime) -> MutexGuard<'_, HashMap<IpAddr, Vec<OffsetDateTime>>> {
        let mut failures = self.0.lock().expect("nobody panics while counting");
        failures.retain(|_, times| {
            times.retain(|time| *time + WINDOW > now);
            !times.is_empty()
        });
        failures
    }
}

#[cfg(test)]
mod tests {
    use pushnami_common::clock::Clock;

    use super::*;

    const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);
    const THERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));

    #[test]
    fn five_failures_close_the_door_for_a_minute_and_to_that_address_only() {
        let (clock, hands) = Clock::stopped_at("2026-01-02T12:00:00Z");
        let failed = FailedLogins::default();
        for _ in 0..4 {
            failed.record(HERE, clock.now());
            hands.advance(Duration::seconds(1));
        }
        assert_eq!(failed.seconds_to_wait(HERE, clock.now()), None);
        failed.record(HERE, clock.now());
        assert_eq!(failed.seconds_to_wait(HERE, clock.now()), Some(56));
        assert_eq!(failed.seconds_to_wait(THERE, clock.now()), None);
        hands.advance(Duration::seconds(56));
        assert_eq!(failed.seconds_to_wait(HERE, clock.now()), None);
    }

    #[test]
    fn a_right_password_starts_the_count_anew() {
        let (clock, _) = Clock::stopped_at("2026-01-02T12:00:00Z");
        let failed = FailedLogins::default();
        (0..5).for_each(|_| failed.record(HERE, clock.now()));
        failed.forget(HERE, clock.now());
        assert_eq!(failed.seconds_to_wait(HERE, clock.now()), None);
    }

    #[test]
    fn guessing_from_many_addresses_closes_the_door_to_all() {
        let (clock, _) = Clock::stopped_at("2026-01-02T12:00:00Z");
        let failed = FailedLogins::default();
        for last in 0..100 {
            failed.record(IpAddr::from([198, 51, 100, last]), clock.now());
        }
        assert_eq!(failed.seconds_to_wait(HERE, clock.now()), Some(60));
    }
}
