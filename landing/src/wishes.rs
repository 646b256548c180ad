//! Visitors' wishes, where they arrive: what the operator does not heed is taken off at the door, an old cookie goes when
//! the operator wants that, and how often a page was shown to somebody who is not recorded is told to metrics, which
//! keeps that number and nothing else.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderValue, Method};
use axum::middleware::Next;
use axum::response::Response;
use pushnami_common::auth::AdminKey;
use pushnami_common::extract::Json;
use pushnami_common::privacy::{GpcSupport, PrivacyPolicy, asks_not_to_be_recorded};
use tokio::sync::Notify;

use crate::abtest::cookie::ASSIGNMENT_COOKIE;
use crate::metrics::Metrics;
use crate::visitor::{VISITOR_COOKIE, known};

/// How long pages are counted before metrics hears of them.
const TOLD_EVERY: Duration = Duration::from_secs(1);
/// How long to wait after metrics did not listen.
const TOLD_AGAIN_AFTER: Duration = Duration::from_secs(10);
/// The most that one call tells.
const MOST_TOLD: u64 = 1_000_000;

/// Counts what is not recorded, until metrics has heard of it. A tally, not an account: a process that is killed takes
/// the last second's with it.
#[derive(Clone, Debug, Default)]
pub struct Untracked(Arc<Counter>);

#[derive(Debug, Default)]
struct Counter {
    pending: AtomicU64,
    counted: Notify,
}

impl Untracked {
    /// Counts more that was not recorded.
    pub fn add(&self, events: u64) {
        self.0.pending.fetch_add(events, Ordering::Relaxed);
        self.0.counted.notify_one();
    }

    /// Tells metrics what was counted, and says whether it listened. What it did not hear is told next time.
    pub async fn tell(&self, metrics: &Metrics, admin: &AdminKey) -> bool {
        let events = self.0.pending.swap(0, Ordering::Relaxed);
        let told = events.min(MOST_TOLD);
        if told == 0 {
            return true;
        }
        let heard = metrics.tell_untracked(told, &admin.vouch_for(IpAddr::V4(Ipv4Addr::LOCALHOST)).await).await;
        if let Err(error) = &heard {
            tracing::debug!(%error, "metrics did not hear what was not recorded");
        }
        let rest = if heard.is_ok() { events - told } else { events };
        self.0.pending.fetch_add(rest, Ordering::Relaxed);
        heard.is_ok()
    }

    /// Goes on telling, for as long as the process lives. Rests while there is nothing to tell.
    pub async fn keep_telling(self, metrics: Metrics, admin: AdminKey) {
        loop {
            self.0.counted.notified().await;
            tokio::time::sleep(TOLD_EVERY).await;
            while !self.tell(&metrics, &admin).await {
                tokio::time::sleep(TOLD_AGAIN_AFTER).await;
            }
        }
    }
}

/// Around every call: handlers see only the wishes that are heeded.
pub async fn heed_wishes(
    State((policy, untracked)): State<(PrivacyPolicy, Untracked)>,
    mut request: Request,
    next: Next,
) -> Response {
    policy.take_off_unheeded(request.headers_mut());
    let is_page = request.uri().path() == "/" && request.method() == Method::GET;
    if !is_page || !asks_not_to_be_recorded(request.headers()) {
        return next.run(request).await;
    }
    let came_before = known(request.headers()).is_some();
    let mut response = next.run(request).await;
    if response.status().is_success() {
        untracked.add(1);
    }
    if policy.clear && came_before {
        for name in [VISITOR_COOKIE, ASSIGNMENT_COOKIE] {
            let gone = format!("{name}=; Path=/; Max-Age=0; SameSite=Lax; HttpOnly");
            response.headers_mut().append(SET_COOKIE, HeaderValue::from_str(&gone).expect("plain ASCII"));
        }
    }
    response
}

/// Says how the site answers Global Privacy Control.
#[utoipa::path(get, path = "/.well-known/gpc.json", tag = "page", operation_id = "find_gpc_support",
    responses((status = 200, description = "Whether the site abides by it, and since when", body = GpcSupport)))]
pub async fn find_gpc_support(State(policy): State<PrivacyPolicy>) -> Json<GpcSupport> {
    Json(policy.support())
}
