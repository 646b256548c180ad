//! The call of stats.

use axum::extract::State;
use pushnami_common::auth::Admin;
use pushnami_common::clock::Clock;
use pushnami_common::error::ApiResult;
use pushnami_common::extract::{Json, Query};
use pushnami_common::openapi::{AdminProblems, InputProblems};
use sqlx::PgPool;

use super::model::{Stats, StatsQuery, TIMELINE};
use super::store;

/// Counts events and visitors
///
/// All numbers are of one moment, and all obey `experiment_id`.
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
    Query(query): Query<StatsQuery>,
) -> ApiResult<Json<Stats>> {
    let experiment = query.experiment_id.map(|id| id.0);
    let mut snapshot = store::snapshot(&db).await?;
    let groups = store::count_groups(&mut snapshot, experiment).await?;
    let visitors = store::count_visitors(&mut snapshot, experiment).await?;
    let timeline = store::count_hours(&mut snapshot, experiment, clock.now() - TIMELINE).await?;
    let music = store::count_music(&mut snapshot, experiment).await?;
    snapshot.commit().await?;
    Ok(Json(Stats::of(groups, visitors, timeline, &music)))
}
