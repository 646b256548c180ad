//! The configuration in memory: experiments and toggles as one immutable snapshot, replaced as a whole. Postgres is the
//! truth; start with [`Snapshots::current`].
//!
//! While a `follower` listens for changes, the snapshot is what was committed last, and answering needs no statement.
//! Without one (its connection was lost, or nobody started it) every answer is read anew, so that it is never older than
//! the request; only when the database is away as well, the last snapshot serves.

mod answer;
pub mod follower;
mod followers;
pub mod http;
pub mod model;
mod store;

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use arc_swap::ArcSwapOption;
use metrics::counter;
use pushnami_common::ApiResult;
use pushnami_common::pulse::Pulse;
use sqlx::PgPool;
use tokio::sync::{Mutex, watch};

pub use answer::Listing;
use followers::Followers;
use model::Snapshot;

/// For how long an answer waits for the database when a snapshot is at hand that may be a little old.
const PATIENCE: Duration = Duration::from_millis(200);

/// The way to the snapshot. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Snapshots(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    db: PgPool,
    current: ArcSwapOption<Snapshot>,
    /// Whether a follower was started.
    has_follower: AtomicBool,
    /// Says in `/health` when nothing was heard of the configuration for long.
    pulse: OnceLock<Pulse>,
    /// Whether it will hear of the next change.
    is_followed: AtomicBool,
    /// How many readings have begun. One is under way at a time; whoever came before it began may use what it found.
    begun: AtomicU64,
    /// The last reading that succeeded.
    reading: Mutex<u64>,
    /// Rises whenever assignments may have been forgotten that this process remembers.
    memory: AtomicU64,
    /// Who keeps the configuration as well.
    followers: Followers,
    /// The version of the snapshot, for those who pass changes on.
    version: watch::Sender<i64>,
}

impl Snapshots {
    /// Nothing is read yet.
    pub fn new(db: PgPool) -> Self {
        Self(Arc::new(Shared {
            db,
            current: ArcSwapOption::empty(),
            has_follower: AtomicBool::new(false),
            pulse: OnceLock::new(),
            is_followed: AtomicBool::new(false),
            begun: AtomicU64::new(0),
            reading: Mutex::default(),
            memory: AtomicU64::new(0),
            followers: Followers::default(),
            version: watch::Sender::new(0),
        }))
    }

    /// The configuration as it is now.
    ///
    /// # Errors
    /// 503 when it was never read and the database is away.
    pub async fn current(&self) -> ApiResult<Arc<Snapshot>> {
        let known = self.0.current.load_full();
        match known {
            Some(known) if self.is_followed() => Ok(known),
            None => Ok(self.read().await?),
            Some(_) if !self.0.has_follower.load(Ordering::Relaxed) => Ok(self.read().await?),
            Some(known) => match tokio::time::timeout(PATIENCE, self.read()).await {
                Ok(Ok(current)) => Ok(current),
                Ok(Err(error)) => {
                    tracing::warn!(%error, "the configuration could not be read, the last one serves");
                    Ok(known)
                }
                Err(_) => {
                    tracing::warn!("the configuration could not be read in time, the last one serves");
                    Ok(known)
                }
            },
        }
    }

    /// The configuration as it is now, read anew if it is older than this version, of which somebody was told.
    ///
    /// # Errors
    /// As [`Snapshots::current`].
    pub async fn at_least(&self, version: i64) -> ApiResult<Arc<Snapshot>> {
        let current = self.current().await?;
        if current.version >= version {
            return Ok(current);
        }
        let newer = tokio::time::timeout(PATIENCE, self.read()).await;
        Ok(newer.ok().and_then(Result::ok).unwrap_or(current))
    }

    /// To be called after a change was committed by this process: whoever asks it next is shown the change, and so is
    /// whoever asks a service that follows it.
    pub async fn refresh(&self) {
        match self.read().await {
            Ok(current) => self.0.followers.have(current.version).await,
            Err(error) => {
                // The change is committed all the same. Until the follower has read again, every answer is read anew.
                self.0.is_followed.store(false, Ordering::Release);
                tracing::warn!(%error, "the configuration could not be read after a change");
            }
        }
    }

    fn followers(&self) -> &Followers {
        &self.0.followers
    }

    /// Whether somebody will hear of the next change; what is remembered beside the snapshot may be used only then.
    pub fn is_followed(&self) -> bool {
        self.0.is_followed.load(Ordering::Acquire)
    }

    /// The age of memory: what was remembered under another one may have been forgotten since.
    pub fn memory(&self) -> u64 {
        self.0.memory.load(Ordering::Acquire)
    }

    /// Changes whenever the configuration did.
    pub fn changes(&self) -> watch::Receiver<i64> {
        self.0.version.subscribe()
    }

    /// How many wait for changes.
    pub fn listeners(&self) -> usize {
        self.0.version.receiver_count()
    }

    /// What is known is what the database holds.
    fn beat(&self) {
        if let Some(pulse) = self.0.pulse.get() {
            pulse.beat();
        }
    }

    fn forget(&self) {
        self.0.memory.fetch_add(1, Ordering::AcqRel);
    }

    /// Reads the configuration, or waits for somebody's reading that began after this call.
    async fn read(&self) -> sqlx::Result<Arc<Snapshot>> {
        let asked = self.0.begun.load(Ordering::Acquire);
        let mut succeeded = self.0.reading.lock().await;
        if *succeeded > asked
            && let Some(current) = self.0.current.load_full()
        {
            return Ok(current);
        }
        let number = self.0.begun.fetch_add(1, Ordering::AcqRel) + 1;
        let found = Arc::new(Snapshot::new(store::read(&self.0.db).await?));
        counter!("pushnami_configuration_readings_total").increment(1);
        self.0.current.store(Some(Arc::clone(&found)));
        self.beat();
        self.0.version.send_if_modified(|version| std::mem::replace(version, found.version) != found.version);
        *succeeded = number;
        Ok(found)
    }
}
