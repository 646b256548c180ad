//! Results over HTTP.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use garde::Validate;
use pushnami_common::auth::Admin;
use pushnami_common::clock::Clock;
use pushnami_common::error::{ApiError, ApiResult};
use pushnami_common::extract::{Path, Query};
use pushnami_common::ids::ExperimentId;
use pushnami_common::openapi::{AdminProblems, InputProblems, NotFoundProblem};
use serde::Deserialize;
use sqlx::PgPool;
use utoipa::IntoParams;
use uuid::Uuid;

use super::cache::ResultsCache;
use super::model::Results;
use super::{answer, store};
use crate::exposures::worker::catch_up;

/// Which goal is asked about.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ResultsQuery {
    /// One of the experiment's goals; the primary one if left out.
    #[garde(skip)]
    pub goal: Option<Uuid>,
}

/// Judges an experiment
///
/// The numbers under `always_valid` hold however often one looks, and they alone decide; everything else explains. All
/// intervals of comparisons are corrected for the number of variants.
#[utoipa::path(get, path = "/api/experiments/{id}/results", operation_id = "find_results", tag = "results",
    params(("id" = Uuid, Path), ResultsQuery),
    responses((status = 200, description = "The judged comparison", body = Results), InputProblems, AdminProblems, NotFoundProblem),
    security(("bearer" = []), ("cookie" = [])))]
pub async fn find_results(
    _: Admin,
    State(db): State<PgPool>,
    State(clock): State<Clock>,
    State(cache): State<Arc<ResultsCache>>,
    Path(id): Path<ExperimentId>,
    Query(query): Query<ResultsQuery>,
) -> ApiResult<Response> {
    catch_up(&db).await?;
    let (now, key) = (clock.now(), (id.0, query.goal));
    let mark = store::read_mark(&mut *db.acquire().await?, id.0).await?;
    let mark = mark.ok_or_else(|| ApiError::not_found("Experiment not found"))?;
    if let Some(body) = cache.find(key, mark, now) {
        return Ok(json(body));
    }
    let results = answer::find_results(&db, id.0, query.goal, now).await?;
    let body = Bytes::from(serde_json::to_vec(&results).map_err(ApiError::internal)?);
    cache.keep(key, mark, now, body.clone());
    Ok(json(body))
}

fn json(body: Bytes) -> Response {
    ([(CONTENT_TYPE, "application/json")], body).into_response()
}
