//! Assignment over HTTP.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::VARY;
use axum::response::IntoResponse;
use garde::Validate;
use pushnami_common::ApiResult;
use pushnami_common::auth::Admin;
use pushnami_common::clock::Clock;
use pushnami_common::contract::Assignment;
use pushnami_common::extract::{Json, Query};
use pushnami_common::ids::{ExperimentId, VisitorId};
use pushnami_common::openapi::{AdminProblems, InputProblems, NotFoundProblem, OftenProblem};
use pushnami_common::privacy::{WISHES, asks_not_to_be_recorded};
use serde::Deserialize;
use utoipa::IntoParams;

use super::assigner::Assigner;
use super::model::Explanation;

/// Who asks for a variant of what.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AssignmentQuery {
    /// The visitor: 1 to 255 characters.
    #[garde(skip)]
    #[param(value_type = String, min_length = 1, max_length = 255, example = "visitor-1")]
    visitor_id: VisitorId,
    /// The experiment.
    #[garde(skip)]
    experiment_id: ExperimentId,
}

/// Assigns a variant to a visitor: the stored one if there is one, else the rule's, which is then stored.
///
/// With `Sec-GPC: 1` or `DNT: 1` nothing is stored: the answer is the same, and `is_new` is false.
#[utoipa::path(get, path = "/api/assign", tag = "assignments", params(AssignmentQuery),
    responses((status = 200, description = "The variant to show", body = Assignment), OftenProblem, InputProblems, NotFoundProblem))]
pub async fn assign_variant(
    State(assigner): State<Assigner>,
    State(clock): State<Clock>,
    headers: HeaderMap,
    Query(query): Query<AssignmentQuery>,
) -> ApiResult<impl IntoResponse> {
    let assignment = if asks_not_to_be_recorded(&headers) {
        assigner.explain(query.visitor_id, query.experiment_id).await?.into_assignment()?
    } else {
        assigner.assign(query.visitor_id, query.experiment_id, clock.now()).await?
    };
    Ok(([(VARY, WISHES)], Json(assignment)))
}

/// Explains why a visitor sees a variant, step by step, and stores nothing.
#[utoipa::path(get, path = "/api/explain", tag = "assignments", params(AssignmentQuery),
    responses((status = 200, description = "The way to the variant", body = Explanation), InputProblems, AdminProblems, NotFoundProblem),
    security(("bearer" = []), ("cookie" = [])))]
pub async fn explain_assignment(
    _: Admin,
    State(assigner): State<Assigner>,
    Query(query): Query<AssignmentQuery>,
) -> ApiResult<Json<Explanation>> {
    Ok(Json(assigner.explain(query.visitor_id, query.experiment_id).await?))
}
