//! metrics: what visitors did, and the counts over it.
//!
//! Start with [`router`], the list of calls; each leads to a feature of the same three files: `http` reads and answers,
//! `store` holds the SQL, `model` what is true whether or not there is a database.

pub mod calculator;
pub mod config;
pub mod events;
pub mod exposures;
pub mod leads;
pub mod live;
pub mod log;
pub mod results;
pub mod retention;
pub mod rollups;
pub mod router;
pub mod spreadsheet;
pub mod state;
pub mod stats;
pub mod untracked;
pub mod visitors;

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::middleware;
use pushnami_common::auth::AdminKey;
use pushnami_common::clock::Clock;
use pushnami_common::config::{CommonConfig, ConfigError, Env};
use pushnami_common::db;
use pushnami_common::program::Service;
use pushnami_common::serve::Frame;

use config::Config;
use events::recorder::Recorder;
use leads::limit::LeadLimit;
use live::follower::Live;
use state::{AppState, Parts};
use stats::cache::StatsCache;

/// How many differences a recount names one by one.
const MOST_DIFFERENCES: usize = 50;

/// The service.
#[derive(Clone, Copy, Debug)]
pub struct Metrics;

impl Service for Metrics {
    const NAME: &'static str = "metrics";
    const PORT: (&'static str, u16) = ("METRICS_PORT", 8001);
    type Config = Config;

    fn document() -> utoipa::openapi::OpenApi {
        router::routes().into_openapi()
    }

    fn read(env: &Env, common: CommonConfig) -> Result<Config, ConfigError> {
        Config::read(env, common)
    }

    async fn build(config: Config) -> anyhow::Result<Router> {
        let db = db::connect(&config.database_url, Self::NAME).await?;
        let clock = Clock::system();
        let recorder = Recorder::start(db.clone());
        events::counters::watch(recorder.clone());
        results::watch();
        tokio::spawn(rollups::worker::run(db.clone(), recorder.committed()));
        tokio::spawn(exposures::worker::run(db.clone(), recorder.committed()));
        tokio::spawn(results::guardrails::run(db.clone(), clock.clone()));
        if let Some(days) = config.retention_days {
            tokio::spawn(retention::run(db.clone(), clock.clone(), days));
        }
        let stats = Arc::<StatsCache>::default();
        let live = Live::start(db.clone(), clock.clone(), Arc::clone(&stats), recorder.committed());
        let admin = AdminKey::new(config.common.admin, config.common.allowed_origins.clone(), clock.clone());
        Ok(app(
            Parts {
                lead_limit: Arc::new(LeadLimit::new(clock.clone())),
                privacy: config.privacy,
                recorder,
                stats,
                live,
                results: Arc::default(),
                db,
                clock,
                admin,
            },
            config.common.allowed_origins,
        ))
    }
}

/// Recounts the events of the database that the environment names, and says how the rollups compare.
///
/// # Errors
/// When the database cannot be read.
pub async fn verify() -> anyhow::Result<bool> {
    let url = Env::load()?.database_url()?;
    let db = sqlx::PgPool::connect(&url).await?;
    let verdict = rollups::verify::verify_aloud(&db, |events| eprintln!("recounted {events} events so far")).await?;
    for difference in verdict.differences.iter().take(MOST_DIFFERENCES) {
        println!("differs: {difference}");
    }
    let (events, compared, differ) = (verdict.events, verdict.compared, verdict.differences.len());
    println!("recounted {events} events and compared {compared} counts and sets: {differ} differ");
    Ok(differ == 0)
}

/// The whole service as a router: what a process serves and what tests call.
pub fn app(parts: Parts, allowed_origins: Vec<String>) -> Router {
    let (db, clock, privacy) = (parts.db.clone(), parts.clock.clone(), parts.privacy);
    let (routes, document) = router::routes().with_state(AppState::from(parts)).split_for_parts();
    // Handlers then see only the wishes that the operator lets us heed.
    let routes = routes.layer(middleware::map_request(move |mut request: Request| async move {
        privacy.take_off_unheeded(request.headers_mut());
        request
    }));
    let health = Arc::new(move || {
        let db = db.clone();
        Box::pin(async move { db::check(&db).await }) as _
    });
    let framed = Frame { service: Metrics::NAME, allowed_origins, health, clock }.around(routes, document);
    events::counters::describe();
    framed
}
