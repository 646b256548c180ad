//! landing at its edge: every test calls the real router, over neighbours that behave as the test wants and a music
//! folder of its own.

mod attacks;
mod collect;
mod contact;
mod following;
mod frame;
mod neighbours;
mod outside;
mod page;
mod tracks;
mod uploads;
mod wishes;

use pushnami_common::auth::AdminKey;
use pushnami_common::clock::{Clock, Hands};
use pushnami_landing::app;
use pushnami_landing::state::AppState;
use pushnami_landing::tracks::library::Library;
use pushnami_testkit::{NOON, TestApp, admin_key, allowed_origins};
use tempfile::TempDir;
use wiremock::MockServer;

/// landing and everything around it.
struct World {
    /// Called by nobody in particular.
    app: TestApp,
    abtest: MockServer,
    metrics: MockServer,
    music: TempDir,
    key: AdminKey,
    clock: Clock,
    hands: Hands,
}

impl World {
    /// Both neighbours answer 404 to everything until the test says otherwise; the library is empty.
    async fn new() -> Self {
        Self::with_quota(u64::MAX).await
    }

    /// The same, with a library of no more than so many bytes.
    async fn with_quota(quota: u64) -> Self {
        let (abtest, metrics) = tokio::join!(MockServer::start(), MockServer::start());
        let music = tempfile::tempdir().expect("a folder");
        let (clock, hands) = Clock::stopped_at(NOON);
        let key = admin_key(&clock);
        let library = Library::open_with_quota(music.path(), quota).await.expect("a library");
        let state =
            AppState::new(&abtest.uri(), &metrics.uri(), library, clock.clone(), key.clone(), allowed_origins());
        let app = TestApp::new(app(state.expect("a state")));
        Self { app, abtest, metrics, music, key, clock, hands }
    }

    /// Called by the admin.
    async fn admin(&self) -> TestApp {
        self.app.as_admin(&self.key).await
    }

    /// Names of all files in the music folder, also those that nobody is to see.
    fn files(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.music.path()).expect("a folder");
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().into_string().expect("a name in UTF-8")).collect();
        names.sort();
        names
    }
}
