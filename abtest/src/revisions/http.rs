//! Revisions over HTTP.

use axum::extract::State;
use axum::http::StatusCode;
use pushnami_common::auth::Admin;
use pushnami_common::clock::Clock;
use pushnami_common::conditional::{Precondition, Tagged};
use pushnami_common::contract::Experiment;
use pushnami_common::extract::{Json, Path};
use pushnami_common::ids::ExperimentId;
use pushnami_common::openapi::{AdminProblems, BodyProblems, InputProblems, NotFoundProblem, StaleProblem};
use pushnami_common::{ApiError, ApiResult};
use sqlx::PgPool;

use super::model::{NewRevision, Revision, restore, ship};
use super::store;
use crate::experiments;
use crate::experiments::http::unknown;
use crate::experiments::model::Trial;
use crate::snapshot::Snapshots;

/// Lists the revisions of an experiment, oldest first. The last one is in force.
#[utoipa::path(get, path = "/api/experiments/{id}/revisions", tag = "experiments", params(("id" = ExperimentId, Path)),
    responses((status = 200, description = "All of them", body = Vec<Revision>), InputProblems, NotFoundProblem))]
pub async fn list_revisions(State(db): State<PgPool>, Path(id): Path<ExperimentId>) -> ApiResult<Json<Vec<Revision>>> {
    let revisions = store::list(&db, id).await?;
    // Every experiment has one, so what has none does not exist.
    if revisions.is_empty() { Err(unknown()) } else { Ok(Json(revisions)) }
}

/// Ships a variant, or undoes what came after an earlier revision. Either opens a new revision: none is ever changed.
#[utoipa::path(post, path = "/api/experiments/{id}/revisions", tag = "experiments",
    params(("id" = ExperimentId, Path), ("If-Match" = Option<String>, Header, description = "Only if the experiment is in this state")),
    request_body = NewRevision,
    responses((status = 201, description = "The experiment as it is now", body = Experiment, headers(("ETag" = String))),
        (status = 409, description = "It is so already", body = pushnami_common::error::Problem, content_type = "application/problem+json"),
        InputProblems, BodyProblems, AdminProblems, NotFoundProblem, StaleProblem),
    security(("bearer" = []), ("cookie" = [])))]
pub async fn create_revision(
    _: Admin,
    precondition: Precondition,
    State(db): State<PgPool>,
    State(snapshots): State<Snapshots>,
    State(clock): State<Clock>,
    Path(id): Path<ExperimentId>,
    Json(new): Json<NewRevision>,
) -> ApiResult<(StatusCode, Tagged<Experiment>)> {
    let current = experiments::store::find(&db, id).await?.ok_or_else(unknown)?;
    let change = match &new {
        NewRevision::Ship { variant } => ship(&current, variant)?,
        NewRevision::Restore { revision } => restore(&store::list(&db, id).await?, *revision)?,
    };
    if change.is_present(&current) {
        precondition.check(&current)?;
        return Err(ApiError::conflict("the experiment has these variants and this split already"));
    }
    let changed = experiments::store::update(&db, id, change, &precondition, Trial::default(), clock.now()).await?;
    let changed = changed.ok_or_else(unknown)?;
    snapshots.refresh().await;
    Ok((StatusCode::CREATED, Tagged(changed)))
}
