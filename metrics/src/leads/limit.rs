//! How many leads may come from one address: a few at once, then one a minute.
//!
//! People who write together from one office share an address, hence the few; a robot needs many. Each copy of the service
//! counts for itself: the limit is against floods, not an account.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::Clock as GovernorClock;
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, RateLimiter};
use pushnami_common::caller::network;
use pushnami_common::clock::Clock;
use pushnami_common::limits::Ticks;

/// How many leads an address may send at once.
pub const AT_ONCE: u32 = 5;
/// How long it takes until it may send one more.
pub const ONE_MORE_AFTER: Duration = Duration::from_secs(60);
/// How many addresses are remembered. With so many different ones within minutes we are under attack, and bounded memory
/// is worth more than the few people who write in that moment; they read how long to wait.
const MOST_ADDRESSES: usize = 50_000;

/// Counts leads by the network they come from.
#[derive(Debug)]
pub struct LeadLimit {
    limiter: RateLimiter<IpAddr, DefaultKeyedStateStore<IpAddr>, Ticks, NoOpMiddleware<Duration>>,
    ticks: Ticks,
}

impl LeadLimit {
    /// A limit that nobody has touched.
    pub fn new(clock: Clock) -> Self {
        let at_once = NonZeroU32::new(AT_ONCE).expect("more than none");
        let quota = Quota::with_period(ONE_MORE_AFTER).expect("longer than nothing").allow_burst(at_once);
        let ticks = Ticks(clock);
        Self { limiter: RateLimiter::new(quota, DefaultKeyedStateStore::default(), ticks.clone()), ticks }
    }

    /// Counts one more lead from this address.
    ///
    /// # Errors
    /// When it has sent too many: the whole seconds until the next is taken.
    pub fn count(&self, address: IpAddr) -> Result<(), u64> {
        if self.limiter.len() >= MOST_ADDRESSES {
            // Whoever may send all of theirs again need not be remembered.
            self.limiter.retain_recent();
            if self.limiter.len() >= MOST_ADDRESSES {
                return Err(ONE_MORE_AFTER.as_secs());
            }
        }
        self.limiter.check_key(&network(address)).map_err(|refusal| {
            let wait = refusal.wait_time_from(self.ticks.now());
            // Rounded up: whoever comes back then must not be refused again.
            wait.as_secs() + u64::from(wait.subsec_nanos() > 0)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(number: u32) -> IpAddr {
        IpAddr::V4(std::net::Ipv4Addr::from_bits(number))
    }

    #[test]
    fn a_few_at_once_then_one_a_minute() {
        let (clock, hands) = Clock::stopped_at("2026-01-02T03:04:05Z");
        let limit = LeadLimit::new(clock);
        for _ in 0..AT_ONCE {
            assert_eq!(limit.count(address(1)), Ok(()));
        }
        assert_eq!(limit.count(address(1)), Err(60));
        assert_eq!(limit.count(address(2)), Ok(()), "another address is another count");
        hands.advance(time::Duration::milliseconds(59_500));
        assert_eq!(limit.count(address(1)), Err(1));
        hands.advance(time::Duration::milliseconds(500));
        assert_eq!(limit.count(address(1)), Ok(()));
        assert_eq!(limit.count(address(1)), Err(60));
    }

    #[test]
    fn it_remembers_only_so_many_addresses_and_forgets_them_in_time() {
        let (clock, hands) = Clock::stopped_at("2026-01-02T03:04:05Z");
        let limit = LeadLimit::new(clock);
        for number in 0..u32::try_from(MOST_ADDRESSES).unwrap() {
            assert_eq!(limit.count(address(number)), Ok(()));
        }
        assert_eq!(limit.count(address(u32::MAX)), Err(60));
        hands.advance(time::Duration::minutes(10));
        assert_eq!(limit.count(address(u32::MAX)), Ok(()));
    }
}
