//! Experiments over HTTP.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use pushnami_common::auth::Admin;
use pushnami_common::clock::Clock;
use pushnami_common::conditional::{Known, Precondition, Tagged};
use pushnami_common::contract::Experiment;
use pushnami_common::extract::{Json, Path, Query};
use pushnami_common::ids::ExperimentId;
use pushnami_common::openapi::{
    AdminProblems, BodyProblems, InputProblems, NotFoundProblem, OftenProblem, StaleProblem,
};
use pushnami_common::{ApiError, ApiResult};
use sqlx::PgPool;

use super::model::{ExperimentChange, NewExperiment, Trial};
use super::store;
use crate::snapshot::Snapshots;

/// Lists all experiments, newest first. The `ETag` names the state that was read.
#[utoipa::path(get, path = "/api/experiments", tag = "experiments",
    params(("If-None-Match" = Option<String>, Header, description = "Tags of known states")),
    responses((status = 200, description = "All of them", body = Vec<Experiment>, headers(("ETag" = String))),
        (status = 304, description = "They are as known"), InputProblems))]
pub async fn list_experiments(known: Known, State(snapshots): State<Snapshots>) -> ApiResult<Response> {
    Ok(snapshots.current().await?.experiment_list.answer(&known))
}

/// Creates an experiment.
#[utoipa::path(post, path = "/api/experiments", tag = "experiments", params(Trial), request_body = NewExperiment,
    responses((status = 201, description = "It is created", body = Experiment),
        (status = 200, description = "It could be created: this is what it would be", body = Experiment), InputProblems, BodyProblems, AdminProblems),
    security(("bearer" = []), ("cookie" = [])))]
pub async fn create_experiment(
    _: Admin,
    State(db): State<PgPool>,
    State(snapshots): State<Snapshots>,
    State(clock): State<Clock>,
    Query(trial): Query<Trial>,
    Json(new): Json<NewExperiment>,
) -> ApiResult<(StatusCode, Tagged<Experiment>)> {
    let created = store::insert(&db, &new, trial, clock.now()).await?;
    if trial.dry_run {
        return Ok((StatusCode::OK, Tagged(created)));
    }
    snapshots.refresh().await;
    Ok((StatusCode::CREATED, Tagged(created)))
}

/// Finds one experiment. Its `ETag` names the state that was read.
#[utoipa::path(get, path = "/api/experiments/{id}", tag = "experiments",
    params(("id" = ExperimentId, Path), ("If-None-Match" = Option<String>, Header, description = "Tags of known states")),
    responses((status = 200, description = "This one", body = Experiment, headers(("ETag" = String))),
        (status = 304, description = "It is as known"), InputProblems, NotFoundProblem))]
pub async fn find_experiment(
    known: Known,
    State(snapshots): State<Snapshots>,
    Path(id): Path<ExperimentId>,
) -> ApiResult<Response> {
    let snapshot = snapshots.current().await?;
    snapshot.experiment(id).map(|found| known.answer(&found.experiment)).ok_or_else(unknown)
}

/// Changes an experiment: any subset of its fields, judged by what it would become.
#[utoipa::path(put, path = "/api/experiments/{id}", tag = "experiments",
    params(Trial, ("id" = ExperimentId, Path), ("If-Match" = Option<String>, Header, description = "Only if it is in this state")),
    request_body = ExperimentChange,
    responses((status = 200, description = "It is changed, or would be", body = Experiment, headers(("ETag" = String))),
        (status = 409, description = "The plan is fixed: somebody has been assigned", body = pushnami_common::error::Problem, content_type = "application/problem+json"),
        InputProblems, BodyProblems, AdminProblems, NotFoundProblem, StaleProblem),
    security(("bearer" = []), ("cookie" = [])))]
#[expect(
    clippy::too_many_arguments,
    reason = "a handler's arguments say what it reads of a request and what it touches"
)]
pub async fn update_experiment(
    _: Admin,
    precondition: Precondition,
    State(db): State<PgPool>,
    State(snapshots): State<Snapshots>,
    State(clock): State<Clock>,
    Path(id): Path<ExperimentId>,
    Query(trial): Query<Trial>,
    Json(change): Json<ExperimentChange>,
) -> ApiResult<Tagged<Experiment>> {
    let changed = store::update(&db, id, change, &precondition, trial, clock.now()).await?;
    let changed = changed.ok_or_else(unknown)?;
    if !trial.dry_run {
        snapshots.refresh().await;
    }
    Ok(Tagged(changed))
}

/// Deletes an experiment; its events stay readable. Its revisions and assignments are cleared a week later: until then
/// the deletion can be taken back whole (`POST /api/audit/{id}/revert`).
#[utoipa::path(delete, path = "/api/experiments/{id}", tag = "experiments",
    params(("id" = ExperimentId, Path), ("If-Match" = Option<String>, Header, description = "Only if it is in this state")),
    responses((status = 204, description = "It is gone"), OftenProblem, InputProblems, AdminProblems, NotFoundProblem, StaleProblem),
    security(("bearer" = []), ("cookie" = [])))]
pub async fn delete_experiment(
    _: Admin,
    precondition: Precondition,
    State(db): State<PgPool>,
    State(snapshots): State<Snapshots>,
    Path(id): Path<ExperimentId>,
) -> ApiResult<StatusCode> {
    if !store::delete(&db, id, &precondition).await? {
        return Err(unknown());
    }
    snapshots.refresh().await;
    Ok(StatusCode::NO_CONTENT)
}

/// The refusal of every call that names an experiment nobody knows.
pub fn unknown() -> ApiError {
    ApiError::not_found("Experiment not found")
}
