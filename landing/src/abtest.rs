//! The neighbour who decides: asked for each page within a budget, and replaced by the last known configuration and the
//! same frozen rule when it does not answer. Start with [`Abtest::ask`].

mod client;
pub mod configuration;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use arc_swap::ArcSwapOption;
use pushnami_common::clock::Clock;
use pushnami_common::ids::{ExperimentId, VisitorId};
use pushnami_common::telemetry::trace_context::TraceContext;

use crate::page::view::Variant;
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
    /// Until when nobody is asked, in microseconds since 1970.
    paused_until: AtomicI64,
    clock: Clock,
}

/// What abtest said, or what we know without it.
#[derive(Clone, Debug)]
pub struct Advice {
    /// What the page is to look like; the built-in one if abtest was never reached.
    pub configuration: Arc<Configuration>,
    /// The remembered variant of the visitor, if abtest named one.
    pub assigned: Option<Variant>,
}

impl Abtest {
    /// abtest at this address.
    ///
    /// # Errors
    /// When no HTTP client can be made.
    pub fn new(base_url: &str, clock: Clock) -> anyhow::Result<Self> {
        Ok(Self(Arc::new(Inner {
            client: Client::new(base_url, BUDGET)?,
            known: ArcSwapOption::empty(),
            paused_until: AtomicI64::new(0),
            clock,
        })))
    }

    /// Asks for the configuration and, where a visitor is given, for their variant, both at once and within the budget.
    /// Always answers.
    pub async fn ask(&self, visitor: Option<&VisitorId>, trace: &TraceContext) -> Advice {
        if self.is_paused() {
            return self.last_known();
        }
        let asked = tokio::time::timeout(BUDGET, self.ask_unhurried(visitor, trace)).await;
        asked.unwrap_or(Err(ClientError::TooSlow)).unwrap_or_else(|error| {
            tracing::warn!(%error, "abtest did not answer, using the last known configuration");
            self.pause();
            self.last_known()
        })
    }

    fn last_known(&self) -> Advice {
        let configuration = self.0.known.load_full().unwrap_or_else(|| Arc::new(Configuration::built_in()));
        Advice { configuration, assigned: None }
    }

    async fn ask_unhurried(&self, visitor: Option<&VisitorId>, trace: &TraceContext) -> Result<Advice, ClientError> {
        // The configuration has most likely not changed, so both questions can go out together.
        let expected = self.0.known.load().as_deref().and_then(Configuration::experiment_id);
        let (configuration, early) = tokio::join!(self.refresh(trace), self.assigned(visitor, expected, trace));
        let configuration = configuration?;
        let experiment = configuration.experiment_id();
        let assigned = if experiment == expected { early? } else { self.assigned(visitor, experiment, trace).await? };
        Ok(Advice { configuration, assigned })
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
    ) -> Result<Option<Variant>, ClientError> {
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
