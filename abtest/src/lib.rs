//! abtest: experiments, deterministic assignment, toggles, and the admin's sessions.
//!
//! Start with [`router`], the list of calls; each leads to a feature of the same three files: `http` reads and answers,
//! `store` holds the SQL, `model` what is true whether or not there is a database.

pub mod assignments;
pub mod audit;
pub mod config;
pub mod experiments;
pub mod ofrep;
pub mod revisions;
pub mod router;
pub mod seed;
pub mod sessions;
pub mod snapshot;
pub mod state;
pub mod toggles;

use std::sync::Arc;

use axum::extract::Request;
use axum::{Router, middleware};
use pushnami_common::auth::AdminKey;
use pushnami_common::clock::Clock;
use pushnami_common::config::{CommonConfig, ConfigError, Env};
use pushnami_common::db;
use pushnami_common::program::Service;
use pushnami_common::serve::Frame;

use config::Config;
use state::AppState;

/// The service.
#[derive(Clone, Copy, Debug)]
pub struct Abtest;

impl Service for Abtest {
    const NAME: &'static str = "abtest";
    const PORT: (&'static str, u16) = ("ABTEST_PORT", 8002);
    type Config = Config;

    fn document() -> utoipa::openapi::OpenApi {
        router::routes().into_openapi()
    }

    fn read(env: &Env, common: CommonConfig) -> Result<Config, ConfigError> {
        Config::read(env, common)
    }

    async fn build(config: Config) -> anyhow::Result<Router> {
        let db = db::connect(&config.database_url, Self::NAME).await?;
        seed::run_once(&db).await?;
        let clock = Clock::system();
        let admin = AdminKey::new(config.common.admin, config.common.allowed_origins.clone(), clock.clone());
        let state = AppState::new(db, clock, admin).answering_wishes(config.privacy);
        state.snapshots.follow().await?;
        experiments::clearing::start(state.db.clone());
        Ok(app(state, config.common.allowed_origins))
    }
}

/// The whole service as a router: what a process serves and what tests call.
pub fn app(state: AppState, allowed_origins: Vec<String>) -> Router {
    let (db, clock, privacy) = (state.db.clone(), state.clock.clone(), state.privacy);
    let (routes, document) = router::routes().with_state(state).split_for_parts();
    // Handlers then see only the wishes that the operator lets us heed.
    let routes = routes.layer(middleware::map_request(move |mut request: Request| async move {
        privacy.take_off_unheeded(request.headers_mut());
        request
    }));
    let health = Arc::new(move || {
        let db = db.clone();
        Box::pin(async move { db::check(&db).await }) as _
    });
    let framed = Frame { service: Abtest::NAME, allowed_origins, health, clock }.around(routes, document);
    assignments::assigner::describe();
    ofrep::http::describe();
    framed
}
