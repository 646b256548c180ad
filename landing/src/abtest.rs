//! The neighbour who decides. Its configuration is kept here and follows each change (`follower`); a returning visitor
//! brings their assignment along ([`cookie`]). Only for others it is asked, within a budget, and replaced by the same frozen
//! rule when it does not answer. Start with [`Abtest::ask`].

mod client;
pub mod configuration;
pub mod cookie;
mod follower;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;

use arc_swap::ArcSwapOption;
use axum::http::HeaderMap;
use pushnami_common::auth::AdminKey;
use pushnami_common::clock::Clock;
use pushnami_common::ids::{ExperimentId, VisitorId};
use pushnami_common::telemetry::trace_context::TraceContext;
use tokio::sync::watch;

use crate::page::variant::Variant;
use client::{Client, ClientError};
use configuration::Configuration;

/// The longest a page waits for abtest, all questions together.
const BUDGET: Duration = Duration::from_millis(250);
/// How long nobody is asked after abtest failed, so that pages stay fast while it hangs.
const PAUSE: time::Duration = time::Duration::seconds(1);

/// abtest, as far as the page needs it. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Abtest(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    client: Client,
    /// The last configuration that abtest told us.
    known: ArcSwapOption<Configuration>,
    /// Whether the configuration follows by itself; without that it is asked for with each page.
    is_following: AtomicBool,
    /// The version that abtest told last.
    told: watch::Sender<i64>,
    /// Vouches for us.
    admin: AdminKey,
    /// Until when nobody is asked, in microseconds since 1970.
    paused_until: AtomicI64,
    clock: Clock,
}

/// What abtest said, or what we know without it.
#[derive(Clone, Debug)]
pub struct Advice {
    /// What the page is to look like; the built-in one if abtest was never reached.
    pub configuration: Arc<Configuration>,
    /// The remembered variant of the visitor, if abtest named one, now or in the past.
    pub assigned: Option<Variant>,
    /// Whether the visitor brought it along.
    pub is_brought: bool,
}

impl Advice {
    /// Of a configuration, and the name of the variant that abtest gave the visitor.
    fn of(configuration: Arc<Configuration>, assigned: Option<String>) -> Self {
        let assigned = assigned.and_then(|name| configuration.assignable(&name));
        Self { configuration, assigned, is_brought: false }
    }
}

impl Abtest {
    /// abtest at this address.
    ///
    /// # Errors
    /// When no HTTP client can be made.
    pub fn new(base_url: &str, clock: Clock, admin: AdminKey) -> anyhow::Result<Self> {
        Ok(Self(Arc::new(Inner {
            client: Client::new(base_url, BUDGET)?,
            known: ArcSwapOption::empty(),
            is_following: AtomicBool::new(false),
            told: watch::Sender::new(0),
            admin,
            paused_until: AtomicI64::new(0),
            clock,
        })))
    }

    /// What the page is to look like, and, where a visitor is given, their variant: what they bring along in `headers`, or
    /// what abtest says within the budget. Always answers.
    pub async fn ask(&self, visitor: Option<&VisitorId>, headers: &HeaderMap, trace: &TraceContext) -> Advice {
        let known = self.0.known.load_full().filter(|_| self.0.is_following.load(Ordering::Acquire));
        if let Some(configuration) = known {
            let Some(visitor) = visitor.filter(|_| configuration.experiment_id().is_some()) else {
                return Advice { configuration, assigned: None, is_brought: false };
            };
            let brought = cookie::read(headers, visitor, &configuration, &self.0.admin).await;
            if brought.is_some() {
                return Advice { configuration, assigned: brought, is_brought: true };
            }
            let question = async {
                let assigned = self.assigned(Some(visitor), configuration.experiment_id(), trace).await?;
                Ok(Advice::of(configuration, assigned))
            };
            return self.within_budget(question).await;
        }
        self.within_budget(self.ask_unhurried(visitor, trace)).await
    }

    async fn within_budget(&self, question: impl Future<Output = Result<Advice, ClientError>>) -> Advice {
        if self.is_paused() {
            return self.last_known();
        }
        let asked = tokio::time::timeout(BUDGET, question).await;
        asked.unwrap_or(Err(ClientError::TooSlow)).unwrap_or_else(|error| {
            tracing::warn!(%error, "abtest did not answer, using the last known configuration");
            self.pause();
            self.last_known()
        })
    }

    fn last_known(&self) -> Advice {
        let configuration = self.0.known.load_full().unwrap_or_else(|| Arc::new(Configuration::built_in()));
        Advice { configuration, assigned: None, is_brought: false }
    }

    async fn ask_unhurried(&self, visitor: Option<&VisitorId>, trace: &TraceContext) -> Result<Advice, ClientError> {
        // The configuration has most likely not changed, so both questions can go out together.
        let expected = self.0.known.load().as_deref().and_then(Configuration::experiment_id);
        let (configuration, early) = tokio::join!(self.refresh(trace), self.assigned(visitor, expected, trace));
        let configuration = configuration?;
        let experiment = configuration.experiment_id();
        let assigned = if experiment == expected { early? } else { self.assigned(visitor, experiment, trace).await? };
        Ok(Advice::of(configuration, assigned))
    }

    /// Remembers the configuration as soon as it is there, so that it is obeyed even if assigning takes too long.
    async fn refresh(&self, trace: &TraceContext) -> Result<Arc<Configuration>, ClientError> {
        let current = Arc::new(self.0.client.configuration(trace).await?);
        self.0.known.store(Some(Arc::clone(&current)));
        Ok(current)
    }

    async fn assigned(
        &self,
        visitor: Option<&VisitorId>,
        experiment: Option<ExperimentId>,
        trace: &TraceContext,
    ) -> Result<Option<String>, ClientError> {
        match (visitor, experiment) {
            (Some(visitor), Some(experiment)) => self.0.client.assign(visitor, experiment, trace).await,
            _ => Ok(None),
        }
    }

    fn is_paused(&self) -> bool {
        self.0.clock.now().unix_timestamp_nanos() / 1_000 < i128::from(self.0.paused_until.load(Ordering::Relaxed))
    }

    fn pause(&self) {
        let until = (self.0.clock.now() + PAUSE).unix_timestamp_nanos() / 1_000;
        self.0.paused_until.store(i64::try_from(until).unwrap_or(i64::MAX), Ordering::Relaxed);
    }
}
