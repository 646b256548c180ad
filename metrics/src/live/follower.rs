//! One reader for all who listen: it follows the log in the order of commits, writes each message once, and hands the
//! same bytes to everybody. While nobody listens it rests.
//!
//! What waits for a slow listener is bounded: whoever falls too far behind is cut off, comes back with the place where it
//! was, and reads what it missed at its own pace.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use metrics::gauge;
use pushnami_common::clock::Clock;
use pushnami_common::error::{ApiError, ApiResult};
use sqlx::PgPool;
use tokio::sync::broadcast::{Receiver, Sender};
use tokio::sync::{Mutex, Notify, broadcast, watch};
use tokio::time::Instant;

use super::{model, store};
use crate::stats::cache::StatsCache;
use crate::stats::http::current_stats;
use crate::stats::model::StatsQuery;
use crate::stats::store::{Mark, read_mark};

/// How many messages wait for the slowest listener. They are bounded in bytes as well.
const WAITING: usize = 64;
/// The most events of one reading.
const PAGE: i64 = 250;
/// The most who may listen to one copy of the service.
const MOST_LISTENERS: usize = 500;
/// Events that arrive one by one go out together: nobody sees the difference, and each message costs every listener.
const BREATH: Duration = Duration::from_millis(50);
/// How often events of another copy of the service are looked for.
const POLL: Duration = Duration::from_millis(500);
/// How often the counts go out at most.
const STATS_EVERY: Duration = Duration::from_secs(1);
/// After how much quiet a heartbeat goes out. Proxies take a minute of quiet for death, some half of that.
const HEARTBEAT: Duration = Duration::from_secs(10);

/// The way onto the stream.
#[derive(Clone, Debug)]
pub struct Live(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    db: PgPool,
    clock: Clock,
    stats: Arc<StatsCache>,
    messages: Sender<Bytes>,
    /// Everything up to this place has been sent.
    position: Mutex<i64>,
    listened: Notify,
}

/// A place on the stream, and what comes after it.
#[derive(Debug)]
pub struct Listener {
    /// Everything up to here was sent before, or is to be read from the log.
    pub position: i64,
    messages: Receiver<Bytes>,
}

impl Live {
    /// Starts following the log; `committed` changes when this copy of the service has stored something.
    pub fn start(db: PgPool, clock: Clock, stats: Arc<StatsCache>, committed: watch::Receiver<u64>) -> Self {
        let (messages, _) = broadcast::channel(WAITING);
        let shared =
            Arc::new(Shared { db, clock, stats, messages, position: Mutex::default(), listened: Notify::new() });
        tokio::spawn(follow(Arc::clone(&shared), committed));
        Self(shared)
    }

    /// Begins to listen, from now on.
    ///
    /// # Errors
    /// 503 when too many listen already, or the database is away.
    pub async fn listen(&self) -> ApiResult<Listener> {
        let mut position = self.0.position.lock().await;
        let listeners = self.0.messages.receiver_count();
        if listeners >= MOST_LISTENERS {
            return Err(ApiError::unavailable("too many listen already", 10));
        }
        if listeners == 0 {
            // Nobody followed the log meanwhile.
            *position = store::find_end(&self.0.db).await?;
        }
        let listener = Listener { position: *position, messages: self.0.messages.subscribe() };
        gauge!("pushnami_sse_clients", "stream" => "live").increment(1);
        self.0.listened.notify_one();
        Ok(listener)
    }
}

impl Listener {
    /// The next message; `None` for whoever fell too far behind.
    pub async fn next(&mut self) -> Option<Bytes> {
        self.messages.recv().await.ok()
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        gauge!("pushnami_sse_clients", "stream" => "live").decrement(1);
    }
}

async fn follow(shared: Arc<Shared>, mut committed: watch::Receiver<u64>) {
    let mut spoken = Instant::now();
    let mut stats = Pace::default();
    loop {
        if shared.messages.receiver_count() == 0 {
            shared.listened.notified().await;
        }
        let sent = match shared.send_events().await {
            Ok(sent) => sent,
            Err(error) => {
                tracing::debug!(%error, "the log could not be followed, trying again");
                0
            }
        };
        stats.due |= sent > 0 || shared.is_changed(&stats).await;
        if sent > 0 || (stats.is_now() && shared.send_stats(&mut stats).await) {
            spoken = Instant::now();
        } else if spoken.elapsed() >= HEARTBEAT {
            shared.send(model::heartbeat());
            spoken = Instant::now();
        }
        if sent < PAGE as usize {
            rest(&mut committed, stats.due).await;
        }
    }
}

/// Waits until there may be something to say.
async fn rest(committed: &mut watch::Receiver<u64>, is_due: bool) {
    tokio::time::sleep(BREATH).await;
    let limit = if is_due { BREATH } else { POLL };
    // Nobody commits here any more when the recorder is gone; other copies still may.
    if matches!(tokio::time::timeout(limit, committed.changed()).await, Ok(Err(_))) {
        tokio::time::sleep(limit).await;
    }
}

/// When the counts are to go out, and what went out last.
#[derive(Default)]
struct Pace {
    due: bool,
    last: Option<Instant>,
    mark: Option<Mark>,
    body: Bytes,
}

impl Pace {
    fn is_now(&self) -> bool {
        self.due && self.last.is_none_or(|last| last.elapsed() >= STATS_EVERY)
    }
}

impl Shared {
    /// Sends the next events and answers how many.
    async fn send_events(&self) -> sqlx::Result<usize> {
        let mut position = self.position.lock().await;
        let rows = store::list_after(&self.db, *position, PAGE).await?;
        let Some(last) = rows.last() else { return Ok(0) };
        *position = last.seq;
        model::events(&rows).into_iter().for_each(|message| self.send(message));
        Ok(rows.len())
    }

    /// Whether the counts may have changed without a new event: somebody was erased, or not recorded.
    async fn is_changed(&self, pace: &Pace) -> bool {
        let mark = async { read_mark(&mut *self.db.acquire().await?).await };
        mark.await.is_ok_and(|mark| pace.mark != Some(mark))
    }

    /// Sends the counts, unless they are what went out last; answers whether it did.
    async fn send_stats(&self, pace: &mut Pace) -> bool {
        (pace.due, pace.last) = (false, Some(Instant::now()));
        let counts = async {
            // Read first: what changes meanwhile changes this again.
            let mark = read_mark(&mut *self.db.acquire().await?).await?;
            Ok((mark, current_stats(&self.db, &self.stats, StatsQuery::default(), self.clock.now()).await?))
        };
        let (mark, body) = match counts.await {
            Ok(counts) => counts,
            Err::<_, ApiError>(error) => {
                tracing::debug!(?error, "the counts could not be sent, trying again");
                pace.due = true;
                return false;
            }
        };
        pace.mark = Some(mark);
        if body == pace.body {
            return false;
        }
        self.send(model::stats(&body));
        pace.body = body;
        true
    }

    fn send(&self, message: Bytes) {
        // Everybody may have left meanwhile.
        let _ = self.messages.send(message);
    }
}
