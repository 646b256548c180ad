//! What handlers may ask for; a signature shows what each of them touches.

use std::sync::Arc;

use axum::extract::FromRef;
use pushnami_common::auth::AdminKey;
use pushnami_common::clock::Clock;
use pushnami_common::privacy::PrivacyPolicy;
use sqlx::PgPool;

use crate::events::recorder::Recorder;
use crate::leads::limit::LeadLimit;
use crate::live::follower::Live;
use crate::results::cache::ResultsCache;
use crate::stats::cache::StatsCache;

/// What routes carry: every request takes a copy or two along, which must cost next to nothing.
#[derive(Clone, Debug)]
pub struct AppState(Arc<Parts>);

/// Everything of the service that outlives a request.
#[derive(Clone, Debug)]
pub struct Parts {
    /// The way to Postgres.
    pub db: PgPool,
    /// The way of events into it.
    pub recorder: Recorder,
    /// The last answers about stats.
    pub stats: Arc<StatsCache>,
    /// The way onto the stream of what is new.
    pub live: Live,
    /// The last answers about results.
    pub results: Arc<ResultsCache>,
    /// Tells the time.
    pub clock: Clock,
    /// Checks the admin's sessions.
    pub admin: AdminKey,
    /// Counts leads by where they come from.
    pub lead_limit: Arc<LeadLimit>,
    /// How visitors' wishes are answered.
    pub privacy: PrivacyPolicy,
}

impl From<Parts> for AppState {
    fn from(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }
}

/// Lets handlers ask for a part by its type.
macro_rules! give {
    ($($part:ident: $type:ty),+ $(,)?) => {
        $(impl FromRef<AppState> for $type {
            fn from_ref(state: &AppState) -> Self {
                state.0.$part.clone()
            }
        })+
    };
}

give! {
    db: PgPool,
    recorder: Recorder,
    stats: Arc<StatsCache>,
    live: Live,
    results: Arc<ResultsCache>,
    clock: Clock,
    admin: AdminKey,
    lead_limit: Arc<LeadLimit>,
    privacy: PrivacyPolicy,
}
