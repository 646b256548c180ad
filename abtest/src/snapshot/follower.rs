//! Keeps the snapshot fresh: listens for changes, and looks once a second in case a word got lost.

use std::sync::atomic::Ordering;
use std::time::Duration;

use pushnami_common::pulse::{Pulse, Weight};
use sqlx::PgPool;
use sqlx::postgres::PgListener;
use tokio::time::{Instant, timeout_at};

use super::{Snapshots, store};

/// Where triggers tell of changes.
const CHANNEL: &str = "pushnami_configuration";
/// What they say when assignments are gone that somebody may remember.
const FORGOTTEN: &str = "forgotten";
/// How often the version is looked at. With a reading it stays below the two seconds in which a change must be known
/// everywhere.
const POLL: Duration = Duration::from_secs(1);
/// After so long without a look that succeeded, what is known may be old.
const STUCK: Duration = Duration::from_secs(15);
/// The first pause before listening is tried again; each is twice as long as the one before, up to [`POLL`].
const PAUSE: Duration = Duration::from_millis(50);

impl Snapshots {
    /// Starts to follow changes, for as long as the pool is open.
    ///
    /// # Errors
    /// When the configuration cannot be read now.
    pub async fn follow(&self) -> sqlx::Result<()> {
        let listener = self.listen().await?;
        self.0.has_follower.store(true, Ordering::Relaxed);
        let _ = self.0.pulse.set(Pulse::of("following the configuration", STUCK, Weight::Vital));
        tokio::spawn(self.clone().keep_following(listener));
        Ok(())
    }

    async fn keep_following(self, first: PgListener) {
        let mut listener = first;
        loop {
            let ended = self.hear(&mut listener).await;
            // From here on every answer is read anew, and nothing remembered is used.
            self.0.is_followed.store(false, Ordering::Release);
            drop(listener);
            if matches!(ended, Err(sqlx::Error::PoolClosed)) || self.0.db.is_closed() {
                return;
            }
            tracing::warn!("the connection that hears of changes is lost, listening again");
            let Some(next) = self.listen_again().await else { return };
            listener = next;
        }
    }

    async fn listen_again(&self) -> Option<PgListener> {
        let mut pause = PAUSE;
        loop {
            match self.listen().await {
                Ok(listener) => return Some(listener),
                Err(sqlx::Error::PoolClosed) => return None,
                Err(error) => tracing::debug!(%error, "changes cannot be listened for, trying again"),
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(POLL);
        }
    }

    /// Listens, and then reads: what is committed between the two is both heard of and read.
    async fn listen(&self) -> sqlx::Result<PgListener> {
        let mut listener = PgListener::connect_with(&self.0.db).await?;
        listener.eager_reconnect(false);
        listener.listen(CHANNEL).await?;
        self.forget();
        self.read().await?;
        self.0.is_followed.store(true, Ordering::Release);
        Ok(listener)
    }

    /// Hears of changes until the connection is lost.
    async fn hear(&self, listener: &mut PgListener) -> sqlx::Result<()> {
        let mut next_look = Instant::now() + POLL;
        loop {
            match timeout_at(next_look, listener.try_recv()).await {
                Ok(Ok(Some(word))) => self.obey(word.payload(), listener).await?,
                Ok(Ok(None)) => return Ok(()),
                Ok(Err(error)) => return Err(error),
                Err(_) => {
                    next_look = Instant::now() + POLL;
                    self.look(&self.0.db).await;
                }
            }
        }
    }

    async fn obey(&self, word: &str, listener: &mut PgListener) -> sqlx::Result<()> {
        let mut words = vec![word.to_owned()];
        // A burst of changes is one reading.
        while let Some(word) = listener.next_buffered() {
            words.push(word.payload().to_owned());
        }
        if words.iter().any(|word| word == FORGOTTEN) {
            self.forget();
        }
        if words.iter().any(|word| word != FORGOTTEN) {
            self.read().await?;
        }
        Ok(())
    }

    /// Reads if the version is another. A database that is away is no news: the listening connection tells of it.
    async fn look(&self, db: &PgPool) {
        let known = *self.0.version.borrow();
        match store::read_version(db).await {
            Ok(version) if version == known => {
                self.beat();
                // A change of ours may have been committed and not read.
                self.0.is_followed.store(true, Ordering::Release);
            }
            Ok(_) => match self.read().await {
                Ok(_) => self.0.is_followed.store(true, Ordering::Release),
                Err(error) => tracing::debug!(%error, "the configuration could not be read, looking again"),
            },
            Err(error) => tracing::debug!(%error, "the version could not be read, looking again"),
        }
    }
}
