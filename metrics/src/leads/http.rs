//! The calls of leads: anybody sends one, the admin reads, exports and erases them.
//!
//! Sending is open to everybody and therefore narrow: only JSON is taken, so that no foreign page can send a form here
//! without a preflight, which it fails; a field that only robots fill is refused; and one address sends a few at most.
//! The address is the peer's, unless landing, which calls for its visitors, names another in a header that it has sealed
//! with the key the services share. `X-Real-IP` and `X-Forwarded-For` are not believed here: whoever reaches this port
//! could write them.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::{ConnectInfo, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use pushnami_common::auth::{Admin, AdminKey};
use pushnami_common::clock::Clock;
use pushnami_common::contract::{LeadReceipt, NewLead};
use pushnami_common::error::{ApiError, ApiResult, FieldError, Problem};
use pushnami_common::extract::{Json, Path, Query};
use pushnami_common::openapi::{AdminProblems, BodyProblems, InputProblems, NotFoundProblem, OftenProblem};
use sqlx::PgPool;
use uuid::Uuid;

use super::export::csv_of_leads;
use super::limit::LeadLimit;
use super::model::{ExportQuery, Lead, LeadQuery};
use super::store;

/// Takes a lead
///
/// The answer means that the lead is committed. An `id` that is stored already answers with `is_new: false` and is stored
/// once; so whoever got no answer may send the same lead again. `homepage` must be empty: a form hides it, and only
/// robots fill it.
#[utoipa::path(
    post,
    path = "/api/leads",
    operation_id = "create_lead",
    tag = "leads",
    request_body = NewLead,
    responses(
        InputProblems, BodyProblems,
        (status = 201, description = "The lead is committed", body = LeadReceipt),
        (status = 429, description = "Too many leads from one address; `Retry-After` says when the next is taken", body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn create_lead(
    State(db): State<PgPool>,
    State(clock): State<Clock>,
    State(admin): State<AdminKey>,
    State(limit): State<Arc<LeadLimit>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Json(new): Json<NewLead>,
) -> ApiResult<(StatusCode, Json<LeadReceipt>)> {
    let address = admin.vouched_caller(&headers).await.unwrap_or(peer.ip());
    // Only what would be stored is counted: a slip of the pen costs nobody an attempt.
    limit.count(address).map_err(too_many)?;
    let lead = Lead::of(new, clock.now());
    let is_new = store::insert_lead(&db, &lead).await?;
    Ok((StatusCode::CREATED, Json(LeadReceipt { id: lead.id, is_new })))
}

/// Lists leads, newest first
///
/// `before` continues where a page ended and stays right while new leads arrive.
#[utoipa::path(
    get,
    path = "/api/leads",
    operation_id = "list_leads",
    tag = "leads",
    params(LeadQuery),
    responses((status = 200, description = "A page of the list", body = [Lead]), InputProblems, AdminProblems),
    security(("bearer" = []), ("cookie" = []))
)]
pub async fn list_leads(
    _: Admin,
    State(db): State<PgPool>,
    Query(query): Query<LeadQuery>,
) -> ApiResult<Json<Vec<Lead>>> {
    let after = match query.before {
        None => None,
        Some(id) => Some(store::find_position(&db, id).await?.ok_or_else(|| no_such_cursor(id))?),
    };
    Ok(Json(store::list_leads(&db, query.q.as_deref(), after, query.limit).await?))
}

/// Gives leads as a file, newest first
///
/// A cell that a spreadsheet would take for a formula begins with an apostrophe.
#[utoipa::path(
    get,
    path = "/api/leads/export",
    operation_id = "export_leads",
    tag = "leads",
    params(ExportQuery),
    responses(
        (status = 200, description = "All leads, or those that hold the words", body = String, content_type = "text/csv"),
        InputProblems, AdminProblems
    ),
    security(("bearer" = []), ("cookie" = []))
)]
pub async fn export_leads(
    _: Admin,
    State(db): State<PgPool>,
    State(clock): State<Clock>,
    Query(query): Query<ExportQuery>,
) -> ApiResult<impl IntoResponse> {
    let super::model::ExportFormat::Csv = query.format;
    let file = csv_of_leads(db, query.q).await?;
    let name = format!("attachment; filename=\"leads-{}.csv\"", clock.now().date());
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8; header=present".to_owned()),
        (CONTENT_DISPOSITION, name),
        (CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    Ok((headers, file))
}

/// Erases a lead
///
/// For good: nothing of it is kept.
#[utoipa::path(
    delete,
    path = "/api/leads/{id}",
    operation_id = "delete_lead",
    tag = "leads",
    params(("id" = Uuid, Path, description = "Which lead")),
    responses((status = 204, description = "It is gone"), OftenProblem, NotFoundProblem, InputProblems, AdminProblems),
    security(("bearer" = []), ("cookie" = []))
)]
pub async fn delete_lead(_: Admin, State(db): State<PgPool>, Path(id): Path<Uuid>) -> ApiResult<StatusCode> {
    if store::delete_lead(&db, id).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(ApiError::not_found(format!("no lead `{id}`")))
    }
}

fn too_many(seconds: u64) -> ApiError {
    ApiError::too_many_requests(format!("too many leads from this address; try again in {seconds} s"), seconds)
}

fn no_such_cursor(id: Uuid) -> ApiError {
    ApiError::invalid(vec![FieldError::new("/before", format!("must be the id of a lead, and none has `{id}`"))])
}
