//! Experiments over HTTP.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use pushnami_common::auth::Admin;
use pushnami_common::clock::Clock;
use pushnami_common::conditional::{Known, Precondition, Tagged};
use pushnami_common::contract::Experiment;
use pushnami_common::extract::{Json, Path};
use pushnami_common::ids::ExperimentId;
use pushnami_common::openapi::{AdminProblems, BodyProblems, InputProblems, NotFoundProblem, StaleProblem};
use pushnami_common::{ApiError, ApiResult};
use sqlx::PgPool;

use super::model::{ExperimentChange, NewExperiment};
use super::store;

/// Lists all experiments, newest first.
#[utoipa::path(get, path = "/api/experiments", tag = "experiments",
    responses((status = 200, description = "All of them", body = Vec<Experiment>), InputProblems))]
pub async fn list_experiments(State(db): State<PgPool>) -> ApiResult<Json<Vec<Experiment>>> {
    Ok(Json(store::list(&db).await?))
}

/// Creates an experiment.
#[utoipa::path(post, path = "/api/experiments", tag = "experiments", request_body = NewExperiment,
    responses((status = 201, description = "It is created", body = Experiment), InputProblems, BodyProblems, AdminProblems),
    security(("bearer" = []), ("cookie" = [])))]
pub async fn create_experiment(
    _: Admin,
    State(db): State<PgPool>,
    State(clock): State<Clock>,
    Json(new): Json<NewExperiment>,
) -> ApiResult<(StatusCode, Tagged<Experiment>)> {
    let created = store::insert(&db, &new, clock.now()).await?;
    Ok((StatusCode::CREATED, Tagged(created)))
}

/// Finds one experiment. Its `ETag` names the state that was read.
#[utoipa::path(get, path = "/api/experiments/{id}", tag = "experiments",
    params(("id" = ExperimentId, Path), ("If-None-Match" = Option<String>, Header, description = "Tags of known states")),
    responses((status = 200, description = "This one", body = Experiment, headers(("ETag" = String))),
        (status = 304, description = "It is as known"), InputProblems, NotFoundProblem))]
pub async fn find_experiment(
    known: Known,
    State(db): State<PgPool>,
    Path(id): Path<ExperimentId>,
) -> ApiResult<Response> {
    store::find(&db, id).await?.map(|experiment| known.answer(experiment)).ok_or_else(unknown)
}

/// Changes an experiment: any subset of its fields, judged by what it would become.
#[utoipa::path(put, path = "/api/experiments/{id}", tag = "experiments",
    params(("id" = ExperimentId, Path), ("If-Match" = Option<String>, Header, description = "Only if it is in this state")),
    request_body = ExperimentChange,
    responses((status = 200, description = "It is changed", body = Experiment, headers(("ETag" = String))),
        InputProblems, BodyProblems, AdminProblems, NotFoundProblem, StaleProblem),
    security(("bearer" = []), ("cookie" = [])))]
pub async fn update_experiment(
    _: Admin,
    precondition: Precondition,
    State(db): State<PgPool>,
    State(clock): State<Clock>,
    Path(id): Path<ExperimentId>,
    Json(change): Json<ExperimentChange>,
) -> ApiResult<Tagged<Experiment>> {
    store::update(&db, id, change, &precondition, clock.now()).await?.map(Tagged).ok_or_else(unknown)
}

/// Deletes an experiment and its assignments; its events stay readable.
#[utoipa::path(delete, path = "/api/experiments/{id}", tag = "experiments",
    params(("id" = ExperimentId, Path), ("If-Match" = Option<String>, Header, description = "Only if it is in this state")),
    responses((status = 204, description = "It is gone"), InputProblems, AdminProblems, NotFoundProblem, StaleProblem),
    security(("bearer" = []), ("cookie" = [])))]
pub async fn delete_experiment(
    _: Admin,
    precondition: Precondition,
    State(db): State<PgPool>,
    Path(id): Path<ExperimentId>,
) -> ApiResult<StatusCode> {
    if store::delete(&db, id, &precondition).await? { Ok(StatusCode::NO_CONTENT) } else { Err(unknown()) }
}

/// The refusal of every call that names an experiment nobody knows.
pub fn unknown() -> ApiError {
    ApiError::not_found("Experiment not found")
}
