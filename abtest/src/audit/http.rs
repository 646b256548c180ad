//! The audit trail over HTTP. The admin reads it; nobody writes it but the changes themselves.

use axum::body::Body;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse;
use futures_util::stream::{self, TryStreamExt};
use pushnami_common::ApiResult;
use pushnami_common::auth::Admin;
use pushnami_common::clock::Clock;
use pushnami_common::extract::{Json, Path, Query};
use pushnami_common::openapi::{AdminProblems, InputProblems, NotFoundProblem};
use sqlx::PgPool;

use super::model::{AuditEntry, AuditQuery};
use super::{revert, store};
use crate::snapshot::Snapshots;

/// How many entries an export reads at a time.
const PAGE: i64 = 500;

/// Lists what was changed, newest first.
#[utoipa::path(get, path = "/api/audit", tag = "audit", params(AuditQuery),
    responses((status = 200, description = "These entries", body = Vec<AuditEntry>), InputProblems, AdminProblems),
    security(("bearer" = []), ("cookie" = [])))]
pub async fn list_audit(
    _: Admin,
    State(db): State<PgPool>,
    Query(query): Query<AuditQuery>,
) -> ApiResult<Json<Vec<AuditEntry>>> {
    Ok(Json(store::list(&db, &query).await?))
}

/// Gives the whole trail as a file, one entry a line, oldest first. With the last hash kept elsewhere, nobody can take
/// entries off its end unnoticed.
#[utoipa::path(get, path = "/api/audit/export", tag = "audit",
    responses((status = 200, description = "The file", body = String, content_type = "application/x-ndjson"), InputProblems, AdminProblems),
    security(("bearer" = []), ("cookie" = [])))]
pub async fn export_audit(_: Admin, State(db): State<PgPool>) -> ApiResult<impl IntoResponse> {
    // The first page is read before anything is answered, so that a database that is away is a refusal and not half a file.
    let first = store::list_after(&db, 0, PAGE).await?;
    let pages = stream::try_unfold(Some(first), move |page| {
        let db = db.clone();
        async move {
            let Some(page) = page else { return Ok::<_, sqlx::Error>(None) };
            let Some(last) = page.last() else { return Ok(None) };
            let next =
                if page.len() as i64 == PAGE { Some(store::list_after(&db, last.id, PAGE).await?) } else { None };
            let mut lines = Vec::new();
            for entry in &page {
                serde_json::to_writer(&mut lines, entry).map_err(|error| sqlx::Error::Encode(error.into()))?;
                lines.push(b'\n');
            }
            Ok(Some((lines, next)))
        }
    });
    let pages = pages.inspect_err(|error| tracing::error!(%error, "an export of the audit trail broke off"));
    let headers = [
        (CONTENT_TYPE, "application/x-ndjson"),
        (CONTENT_DISPOSITION, "attachment; filename=\"audit.ndjson\""),
        (CACHE_CONTROL, "private, no-store"),
    ];
    Ok((headers, Body::from_stream(pages)))
}

/// Takes a change or a deletion of an experiment or a toggle back. What has been changed again since is left to whoever
/// did that: then it is refused.
#[utoipa::path(post, path = "/api/audit/{id}/revert", tag = "audit", params(("id" = i64, Path, minimum = 1)),
    responses((status = 204, description = "It is as it was"),
        (status = 409, description = "It cannot be taken back, or not any more", body = pushnami_common::error::Problem, content_type = "application/problem+json"),
        InputProblems, AdminProblems, NotFoundProblem),
    security(("bearer" = []), ("cookie" = [])))]
pub async fn revert_change(
    _: Admin,
    State(db): State<PgPool>,
    State(snapshots): State<Snapshots>,
    State(clock): State<Clock>,
    Path(id): Path<i64>,
) -> ApiResult<StatusCode> {
    revert::revert(&db, id, clock.now()).await?;
    snapshots.refresh().await;
    Ok(StatusCode::NO_CONTENT)
}
