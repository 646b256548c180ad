//! The neighbour who keeps events.

use std::time::Duration;

use axum::http::{HeaderMap, StatusCode};
use pushnami_common::error::Problem;
use pushnami_common::telemetry::trace_context::TraceContext;
use pushnami_common::{ApiError, ApiResult};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The longest landing waits for a batch to be stored. Whoever sent it keeps it and sends it again.
const PATIENCE: Duration = Duration::from_secs(2);

/// metrics, as far as landing needs it. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Metrics {
    http: reqwest::Client,
    batch_url: String,
}

/// What became of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BatchReceipt {
    /// How many events it added.
    pub created: u64,
    /// How many were known already by their ids.
    pub duplicates: u64,
}

impl Metrics {
    /// metrics at this address.
    ///
    /// # Errors
    /// When no HTTP client can be made.
    pub fn new(base_url: &str) -> anyhow::Result<Self> {
        let http = reqwest::Client::builder().no_proxy().timeout(PATIENCE).build()?;
        Ok(Self { http, batch_url: format!("{base_url}/api/events/batch") })
    }

    /// Hands a batch over; `Ok` means that metrics has committed it.
    ///
    /// # Errors
    /// metrics' own refusal of what the events hold; 503 for everything that may be better in a moment.
    pub async fn record(&self, batch: &impl Serialize, trace: &TraceContext) -> ApiResult<BatchReceipt> {
        let mut headers = HeaderMap::new();
        trace.propagate(&mut headers);
        let sent = self.http.post(&self.batch_url).headers(headers).json(batch).send().await;
        let response = sent.map_err(|error| away().with_source(error))?;
        match response.status() {
            StatusCode::CREATED => response.json().await.map_err(|error| away().with_source(error)),
            status @ (StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY | StatusCode::PAYLOAD_TOO_LARGE) => {
                let problem: Problem = response.json().await.map_err(|error| away().with_source(error))?;
                let refusal = ApiError::new(status, problem.detail);
                Err(problem
                    .errors
                    .into_iter()
                    .fold(refusal, |refusal, error| refusal.with_field(error.pointer, error.detail)))
            }
            status => Err(away().with_source(anyhow::anyhow!("metrics answered {status}"))),
        }
    }
}

fn away() -> ApiError {
    ApiError::unavailable("events cannot be stored now; keep them and send them again", 2)
}
