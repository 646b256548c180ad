//! Recording events: anybody reports them. Reading them is in [`log`](crate::log).

use std::collections::HashSet;

use axum::extract::{FromRef, FromRequest, Request, State};
use axum::http::header::VARY;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use garde::Validate;
use pushnami_common::clock::Clock;
use pushnami_common::error::{ApiError, ApiResult};
use pushnami_common::extract::{Json, Object, parse_json, read_beacon};
use pushnami_common::openapi::{BodyProblems, InputProblems};
use pushnami_common::privacy::{WISHES, asks_not_to_be_recorded};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::PgPool;

use super::counters::{Outcome, count};
use super::model::{Batch, BatchReceipt, Event, NewEvent, Recording};
use super::recorder::{Recorder, Room};
use super::store;
use crate::untracked;

/// Records an event
///
/// The answer means that the event is committed. An `id` that is stored already answers with the stored event, which
/// counts once; so whoever got no answer may send the same event again. A `text/plain` body is read as JSON.
/// With `Sec-GPC: 1` or `DNT: 1` nothing of the event is kept.
#[utoipa::path(
    post,
    path = "/api/events",
    operation_id = "record_event",
    tag = "events",
    request_body(content((NewEvent = "application/json"), (NewEvent = "text/plain"))),
    responses(
        (status = 201, description = "The event is committed", body = Event),
        (status = 204, description = "The visitor asked not to be recorded; the event is dropped"),
        InputProblems, BodyProblems
    )
)]
pub async fn record_event(
    State(db): State<PgPool>,
    State(clock): State<Clock>,
    State(recorder): State<Recorder>,
    headers: HeaderMap,
    Reported(Object(new), room): Reported<Object<NewEvent>>,
) -> ApiResult<Response> {
    if asks_not_to_be_recorded(&headers) {
        return drop_events(&db, &clock, 1).await;
    }
    let recording = Recording::of(new, clock.now());
    let known = recorder.record(vec![recording.clone()], room).await?;
    if known.is_empty() {
        count(Outcome::Stored, 1);
        return Ok(recorded(recording.event));
    }
    count(Outcome::Duplicate, 1);
    // Should the stored one be erased in this very moment, then what the client sent is what was stored.
    let stored = store::find_event(&db, recording.event.id).await?.unwrap_or(recording.event);
    Ok(recorded(stored))
}

/// Records up to 1000 events, all or none
///
/// The answer means that all are committed. Events whose `id` is stored already count as `duplicates`; of several with
/// one `id` in the same batch the first is recorded. A `text/plain` body is read as JSON. With `Sec-GPC: 1` or `DNT: 1`
/// nothing of the events is kept.
#[utoipa::path(
    post,
    path = "/api/events/batch",
    operation_id = "record_batch",
    tag = "events",
    request_body(content((Batch = "application/json"), (Batch = "text/plain"))),
    responses(
        (status = 201, description = "All events are committed", body = BatchReceipt),
        (status = 204, description = "The visitors asked not to be recorded; the events are dropped"),
        InputProblems, BodyProblems
    )
)]
pub async fn record_batch(
    State(db): State<PgPool>,
    State(clock): State<Clock>,
    State(recorder): State<Recorder>,
    headers: HeaderMap,
    Reported(batch, room): Reported<Batch>,
) -> ApiResult<Response> {
    if asks_not_to_be_recorded(&headers) {
        return drop_events(&db, &clock, batch.0.len()).await;
    }
    let mut recordings = Recording::of_batch(batch, clock.now());
    let sent = recordings.len();
    let mut seen = HashSet::with_capacity(sent);
    recordings.retain(|recording| seen.insert(recording.event.id));
    let within = sent - recordings.len();
    let duplicates = within + recorder.record(recordings, room).await?.len();
    let created = sent - duplicates;
    count(Outcome::Stored, created);
    count(Outcome::Duplicate, duplicates);
    Ok(recorded(BatchReceipt { created, duplicates }))
}

/// Keeps nothing of the events but how many there were.
async fn drop_events(db: &PgPool, clock: &Clock, events: usize) -> ApiResult<Response> {
    untracked::store::add_untracked(db, events as i64, clock.now()).await?;
    count(Outcome::NoTrack, events);
    Ok((StatusCode::NO_CONTENT, [(VARY, WISHES)]).into_response())
}

fn recorded(receipt: impl Serialize) -> Response {
    (StatusCode::CREATED, [(VARY, WISHES)], Json(receipt)).into_response()
}

/// What a body reports, and the room it has in the queue. Refusing is cheap: under overload no body is read in vain, and
/// none is parsed.
pub struct Reported<T>(T, Room);

impl<S, T> FromRequest<S> for Reported<T>
where
    S: Send + Sync,
    Recorder: FromRef<S>,
    T: DeserializeOwned + Validate<Context = ()>,
{
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> ApiResult<Self> {
        let recorder = Recorder::from_ref(state);
        recorder.check_room()?;
        let refused = |_: &ApiError| count(Outcome::Invalid, 1);
        let body = read_beacon(request, state).await.inspect_err(refused)?;
        let room = recorder.reserve(body.len())?;
        parse_json(&body).map(|reported| Self(reported, room)).inspect_err(refused)
    }
}
