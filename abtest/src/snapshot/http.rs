//! The whole configuration in one answer, for services that keep it themselves.

use std::time::Duration;

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use garde::Validate;
use pushnami_common::ApiResult;
use pushnami_common::auth::AdminKey;
use pushnami_common::contract::Configuration;
use pushnami_common::extract::Query;
use pushnami_common::openapi::InputProblems;
use pushnami_common::program::stopping;
use serde::Deserialize;
use tokio::time::{Instant, timeout_at};
use utoipa::IntoParams;
use uuid::Uuid;

use super::Snapshots;

/// For how long an answer is held back while nothing changes. Proxies take a minute of quiet for death.
const LONGEST: Duration = Duration::from_secs(10);

/// What the caller knows already.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ConfigurationQuery {
    /// The version that the caller has: the answer waits until there is another, up to ten seconds. Without it, the
    /// answer comes at once.
    #[garde(skip)]
    after: Option<i64>,
    /// Names a service of ours that keeps the configuration, so that a change is not confirmed before it has it.
    #[garde(skip)]
    follower: Option<Uuid>,
}

/// Answers with the whole configuration, as soon as it is another than the caller has.
#[utoipa::path(get, path = "/api/configuration", tag = "experiments", params(ConfigurationQuery),
    responses((status = 200, description = "All of it, in one state", body = Configuration),
        (status = 304, description = "Ten seconds have passed, and it is still the one the caller has"), InputProblems))]
pub async fn find_configuration(
    State(snapshots): State<Snapshots>,
    State(admin): State<AdminKey>,
    Query(query): Query<ConfigurationQuery>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let until = Instant::now() + LONGEST;
    let mut changes = snapshots.changes();
    // Changes wait for those whom a service of ours vouches for, and for nobody else.
    let follower = match query.follower {
        Some(id) if admin.vouched_caller(&headers).await.is_some() => Some(id),
        _ => None,
    };
    let followed = follower.map(|id| snapshots.followers().listens(id, query.after));
    let snapshot = loop {
        changes.mark_unchanged();
        let snapshot = snapshots.current().await?;
        if query.after != Some(snapshot.version) {
            break snapshot;
        }
        let has_changed = tokio::select! {
            changed = timeout_at(until, changes.changed()) => matches!(changed, Ok(Ok(()))),
            () = stopping() => false,
        };
        if !has_changed {
            return Ok(StatusCode::NOT_MODIFIED.into_response());
        }
    };
    if let Some(followed) = followed {
        followed.tell();
    }
    let headers = [(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "no-store")];
    Ok((headers, snapshot.whole.clone()).into_response())
}
