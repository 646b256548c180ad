//! What handlers may ask for; a signature shows what each of them touches.

use std::sync::Arc;

use axum::extract::FromRef;
use pushnami_common::auth::AdminKey;
use pushnami_common::clock::Clock;
use pushnami_common::privacy::PrivacyPolicy;

use crate::abtest::Abtest;
use crate::metrics::Metrics;
use crate::page::assets::Assets;
use crate::page::crawlers::PublicUrl;
use crate::page::mould::Moulds;
use crate::tracks::library::Library;
use crate::wishes::Untracked;

/// Everything of the service that outlives a request.
#[derive(Clone, Debug, FromRef)]
pub struct AppState {
    /// The neighbour who decides variants and toggles.
    pub abtest: Abtest,
    /// The neighbour who keeps events.
    pub metrics: Metrics,
    /// The music.
    pub music: Library,
    /// Tells the time.
    pub clock: Clock,
    /// Checks the admin's sessions.
    pub admin: AdminKey,
    /// Where the page finds its script and styles.
    pub assets: Arc<Assets>,
    /// Pages that are drawn already.
    pub moulds: Arc<Moulds>,
    /// Origins whose pages may call with credentials, and show the page in a frame.
    pub allowed_origins: Arc<[String]>,
    /// The page's address as the world knows it.
    pub public_url: PublicUrl,
    /// How visitors' wishes are answered.
    pub privacy: PrivacyPolicy,
    /// What was not recorded, because visitors asked for that.
    pub untracked: Untracked,
}

impl AppState {
    /// A state that nobody has used yet.
    ///
    /// # Errors
    /// When no HTTP client can be made.
    pub fn new(
        abtest_url: &str,
        metrics_url: &str,
        music: Library,
        clock: Clock,
        admin: AdminKey,
        allowed_origins: Vec<String>,
    ) -> anyhow::Result<Self> {
        Ok(Self {
            abtest: Abtest::new(abtest_url, clock.clone(), admin.clone())?,
            metrics: Metrics::new(metrics_url)?,
            music,
            clock,
            admin,
            assets: Arc::new(Assets::embedded()),
            moulds: Arc::default(),
            allowed_origins: allowed_origins.into(),
            public_url: PublicUrl::default(),
            privacy: PrivacyPolicy::default(),
            untracked: Untracked::default(),
        })
    }

    /// The same, known to the world at this address.
    #[must_use]
    pub fn known_at(self, public_url: PublicUrl) -> Self {
        Self { public_url, ..self }
    }

    /// The same, answering wishes in this way.
    #[must_use]
    pub fn answering_wishes(self, privacy: PrivacyPolicy) -> Self {
        Self { privacy, ..self }
    }
}
