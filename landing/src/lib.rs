//! landing: gives each visitor the page in their variant, hands on what happens there, and keeps the music.
//!
//! Start with [`router`], the list of calls. [`page`] is what visitors see, [`visitor`] who they are, [`abtest`] and
//! [`metrics`] the neighbours, without which the page is still whole.

pub mod abtest;
pub mod collect;
pub mod config;
pub mod contact;
pub mod metrics;
pub mod page;
pub mod router;
pub mod state;
pub mod tracks;
pub mod visitor;
pub mod wishes;

use std::sync::Arc;

use axum::Router;
use axum::middleware;
use pushnami_common::auth::AdminKey;
use pushnami_common::clock::Clock;
use pushnami_common::config::{CommonConfig, ConfigError, Env};
use pushnami_common::program::Service;
use pushnami_common::serve::Frame;

use config::Config;
use state::AppState;
use tracks::library::Library;

/// The service.
#[derive(Clone, Copy, Debug)]
pub struct Landing;

impl Service for Landing {
    const NAME: &'static str = "landing";
    const PORT: (&'static str, u16) = ("LANDING_PORT", 3000);
    type Config = Config;

    fn document() -> utoipa::openapi::OpenApi {
        router::routes().into_openapi()
    }

    fn read(env: &Env, common: CommonConfig) -> Result<Config, ConfigError> {
        Config::read(env, common)
    }

    async fn build(config: Config) -> anyhow::Result<Router> {
        let music = Library::open_with_quota(&config.music_dir, config.music_quota).await?;
        music.seed().await?;
        let clock = Clock::system();
        let origins = config.common.allowed_origins;
        let admin = AdminKey::new(config.common.admin, origins.clone(), clock.clone());
        let state = AppState::new(&config.abtest_url, &config.metrics_url, music, clock, admin, origins)?;
        state.abtest.follow(config.configuration_file).await;
        tokio::spawn(state.untracked.clone().keep_telling(state.metrics.clone(), state.admin.clone()));
        Ok(app(state.known_at(config.public_url).answering_wishes(config.privacy)))
    }
}

/// The whole service as a router: what a process serves and what tests call.
pub fn app(state: AppState) -> Router {
    let (music, clock, allowed_origins) = (state.music.clone(), state.clock.clone(), state.allowed_origins.to_vec());
    let wishes = (state.privacy, state.untracked.clone());
    let (routes, document) = router::routes().with_state(state).split_for_parts();
    let routes = routes.layer(middleware::from_fn_with_state(wishes, wishes::heed_wishes));
    // The neighbours may be away: the page is served without them. The music folder may not.
    let health = Arc::new(move || {
        let music = music.clone();
        Box::pin(async move { music.check().await }) as _
    });
    let framed = Frame { service: Landing::NAME, allowed_origins, health, clock }.around(routes, document);
    page::choice::describe();
    framed
}
