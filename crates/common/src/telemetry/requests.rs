//! Requests, counted and timed by route. What a route counts in is looked up once and kept.

use std::collections::HashMap;
use std::sync::{LazyLock, PoisonError, RwLock};
use std::time::Duration;

use axum::http::Method;
use metrics::{Counter, Histogram};

const ANSWERED: &str = "pushnami_http_requests_total";
const DURATION: &str = "pushnami_http_request_duration_seconds";

/// What a kind of request counts in: the routes, methods and statuses of a service are few.
type Kinds = HashMap<String, Vec<Kind>>;

struct Kind {
    service: &'static str,
    method: &'static str,
    status: u16,
    answered: Counter,
    duration: Histogram,
}

static KINDS: LazyLock<RwLock<Kinds>> = LazyLock::new(RwLock::default);

pub(super) fn describe() {
    metrics::describe_counter!(ANSWERED, "Requests answered.");
    metrics::describe_histogram!(DURATION, "From request to answer.");
}

/// Counts a request that was answered after `elapsed`.
pub(super) fn count_request(service: &'static str, method: &Method, route: &str, status: u16, elapsed: Duration) {
    let method = known_method(method);
    let count = |kind: &Kind| {
        kind.answered.increment(1);
        kind.duration.record(elapsed.as_secs_f64());
    };
    let is_it = |kind: &&Kind| kind.service == service && kind.method == method && kind.status == status;
    {
        let kinds = KINDS.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(kind) = kinds.get(route).and_then(|kinds| kinds.iter().find(is_it)) {
            return count(kind);
        }
    }
    let kind = Kind::new(service, method, route, status);
    count(&kind);
    let mut kinds = KINDS.write().unwrap_or_else(PoisonError::into_inner);
    let known = kinds.entry(route.to_owned()).or_default();
    // Two may have met it at one moment.
    if known.iter().find(is_it).is_none() {
        known.push(kind);
    }
}

impl Kind {
    fn new(service: &'static str, method: &'static str, route: &str, status: u16) -> Self {
        let labels = [
            ("service", service.to_owned()),
            ("method", method.to_owned()),
            ("route", route.to_owned()),
            ("status", status.to_string()),
        ];
        Self {
            service,
            method,
            status,
            answered: metrics::counter!(ANSWERED, &labels),
            duration: metrics::histogram!(DURATION, &labels[..3]),
        }
    }
}

/// A method anybody may invent must not become a label.
fn known_method(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        Method::PATCH => "PATCH",
        _ => "other",
    }
}
