//! Toggles over HTTP.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use pushnami_common::auth::Admin;
use pushnami_common::clock::Clock;
use pushnami_common::conditional::{Known, Precondition, Tagged};
use pushnami_common::contract::Toggle;
use pushnami_common::db::OnConstraint;
use pushnami_common::extract::{Json, Path};
use pushnami_common::openapi::{
    AdminProblems, BodyProblems, InputProblems, NotFoundProblem, OftenProblem, StaleProblem,
};
use pushnami_common::{ApiError, ApiResult};
use sqlx::PgPool;

use super::model::{NewToggle, ToggleChange};
use super::store;
use crate::snapshot::Snapshots;

/// Lists all toggles, oldest first. The `ETag` names the state that was read.
#[utoipa::path(get, path = "/api/toggles", tag = "toggles",
    params(("If-None-Match" = Option<String>, Header, description = "Tags of known states")),
    responses((status = 200, description = "All of them", body = Vec<Toggle>, headers(("ETag" = String))),
        (status = 304, description = "They are as known"), InputProblems))]
pub async fn list_toggles(known: Known, State(snapshots): State<Snapshots>) -> ApiResult<Response> {
    Ok(snapshots.current().await?.toggle_list.answer(&known))
}

/// Creates a toggle.
#[utoipa::path(post, path = "/api/toggles", tag = "toggles", request_body = NewToggle,
    responses((status = 201, description = "It is created", body = Toggle),
        (status = 409, description = "Another toggle has this key", body = pushnami_common::error::Problem, content_type = "application/problem+json"),
        InputProblems, BodyProblems, AdminProblems),
    security(("bearer" = []), ("cookie" = [])))]
pub async fn create_toggle(
    _: Admin,
    State(db): State<PgPool>,
    State(snapshots): State<Snapshots>,
    State(clock): State<Clock>,
    Json(new): Json<NewToggle>,
) -> ApiResult<(StatusCode, Tagged<Toggle>)> {
    // Code would find the toggle in the place of the experiment.
    if snapshots.current().await?.experiments.iter().any(|known| known.experiment.key == new.key.0) {
        let detail = format!("an experiment has the key `{}`", new.key.0);
        return Err(ApiError::conflict(detail).with_field("/key", "exists"));
    }
    let created = store::insert(&db, &new, clock.now()).await.on_constraint("toggles_key_unique", || {
        ApiError::conflict(format!("a toggle with the key `{}` exists", new.key.0)).with_field("/key", "exists")
    })?;
    snapshots.refresh().await;
    Ok((StatusCode::CREATED, Tagged(created)))
}

/// Finds one toggle. Its `ETag` names the state that was read.
#[utoipa::path(get, path = "/api/toggles/{key}", tag = "toggles",
    params(("key" = String, Path), ("If-None-Match" = Option<String>, Header, description = "Tags of known states")),
    responses((status = 200, description = "This one", body = Toggle, headers(("ETag" = String))),
        (status = 304, description = "It is as known"), InputProblems, NotFoundProblem))]
pub async fn find_toggle(
    known: Known,
    State(snapshots): State<Snapshots>,
    Path(key): Path<String>,
) -> ApiResult<Response> {
    snapshots.current().await?.toggle(&key).map(|toggle| known.answer(toggle)).ok_or_else(unknown)
}

/// Changes a toggle: any subset of its fields.
#[utoipa::path(put, path = "/api/toggles/{key}", tag = "toggles",
    params(("key" = String, Path), ("If-Match" = Option<String>, Header, description = "Only if it is in this state")),
    request_body = ToggleChange,
    responses((status = 200, description = "It is changed", body = Toggle, headers(("ETag" = String))),
        InputProblems, BodyProblems, AdminProblems, NotFoundProblem, StaleProblem),
    security(("bearer" = []), ("cookie" = [])))]
pub async fn update_toggle(
    _: Admin,
    precondition: Precondition,
    State(db): State<PgPool>,
    State(snapshots): State<Snapshots>,
    State(clock): State<Clock>,
    Path(key): Path<String>,
    Json(change): Json<ToggleChange>,
) -> ApiResult<Tagged<Toggle>> {
    let changed = store::update(&db, &storable(key)?, &change, &precondition, clock.now()).await?;
    let changed = changed.ok_or_else(unknown)?;
    snapshots.refresh().await;
    Ok(Tagged(changed))
}

/// Deletes a toggle. What asks for it finds none and counts that as on.
#[utoipa::path(delete, path = "/api/toggles/{key}", tag = "toggles",
    params(("key" = String, Path), ("If-Match" = Option<String>, Header, description = "Only if it is in this state")),
    responses((status = 204, description = "It is gone"), OftenProblem, InputProblems, AdminProblems, NotFoundProblem, StaleProblem),
    security(("bearer" = []), ("cookie" = [])))]
pub async fn delete_toggle(
    _: Admin,
    precondition: Precondition,
    State(db): State<PgPool>,
    State(snapshots): State<Snapshots>,
    Path(key): Path<String>,
) -> ApiResult<StatusCode> {
    if !store::delete(&db, &storable(key)?, &precondition).await? {
        return Err(unknown());
    }
    snapshots.refresh().await;
    Ok(StatusCode::NO_CONTENT)
}

fn unknown() -> ApiError {
    ApiError::not_found("Feature toggle not found")
}

/// A key that Postgres cannot even hold is the key of no toggle.
fn storable(key: String) -> ApiResult<String> {
    if key.contains('\0') { Err(unknown()) } else { Ok(key) }
}
