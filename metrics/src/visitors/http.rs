//! The calls of a visitor's own. The admin makes them, on the visitor's wish.

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse;
use pushnami_common::audit;
use pushnami_common::auth::Admin;
use pushnami_common::clock::Clock;
use pushnami_common::error::ApiResult;
use pushnami_common::extract::{Json, Path};
use pushnami_common::ids::VisitorId;
use pushnami_common::openapi::{AdminProblems, InputProblems, OftenProblem};
use sqlx::PgPool;

use super::export::file_of_visitor;
use super::model::{Erasure, VisitorFile, file_name};
use super::store;
use crate::rollups::erasure::erase_visitor;

/// Erases a visitor
///
/// Their events, what they sent with the contact form, and the variants they were given: all of it or, when this fails,
/// nothing. The counts are then as if the events had never been, except in hours whose single events are no longer kept
/// (`RETENTION_DAYS`); `erased` of the stats says how much was erased. Erasing again erases what came since. A browser
/// that keeps its cookie is known under the same id when it comes back.
#[utoipa::path(
    delete,
    path = "/api/visitors/{id}",
    operation_id = "erase_visitor",
    tag = "visitors",
    params(("id" = String, Path, description = "Which visitor", min_length = 1, max_length = 255)),
    responses((status = 200, description = "Nothing of them is left; this is what there was", body = Erasure), OftenProblem, InputProblems, AdminProblems),
    security(("bearer" = []), ("cookie" = []))
)]
pub async fn delete_visitor(
    _: Admin,
    State(db): State<PgPool>,
    State(clock): State<Clock>,
    Path(visitor): Path<VisitorId>,
) -> ApiResult<Json<Erasure>> {
    let visitor = visitor.as_str();
    let mut transaction = db.begin().await?;
    let events = erase_visitor(&mut transaction, visitor).await?;
    let leads = store::delete_leads(&mut transaction, visitor).await?;
    let assignments = store::delete_assignments(&mut transaction, visitor).await?;
    let erasure = Erasure { events, leads, assignments };
    if erasure.is_something() {
        audit::act_as(&mut transaction, audit::ADMIN).await?;
        store::audit_erasure(&mut transaction, visitor).await?;
        store::count_erased(&mut transaction, events, clock.now()).await?;
    }
    transaction.commit().await?;
    Ok(Json(erasure))
}

/// Gives everything that is kept of a visitor, as a file
///
/// However much it is: the file is written while it is read. A file that breaks off ends its connection without an end,
/// so that no client takes it for whole.
#[utoipa::path(
    get,
    path = "/api/visitors/{id}/export",
    operation_id = "export_visitor",
    tag = "visitors",
    params(("id" = String, Path, description = "Which visitor", min_length = 1, max_length = 255)),
    responses((status = 200, description = "The file; empty lists when nothing is kept of them", body = VisitorFile), InputProblems, AdminProblems),
    security(("bearer" = []), ("cookie" = []))
)]
pub async fn export_visitor(
    _: Admin,
    State(db): State<PgPool>,
    State(clock): State<Clock>,
    Path(visitor): Path<VisitorId>,
) -> ApiResult<impl IntoResponse> {
    let name = format!("attachment; filename=\"{}\"", file_name(visitor.as_str()));
    let file = file_of_visitor(db, visitor, clock.now()).await?;
    let headers = [
        (CONTENT_TYPE, "application/json".to_owned()),
        (CONTENT_DISPOSITION, name),
        (CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    Ok((headers, file))
}
