//! How landing tells what it did not record: the page of a visitor who asks not to be recorded reports nothing itself.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use garde::Validate;
use pushnami_common::auth::AdminKey;
use pushnami_common::clock::Clock;
use pushnami_common::error::{ApiError, ApiResult, Problem};
use pushnami_common::extract::Json;
use pushnami_common::openapi::{BodyProblems, InputProblems};
use serde::Deserialize;
use sqlx::PgPool;
use utoipa::ToSchema;

use super::store;

/// What was not recorded since it was last told.
#[derive(Clone, Copy, Debug, Deserialize, Validate, ToSchema)]
pub struct Untracked {
    /// How many events.
    #[garde(range(min = 0, max = 1_000_000))]
    #[schema(minimum = 0, maximum = 1_000_000)]
    pub events: i64,
}

/// Counts events that were not recorded
///
/// For services of ours, which seal the call with the key they share: nobody else knows what they did not record.
#[utoipa::path(
    post,
    path = "/api/untracked",
    operation_id = "add_untracked",
    tag = "stats",
    request_body = Untracked,
    responses(
        (status = 204, description = "They are counted"),
        (status = 401, description = "No service of ours is calling", body = Problem, content_type = "application/problem+json"),
        InputProblems, BodyProblems
    )
)]
pub async fn add_untracked(
    State(db): State<PgPool>,
    State(clock): State<Clock>,
    State(admin): State<AdminKey>,
    headers: HeaderMap,
    Json(untracked): Json<Untracked>,
) -> ApiResult<StatusCode> {
    if admin.vouched_caller(&headers).await.is_none() {
        return Err(ApiError::unauthorized("only the page's own service may tell this"));
    }
    store::add_untracked(&db, untracked.events, clock.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}
