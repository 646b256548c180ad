//! The neighbour who keeps events and leads.

use std::time::Duration;

use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderMap, StatusCode};
use pushnami_common::auth::seal::VOUCHED_CALLER;
use pushnami_common::contract::{LeadReceipt, NewLead};
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
    leads_url: String,
    untracked_url: String,
}

/// Why metrics did not store a lead.
#[derive(Debug)]
pub enum LeadRefusal {
    /// These fields are not right.
    Fields(Vec<String>),
    /// Too many came from the visitor's address; the seconds to wait.
    TooMany(u64),
    /// It may be better in a moment; for the log, why.
    Away(anyhow::Error),
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
        Ok(Self {
            http,
            batch_url: format!("{base_url}/api/events/batch"),
            leads_url: format!("{base_url}/api/leads"),
            untracked_url: format!("{base_url}/api/untracked"),
        })
    }

    /// Hands a lead over; `Ok` means that metrics has committed it. `vouched` names the visitor's address.
    ///
    /// # Errors
    /// When metrics refuses the lead, or cannot store it now.
    pub async fn store_lead(
        &self,
        lead: &NewLead,
        vouched: &str,
        trace: &TraceContext,
    ) -> Result<LeadReceipt, LeadRefusal> {
        let mut headers = HeaderMap::new();
        trace.propagate(&mut headers);
        let call = self.http.post(&self.leads_url).headers(headers).header(VOUCHED_CALLER, vouched).json(lead);
        let response = call.send().await.map_err(|error| LeadRefusal::Away(error.into()))?;
        match response.status() {
            StatusCode::CREATED => response.json().await.map_err(|error| LeadRefusal::Away(error.into())),
            StatusCode::TOO_MANY_REQUESTS => Err(LeadRefusal::TooMany(seconds_to_wait(&response))),
            StatusCode::UNPROCESSABLE_ENTITY => {
                let problem: Problem = response.json().await.map_err(|error| LeadRefusal::Away(error.into()))?;
                let names = problem.errors.iter().map(|error| error.pointer.trim_start_matches('/').to_owned());
                Err(LeadRefusal::Fields(names.collect()))
            }
            status => Err(LeadRefusal::Away(anyhow::anyhow!("metrics answered {status}"))),
        }
    }

    /// Tells how many events were not recorded, because visitors asked for that. `vouched` shows that we are no stranger.
    ///
    /// # Errors
    /// When metrics did not count them.
    pub async fn tell_untracked(&self, events: u64, vouched: &str) -> anyhow::Result<()> {
        let body = serde_json::json!({ "events": events });
        let call = self.http.post(&self.untracked_url).header(VOUCHED_CALLER, vouched).json(&body);
        call.send().await?.error_for_status()?;
        Ok(())
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

/// What a refusal says about when to come back; a minute if it does not say.
fn seconds_to_wait(response: &reqwest::Response) -> u64 {
    let named = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
    named.unwrap_or(60)
}

fn away() -> ApiError {
    ApiError::unavailable("events cannot be stored now; keep them and send them again", 2)
}
