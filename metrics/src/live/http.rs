//! The admin listens.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderName};
use axum::response::IntoResponse;
use futures_util::stream::{self, Stream, StreamExt};
use pushnami_common::auth::Admin;
use pushnami_common::error::{ApiError, ApiResult, FieldError};
use pushnami_common::openapi::{AdminProblems, InputProblems};
use pushnami_common::program::stopping;
use sqlx::PgPool;
use tokio::time::{Instant, timeout_at};

use super::follower::{Listener, Live};
use super::{model, store};

/// How a browser says where it was.
const LAST_EVENT_ID: &str = "last-event-id";
/// After this time everybody comes back once, and shows again that they may listen.
const LONGEST: Duration = Duration::from_secs(15 * 60);
/// How many missed events are read at a time.
const PAGE: i64 = 250;

/// Sends every new event, and the counts as they change
///
/// Server-sent events: `event` for each event as `GET /api/events` lists it, in the order of commits; `stats`, at most
/// once a second while something changes, as `GET /api/stats` answers without filters; `reset` when more was missed than
/// is sent again, so that what is shown must be read anew. Whoever comes back with `Last-Event-ID` (browsers do so by
/// themselves) gets what was missed first.
#[utoipa::path(
    get,
    path = "/api/live",
    operation_id = "listen",
    tag = "events",
    params(("Last-Event-ID" = Option<i64>, Header, description = "The id of the last message that was received", minimum = 0)),
    responses(
        (status = 200, description = "The stream; it ends now and then, and is to be opened again", content_type = "text/event-stream", body = String),
        InputProblems, AdminProblems
    ),
    security(("bearer" = []), ("cookie" = []))
)]
pub async fn listen(
    _: Admin,
    State(db): State<PgPool>,
    State(live): State<Live>,
    headers: HeaderMap,
) -> ApiResult<impl IntoResponse> {
    let last_seen = read_last_event_id(&headers)?;
    let listener = live.listen().await?;
    let missed = Missed { db, after: last_seen.unwrap_or(listener.position), until: listener.position };
    let start = match last_seen {
        Some(last_seen) if listener.position - last_seen > model::MOST_MISSED => model::reset(listener.position),
        Some(last_seen) => model::beginning(last_seen),
        None => model::beginning(listener.position),
    };
    let is_reset = missed.until - missed.after > model::MOST_MISSED;
    let messages = stream::once(async { Ok(start) })
        .chain(if is_reset { stream::empty().left_stream() } else { missed.pages().right_stream() })
        .chain(follow(listener));
    let headers = [
        (CONTENT_TYPE, "text/event-stream"),
        (CACHE_CONTROL, "no-store"),
        // For proxies that would otherwise gather an answer before they pass it on.
        (HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    Ok((headers, Body::from_stream(messages)))
}

fn read_last_event_id(headers: &HeaderMap) -> ApiResult<Option<i64>> {
    let Some(value) = headers.get(LAST_EVENT_ID) else { return Ok(None) };
    let id = value.to_str().ok().and_then(|text| text.parse().ok()).filter(|id| *id >= 0);
    let refusal = || FieldError::new("Last-Event-ID", "must be the id of a message of this stream");
    id.map(Some).ok_or_else(|| ApiError::invalid(vec![refusal()]))
}

/// What happened while a listener was away.
struct Missed {
    db: PgPool,
    after: i64,
    until: i64,
}

impl Missed {
    fn pages(self) -> impl Stream<Item = Result<Bytes, sqlx::Error>> {
        stream::try_unfold(self, |mut missed| async move {
            if missed.after >= missed.until {
                return Ok(None);
            }
            let mut rows = store::list_after(&missed.db, missed.after, PAGE).await?;
            rows.retain(|row| row.seq <= missed.until);
            let Some(last) = rows.last() else { return Ok(None) };
            missed.after = last.seq;
            Ok(Some((model::events(&rows).concat().into(), missed)))
        })
    }
}

/// Everything from now on, until the listener is too slow, has listened for long enough, or the service stops.
fn follow(listener: Listener) -> impl Stream<Item = Result<Bytes, sqlx::Error>> {
    let until = Instant::now() + LONGEST;
    stream::unfold(listener, move |mut listener| async move {
        let message = tokio::select! {
            message = timeout_at(until, listener.next()) => message.ok().flatten(),
            () = stopping() => None,
        };
        message.map(|message| (Ok(message), listener))
    })
}
