//! The calculator over HTTP.

use pushnami_common::error::{ApiError, ApiResult};
use pushnami_common::extract::Json;
use pushnami_common::openapi::{BodyProblems, InputProblems};
use tokio::sync::Semaphore;

use super::model::{Calculated, Calculation};

/// How many calculations run at once: each is some milliseconds of one processor, and anybody may ask.
static DESKS: Semaphore = Semaphore::const_new(2);
/// How many may be asked for at once, those that wait included.
static SEATS: Semaphore = Semaphore::const_new(64);

/// Judges counts that are typed in
///
/// The same mathematics as the results of an experiment. With visitors of 0 it plans: how many visitors and days it takes
/// to find a lift. Nothing is stored.
#[utoipa::path(post, path = "/api/calculator", operation_id = "calculate", tag = "results", request_body = Calculation,
    responses((status = 200, description = "What they come to", body = Calculated),
        (status = 503, description = "Too many ask at once", body = pushnami_common::error::Problem, content_type = "application/problem+json"),
        InputProblems, BodyProblems))]
pub async fn calculate(Json(calculation): Json<Calculation>) -> ApiResult<Json<Calculated>> {
    let _seat = SEATS.try_acquire().map_err(|_| ApiError::unavailable("too many calculations at once", 1))?;
    let _desk = DESKS.acquire().await.map_err(ApiError::internal)?;
    let calculated = tokio::task::spawn_blocking(move || calculation.judge()).await;
    calculated.map(Json).map_err(ApiError::internal)
}
