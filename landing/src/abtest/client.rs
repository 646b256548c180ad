//! The calls to abtest.

use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use axum::http::HeaderMap;
use pushnami_common::auth::AdminKey;
use pushnami_common::auth::seal::VOUCHED_CALLER;
use pushnami_common::contract::{Assignment, Configuration as Told, Experiment, Toggle};
use pushnami_common::ids::{ExperimentId, VisitorId};
use pushnami_common::telemetry::trace_context::TraceContext;
use reqwest::StatusCode;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::configuration::Configuration;

/// For how long a request may be held back; abtest lets go after ten seconds.
const HELD: Duration = Duration::from_secs(13);

/// Why abtest is no help at this moment.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// It took longer than the page may wait.
    #[error("it took longer than the page may wait")]
    TooSlow,
    /// It could not be reached, or its answer could not be read.
    #[error("{0}")]
    Http(#[from] reqwest::Error),
    /// It answered, but with trouble of its own.
    #[error("it answered {0}")]
    Status(StatusCode),
}

#[derive(Clone, Debug)]
pub(super) struct Client {
    http: reqwest::Client,
    base_url: String,
}

impl Client {
    pub(super) fn new(base_url: &str, connect_timeout: Duration) -> anyhow::Result<Self> {
        let http = reqwest::Client::builder().no_proxy().connect_timeout(connect_timeout).build()?;
        Ok(Self { http, base_url: base_url.to_owned() })
    }

    /// What the page is to look like now.
    pub(super) async fn configuration(&self, trace: &TraceContext) -> Result<Configuration, ClientError> {
        // Not `try_join!`: it would drop the other request half way, and with it a connection that could serve again.
        let (experiments, toggles) = tokio::join!(
            self.get::<Vec<Experiment>>("/api/experiments", &[], trace),
            self.get::<Vec<Toggle>>("/api/toggles", &[], trace),
        );
        Ok(Configuration::of(&experiments?, &toggles?))
    }

    /// The configuration as soon as it is another than this version; `None` when abtest says that it still is that.
    pub(super) async fn next_configuration(
        &self,
        known: Option<i64>,
        follower: Uuid,
        admin: &AdminKey,
    ) -> Result<Option<Told>, ClientError> {
        let after = known.map(|version| format!("&after={version}")).unwrap_or_default();
        let url = format!("{}/api/configuration?follower={follower}{after}", self.base_url);
        let vouched = admin.vouch_for(IpAddr::V4(Ipv4Addr::LOCALHOST)).await;
        let response = self.http.get(url).header(VOUCHED_CALLER, vouched).timeout(HELD).send().await?;
        match response.status() {
            StatusCode::NOT_MODIFIED => Ok(None),
            status if status.is_success() => Ok(Some(response.json().await?)),
            status => Err(ClientError::Status(status)),
        }
    }

    /// The name of the visitor's variant; `None` when abtest knows no such active experiment.
    pub(super) async fn assign(
        &self,
        visitor: &VisitorId,
        experiment: ExperimentId,
        trace: &TraceContext,
    ) -> Result<Option<String>, ClientError> {
        let query = [("visitor_id", visitor.to_string()), ("experiment_id", experiment.to_string())];
        match self.get::<Assignment>("/api/assign", &query, trace).await {
            Ok(assignment) => Ok(Some(assignment.variant)),
            // Deactivated or deleted a moment ago: an answer, not a failure.
            Err(ClientError::Status(status)) if status.is_client_error() => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn get<T: DeserializeOwned>(
        &self,
        path: &str,
        query: &[(&str, String)],
        trace: &TraceContext,
    ) -> Result<T, ClientError> {
        let mut headers = HeaderMap::new();
        trace.propagate(&mut headers);
        let query = serde_html_form::to_string(query).expect("pairs of text make a query");
        let url = format!("{}{path}?{query}", self.base_url);
        let response = self.http.get(url.trim_end_matches('?')).headers(headers).send().await?;
        if !response.status().is_success() {
            return Err(ClientError::Status(response.status()));
        }
        Ok(response.json().await?)
    }
}
