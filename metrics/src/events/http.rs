//! The calls of events: anybody reports them, the admin reads them.

use std::slice;

use axum::extract::State;
use axum::http::StatusCode;
use pushnami_common::auth::Admin;
use pushnami_common::clock::Clock;
use pushnami_common::error::{ApiError, ApiResult, FieldError};
use pushnami_common::extract::{BeaconJson, Json, Object, Query};
use pushnami_common::openapi::{AdminProblems, BodyProblems, InputProblems};
use sqlx::PgPool;

use super::counters::{Outcome, count};
use super::model::{Batch, BatchReceipt, Event, EventQuery, NewEvent, Recording};
use super::store;

/// Records an event
///
/// The answer means that the event is committed. An `id` that is stored already answers with the stored event, which
/// counts once; so whoever got no answer may send the same event again. A `text/plain` body is read as JSON.
#[utoipa::path(
    post,
    path = "/api/events",
    operation_id = "record_event",
    tag = "events",
    request_body(content((NewEvent = "application/json"), (NewEvent = "text/plain"))),
    responses((status = 201, description = "The event is committed", body = Event), InputProblems, BodyProblems)
)]
pub async fn record_event(
    State(db): State<PgPool>,
    State(clock): State<Clock>,
    body: ApiResult<BeaconJson<Object<NewEvent>>>,
) -> ApiResult<(StatusCode, Json<Event>)> {
    let BeaconJson(Object(new)) = body.inspect_err(|_| count(Outcome::Invalid, 1))?;
    let recording = Recording::of(new, clock.now());
    let created = store::record_events(&db, slice::from_ref(&recording)).await?;
    if !created.is_empty() {
        count(Outcome::Stored, 1);
        return Ok((StatusCode::CREATED, Json(recording.event)));
    }
    count(Outcome::Duplicate, 1);
    // Should the stored one be erased in this very moment, then what the client sent is what was stored.
    let stored = store::find_event(&db, recording.event.id).await?.unwrap_or(recording.event);
    Ok((StatusCode::CREATED, Json(stored)))
}

/// Records up to 1000 events, all or none
///
/// The answer means that all are committed. Events whose `id` is stored already count as `duplicates`; of several with
/// one `id` in the same batch the first is recorded. A `text/plain` body is read as JSON.
#[utoipa::path(
    post,
    path = "/api/events/batch",
    operation_id = "record_batch",
    tag = "events",
    request_body(content((Batch = "application/json"), (Batch = "text/plain"))),
    responses((status = 201, description = "All events are committed", body = BatchReceipt), InputProblems, BodyProblems)
)]
pub async fn record_batch(
    State(db): State<PgPool>,
    State(clock): State<Clock>,
    body: ApiResult<BeaconJson<Batch>>,
) -> ApiResult<(StatusCode, Json<BatchReceipt>)> {
    let BeaconJson(batch) = body.inspect_err(|_| count(Outcome::Invalid, 1))?;
    let recordings = Recording::of_batch(batch, clock.now());
    let created = store::record_events(&db, &recordings).await?.len();
    let duplicates = recordings.len() - created;
    count(Outcome::Stored, created);
    count(Outcome::Duplicate, duplicates);
    Ok((StatusCode::CREATED, Json(BatchReceipt { created, duplicates })))
}

/// Lists events, newest first
///
/// Filters narrow each other. `before` continues where a page ended and stays right while new events arrive.
#[utoipa::path(
    get,
    path = "/api/events",
    operation_id = "list_events",
    tag = "events",
    params(EventQuery),
    responses((status = 200, description = "A page of the log", body = [Event]), InputProblems, AdminProblems),
    security(("bearer" = []), ("cookie" = []))
)]
pub async fn list_events(
    _: Admin,
    State(db): State<PgPool>,
    Query(query): Query<EventQuery>,
) -> ApiResult<Json<Vec<Event>>> {
    let after = match query.before {
        None => None,
        Some(id) => Some(store::find_position(&db, id).await?.ok_or_else(|| no_such_event(id))?),
    };
    Ok(Json(store::list_events(&db, &query, after).await?))
}

fn no_such_event(id: uuid::Uuid) -> ApiError {
    ApiError::invalid(vec![FieldError::new("/before", format!("must be the id of an event, and none has `{id}`"))])
}
