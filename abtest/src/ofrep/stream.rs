//! The change stream: tells clients that flags changed, never what they have become.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderName};
use axum::response::IntoResponse;
use futures_util::stream;
use metrics::gauge;
use pushnami_common::clock::Clock;
use pushnami_common::openapi::UnavailableProblem;
use pushnami_common::program::stopping;
use pushnami_common::{ApiError, ApiResult};
use serde_json::json;
use tokio::sync::watch;
use tokio::time::{Instant, timeout_at};

use crate::snapshot::Snapshots;

/// Where the stream is.
pub const PATH: &str = "/ofrep/v1/events";
/// The most who may listen to one copy of the service.
const MOST_LISTENERS: usize = 2000;
/// After how much quiet a heartbeat goes out. Proxies take a minute of quiet for death, some half of that.
const HEARTBEAT: Duration = Duration::from_secs(10);
/// After this time everybody comes back once.
const LONGEST: Duration = Duration::from_secs(15 * 60);
/// After how many milliseconds a client comes back.
const COME_BACK: &str = "retry: 1000\n\n";

/// Tells of changes
///
/// Server-sent events: a `message` with the type `refetchEvaluation` after each change of a toggle or an experiment, and at
/// once for whoever comes back with the `Last-Event-ID` of an earlier state. The client then evaluates anew.
#[utoipa::path(get, path = "/ofrep/v1/events", operation_id = "hear_changes", tag = "flags",
    params(("Last-Event-ID" = Option<String>, Header, description = "The id of the last message that was received")),
    responses((status = 200, description = "The stream; it ends now and then, and is to be opened again", content_type = "text/event-stream", body = String), UnavailableProblem))]
pub async fn hear_changes(
    State(snapshots): State<Snapshots>,
    State(clock): State<Clock>,
    headers: HeaderMap,
) -> ApiResult<impl IntoResponse> {
    let mut changes = snapshots.changes();
    if snapshots.listeners() > MOST_LISTENERS {
        return Err(ApiError::unavailable("too many listen already", 10));
    }
    let current = snapshots.current().await?.version;
    let last_seen = headers.get("last-event-id").and_then(|id| id.to_str().ok()).and_then(|id| id.parse().ok());
    changes.mark_unchanged();
    let listener = Listener {
        changes,
        clock,
        told: last_seen.unwrap_or(current),
        until: Instant::now() + LONGEST,
        greeted: false,
        _listening: Listening::begin(),
    };
    let messages = stream::unfold(listener, |mut listener| async move {
        listener.next().await.map(|message| (Ok::<_, std::convert::Infallible>(message), listener))
    });
    let headers = [
        (CONTENT_TYPE, "text/event-stream"),
        (CACHE_CONTROL, "no-store"),
        // For proxies that would otherwise gather an answer before they pass it on.
        (HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    Ok((headers, Body::from_stream(messages)))
}

struct Listener {
    changes: watch::Receiver<i64>,
    clock: Clock,
    /// The last version that the client knows.
    told: i64,
    until: Instant,
    greeted: bool,
    _listening: Listening,
}

impl Listener {
    /// What is to be said next; `None` at the end.
    async fn next(&mut self) -> Option<Bytes> {
        if !std::mem::replace(&mut self.greeted, true) {
            return Some(COME_BACK.into());
        }
        let version = *self.changes.borrow_and_update();
        if version != self.told {
            self.told = version;
            return Some(self.message());
        }
        let quiet_until = (Instant::now() + HEARTBEAT).min(self.until);
        tokio::select! {
            changed = timeout_at(quiet_until, self.changes.changed()) => match changed {
                Ok(Ok(())) => {
                    self.told = *self.changes.borrow_and_update();
                    Some(self.message())
                }
                Ok(Err(_)) => None,
                Err(_) if Instant::now() >= self.until => None,
                Err(_) => Some(Bytes::from_static(b": still here\n\n")),
            },
            () = stopping() => None,
        }
    }

    fn message(&self) -> Bytes {
        let version = self.told;
        let words = json!({
            "type": "refetchEvaluation", "etag": format!("\"{version}\""),
            "lastModified": self.clock.now().unix_timestamp(),
        });
        format!("id: {version}\nevent: message\ndata: {words}\n\n").into()
    }
}

/// One who listens, counted.
struct Listening;

impl Listening {
    fn begin() -> Self {
        gauge!("pushnami_sse_clients", "stream" => "flags").increment(1);
        Self
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        gauge!("pushnami_sse_clients", "stream" => "flags").decrement(1);
    }
}
