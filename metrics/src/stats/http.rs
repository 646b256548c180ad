//! The call of stats.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use pushnami_common::auth::Admin;
use pushnami_common::clock::Clock;
use pushnami_common::error::{ApiError, ApiResult};
use pushnami_common::extract::Query;
use pushnami_common::openapi::{AdminProblems, InputProblems};
use sqlx::PgPool;
use time::OffsetDateTime;

use super::answer;
use super::cache::StatsCache;
use super::model::{Stats, StatsQuery};
use super::store;
use crate::rollups::worker::catch_up;

/// Counts events and visitors
///
/// All numbers are of one moment, and all obey the filters. Without `from` and `to`, everything there ever was is
/// counted, and the timeline shows the last 24 hours (30 days with `interval=day`).
#[utoipa::path(
    get,
    path = "/api/stats",
    operation_id = "find_stats",
    tag = "stats",
    params(StatsQuery),
    responses((status = 200, description = "The counts", body = Stats), InputProblems, AdminProblems),
    security(("bearer" = []), ("cookie" = []))
)]
pub async fn find_stats(
    _: Admin,
    State(db): State<PgPool>,
    State(clock): State<Clock>,
    State(cache): State<Arc<StatsCache>>,
    Query(query): Query<StatsQuery>,
) -> ApiResult<Response> {
    let body = current_stats(&db, &cache, query, clock.now()).await?;
    Ok(([(CONTENT_TYPE, "application/json")], body).into_response())
}

/// The answer to a question about the counts at this moment, as it goes out: the last one if it still holds.
///
/// # Errors
/// 422 when the timeline would have too many steps; otherwise when the database fails.
pub async fn current_stats(
    db: &PgPool,
    cache: &StatsCache,
    query: StatsQuery,
    now: OffsetDateTime,
) -> ApiResult<Bytes> {
    let mark = store::read_mark(&mut *db.acquire().await?).await?;
    if let Some(body) = cache.find(&query, mark, now) {
        return Ok(body);
    }
    catch_up(db, mark.last_seq).await?;
    let answer = answer::find_stats(db, &query, now).await?;
    let body = Bytes::from(serde_json::to_vec(&answer.stats).map_err(ApiError::internal)?);
    cache.keep(query, answer.mark, now, answer.until, body.clone());
    Ok(body)
}
