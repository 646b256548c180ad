//! The admin reads the log.

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse;
use pushnami_common::auth::Admin;
use pushnami_common::clock::Clock;
use pushnami_common::error::{ApiError, ApiResult, FieldError};
use pushnami_common::extract::{Json, Query};
use pushnami_common::openapi::{AdminProblems, InputProblems};
use sqlx::PgPool;
use uuid::Uuid;

use super::export::file_of_events;
use super::model::{EventsOf, ExportFormat, ExportQuery};
use super::store;
use crate::events::model::{Event, EventQuery};

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
) -> ApiResult<Json<EventsOf>> {
    let after = match query.before {
        None => None,
        Some(id) => Some(store::find_position(&db, id).await?.ok_or_else(|| no_such_event(id))?),
    };
    let (limit, offset) = (query.limit, query.offset);
    Ok(Json(EventsOf(store::list_rows(&db, &query.into(), after, limit, offset).await?)))
}

/// Gives events as a file, newest first
///
/// All that fit the filters, however many: the file is written while it is read. A cell that a spreadsheet would take for
/// a formula begins with an apostrophe. A file that breaks off ends its connection without an end, so that no client
/// takes it for whole.
#[utoipa::path(
    get,
    path = "/api/events/export",
    operation_id = "export_events",
    tag = "events",
    params(ExportQuery),
    responses(
        (status = 200, description = "The events", content((String = "text/csv"), (String = "application/x-ndjson"))),
        InputProblems, AdminProblems
    ),
    security(("bearer" = []), ("cookie" = []))
)]
pub async fn export_events(
    _: Admin,
    State(db): State<PgPool>,
    State(clock): State<Clock>,
    Query(query): Query<ExportQuery>,
) -> ApiResult<impl IntoResponse> {
    let format = query.format;
    let (media, extension) = match format {
        ExportFormat::Csv => ("text/csv; charset=utf-8; header=present", "csv"),
        ExportFormat::Ndjson => ("application/x-ndjson", "ndjson"),
    };
    let file = file_of_events(db, query.into(), format).await?;
    let name = format!("attachment; filename=\"events-{}.{extension}\"", clock.now().date());
    let headers = [
        (CONTENT_TYPE, media.to_owned()),
        (CONTENT_DISPOSITION, name),
        (CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    Ok((headers, file))
}

fn no_such_event(id: Uuid) -> ApiError {
    ApiError::invalid(vec![FieldError::new("/before", format!("must be the id of an event, and none has `{id}`"))])
}
