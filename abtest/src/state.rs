//! What handlers may ask for; a signature shows what each of them touches.

use std::sync::Arc;

use axum::extract::FromRef;
use pushnami_common::auth::AdminKey;
use pushnami_common::clock::Clock;
use pushnami_common::privacy::PrivacyPolicy;
use sqlx::PgPool;

use crate::assignments::assigner::Assigner;
use crate::sessions::model::FailedLogins;
use crate::snapshot::Snapshots;

/// Everything of the service that outlives a request.
#[derive(Clone, Debug, FromRef)]
pub struct AppState {
    /// The way to Postgres.
    pub db: PgPool,
    /// Tells the time.
    pub clock: Clock,
    /// Checks the admin's password and sessions.
    pub admin: AdminKey,
    /// The configuration in memory.
    pub snapshots: Snapshots,
    /// Decides who sees what, and remembers it.
    pub assigner: Assigner,
    /// Who guessed wrong lately.
    pub failed_logins: Arc<FailedLogins>,
    /// How visitors' wishes are answered.
    pub privacy: PrivacyPolicy,
}

impl AppState {
    /// A state that nobody has used yet. It reads the configuration anew for every answer, until `snapshots.follow()`.
    pub fn new(db: PgPool, clock: Clock, admin: AdminKey) -> Self {
        let snapshots = Snapshots::new(db.clone());
        let assigner = Assigner::start(db.clone(), snapshots.clone());
        Self { db, clock, admin, snapshots, assigner, failed_logins: Arc::default(), privacy: PrivacyPolicy::default() }
    }

    /// The same, answering wishes in this way.
    #[must_use]
    pub fn answering_wishes(self, privacy: PrivacyPolicy) -> Self {
        Self { privacy, ..self }
    }
}
