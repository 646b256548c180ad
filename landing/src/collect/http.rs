//! Collecting events over HTTP.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::http::header::{USER_AGENT, VARY};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use pushnami_common::auth::is_same_origin;
use pushnami_common::error::Problem;
use pushnami_common::extract::{BeaconJson, Json};
use pushnami_common::openapi::{BodyProblems, InputProblems};
use pushnami_common::privacy::WISHES;
use pushnami_common::telemetry::trace_context::TraceContext;
use pushnami_common::{ApiError, ApiResult};

use super::model::PageEvents;
use crate::metrics::{BatchReceipt, Metrics};
use crate::visitor;
use crate::wishes::Untracked;

/// Takes the page's events and answers once metrics has them.
///
/// The visitor is the one of the cookie. 201 means committed; after anything but 201 and 204 the page keeps its events and
/// sends them again under the same ids, so that each counts once. A `text/plain` body is read as JSON.
#[utoipa::path(post, path = "/api/collect", tag = "page",
    params(("visitor_id" = uuid::Uuid, Cookie, description = "The visitor; the page sets it")),
    request_body(content((PageEvents = "application/json"), (PageEvents = "text/plain"))),
    responses((status = 201, description = "All events are committed", body = BatchReceipt),
        (status = 204, description = "The visitor asked not to be recorded; the events are dropped"),
        (status = 403, description = "The call comes from a page of another origin", body = Problem, content_type = "application/problem+json"),
        InputProblems, BodyProblems))]
pub async fn collect_events(
    State(metrics): State<Metrics>,
    State(allowed_origins): State<Arc<[String]>>,
    Extension(trace): Extension<TraceContext>,
    State(untracked): State<Untracked>,
    headers: HeaderMap,
    body: ApiResult<BeaconJson<PageEvents>>,
) -> ApiResult<Response> {
    if !is_same_origin(&headers, &allowed_origins) {
        return Err(ApiError::new(StatusCode::FORBIDDEN, "the call comes from a page of another origin"));
    }
    if visitor::asks_not_to_be_recorded(&headers) {
        untracked.add(body.map_or(0, |BeaconJson(events)| events.0.len() as u64));
        return Ok((StatusCode::NO_CONTENT, [(VARY, WISHES)]).into_response());
    }
    let BeaconJson(events) = body?;
    let visitor = visitor::known(&headers)
        .ok_or_else(|| ApiError::bad_request("the cookie `visitor_id` is missing; the page sets it"))?;
    // A header that is no text tells nothing about a browser.
    let user_agent = headers.get(USER_AGENT).and_then(|agent| agent.to_str().ok());
    let receipt: BatchReceipt = metrics.record(&events.of_visitor(&visitor, user_agent), &trace).await?;
    Ok((StatusCode::CREATED, [(VARY, WISHES)], Json(receipt)).into_response())
}
