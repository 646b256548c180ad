//! How much one caller may ask for: how often something may be changed, and how long an address may be.
//!
//! Whoever calls from a network of [`crate::caller::Proxies`] is not counted: our own services call each other from there.

use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroU32;
use std::sync::{Mutex, OnceLock};
use std::time::Duration;

use axum::extract::{ConnectInfo, Request};
use axum::http::{Method, StatusCode};
use governor::clock::Clock as GovernorClock;
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, RateLimiter};

use crate::caller::{caller, is_trusted, network};
use crate::clock::Clock;
use crate::error::ApiError;

/// The longest path with its query, in bytes: the longest filter of the event log, every letter escaped.
const LONGEST_ADDRESS: usize = 16 * 1024;
/// How many calls that change something one network may make in a minute, unless the operator says otherwise. An office of
/// some hundred people, all of whom read the page at this moment, makes a few hundred.
pub const WRITES_PER_MINUTE: u32 = 6_000;
/// How many networks are remembered. Beyond, more are let in uncounted: everybody would be shut out otherwise, and what
/// the database takes is bounded by itself.
const MOST_NETWORKS: usize = 100_000;
/// How often forgotten networks are looked for when there is no room.
const SWEEP: Duration = Duration::from_secs(1);
/// What was refused before it was heard, by the reason.
pub const REFUSED: &str = "pushnami_refused_total";

static CHOSEN: OnceLock<u32> = OnceLock::new();

/// Says once, for the whole process, how many calls that change something one network may make in a minute.
pub fn set_writes_per_minute(number: u32) {
    let _ = CHOSEN.set(number);
}

/// What was said, or the usual number.
pub fn writes_per_minute() -> u32 {
    CHOSEN.get().copied().unwrap_or(WRITES_PER_MINUTE)
}

/// Our clock, as governor asks for it.
#[derive(Clone, Debug)]
pub struct Ticks(pub Clock);

impl GovernorClock for Ticks {
    type Instant = Duration;

    fn now(&self) -> Duration {
        self.0.running()
    }
}

/// Counts by network the calls that change something.
#[derive(Debug)]
pub struct WriteLimit {
    limiter: Option<RateLimiter<IpAddr, DefaultKeyedStateStore<IpAddr>, Ticks, NoOpMiddleware<Duration>>>,
    ticks: Ticks,
    swept: Mutex<Duration>,
}

impl WriteLimit {
    /// So many in a minute, a third of them at once; without a limit for 0.
    pub fn new(per_minute: u32, clock: Clock) -> Self {
        let ticks = Ticks(clock);
        let limiter = NonZeroU32::new(per_minute).map(|per_minute| {
            let at_once = NonZeroU32::new(per_minute.get().div_ceil(3)).expect("a third of something, rounded up");
            let quota = Quota::per_minute(per_minute).allow_burst(at_once);
            RateLimiter::new(quota, DefaultKeyedStateStore::default(), ticks.clone())
        });
        Self { limiter, ticks, swept: Mutex::default() }
    }

    /// Why a request is not even heard, if it is not.
    ///
    /// # Errors
    /// 414 for an address that is too long, 429 for one who changes too much.
    pub fn admit(&self, request: &Request) -> Result<(), ApiError> {
        if request.uri().path_and_query().is_some_and(|address| address.as_str().len() > LONGEST_ADDRESS) {
            metrics::counter!(REFUSED, "reason" => "long_address").increment(1);
            let detail = format!("the address is longer than {LONGEST_ADDRESS} bytes");
            return Err(ApiError::new(StatusCode::URI_TOO_LONG, detail));
        }
        if !changes_something(request) {
            return Ok(());
        }
        let Some(ConnectInfo(peer)) = request.extensions().get::<ConnectInfo<SocketAddr>>() else { return Ok(()) };
        let caller = caller(peer.ip(), request.headers());
        if is_trusted(caller) {
            return Ok(());
        }
        self.count(caller).map_err(|seconds| {
            metrics::counter!(REFUSED, "reason" => "too_often").increment(1);
            ApiError::too_many_requests(format!("too many calls from this address; try again in {seconds} s"), seconds)
        })
    }

    fn count(&self, address: IpAddr) -> Result<(), u64> {
        let Some(limiter) = &self.limiter else { return Ok(()) };
        if limiter.len() >= MOST_NETWORKS && !self.has_room_after_sweeping() {
            return Ok(());
        }
        limiter.check_key(&network(address)).map_err(|refusal| {
            let wait = refusal.wait_time_from(self.ticks.now());
            // Rounded up: whoever comes back then must not be refused again.
            wait.as_secs() + u64::from(wait.subsec_nanos() > 0)
        })
    }

    fn has_room_after_sweeping(&self) -> bool {
        let (Some(limiter), Ok(mut swept)) = (&self.limiter, self.swept.try_lock()) else { return false };
        let now = self.ticks.now();
        if *swept + SWEEP > now {
            return false;
        }
        *swept = now;
        // Whoever may do everything again need not be remembered.
        limiter.retain_recent();
        limiter.len() < MOST_NETWORKS
    }
}

/// Assigning is the one reading call that writes: whoever is new is remembered.
fn changes_something(request: &Request) -> bool {
    match *request.method() {
        Method::GET => request.uri().path() == "/api/assign",
        Method::HEAD | Method::OPTIONS => false,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    fn call(method: &str, path: &str, peer: &str) -> Request {
        let mut request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
        request.extensions_mut().insert(ConnectInfo(SocketAddr::new(peer.parse().unwrap(), 50_000)));
        request
    }

    fn status(limit: &WriteLimit, request: &Request) -> u16 {
        limit.admit(request).err().map_or(200, |refusal| refusal.status().as_u16())
    }

    #[test]
    fn who_changes_too_much_waits_and_nobody_else_does() {
        let (clock, hands) = Clock::stopped_at("2026-01-02T03:04:05Z");
        let limit = WriteLimit::new(6, clock);
        let write = call("POST", "/api/events", "192.0.2.7");
        assert_eq!((0..3).map(|_| status(&limit, &write)).collect::<Vec<_>>(), [200, 200, 429]);
        assert_eq!(status(&limit, &call("GET", "/api/assign?visitor_id=a", "192.0.2.7")), 429);
        assert_eq!(status(&limit, &call("GET", "/api/toggles", "192.0.2.7")), 200, "reading is free");
        assert_eq!(status(&limit, &call("POST", "/api/events", "192.0.2.8")), 200, "another network");
        for ours in ["127.0.0.1", "172.18.0.5", "fd00::1"] {
            assert!((0..10).all(|_| status(&limit, &call("POST", "/api/events", ours)) == 200), "{ours}");
        }
        hands.advance(time::Duration::seconds(10));
        assert_eq!((status(&limit, &write), status(&limit, &write)), (200, 429));
    }

    #[test]
    fn zero_is_no_limit() {
        let limit = WriteLimit::new(0, Clock::stopped_at("2026-01-02T03:04:05Z").0);
        assert!((0..100).all(|_| status(&limit, &call("POST", "/", "192.0.2.7")) == 200));
    }

    #[test]
    fn an_address_has_an_end() {
        let limit = WriteLimit::new(1, Clock::stopped_at("2026-01-02T03:04:05Z").0);
        let of_length = |length: usize| call("GET", &format!("/?{}", "q".repeat(length - 2)), "127.0.0.1");
        assert_eq!(status(&limit, &of_length(LONGEST_ADDRESS)), 200);
        assert_eq!(status(&limit, &of_length(LONGEST_ADDRESS + 1)), 414);
    }
}
