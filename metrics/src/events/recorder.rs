//! Group commit: whatever waits at one moment goes into the database in one statement and one commit, and is answered
//! only after it. Nobody waits for a timer: while one group is being committed, the next one gathers.
//!
//! Callers hold a [`Recorder`]; one `writer` a process does the work, and ends, after the last event, when all
//! recorders are gone.

use std::sync::Arc;

use pushnami_common::error::{ApiError, ApiResult};
use sqlx::PgPool;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot, watch};
use uuid::Uuid;

use super::model::Recording;
use super::writer::Writer;

/// How many events may wait. Together with one group on its way they are what a quick database takes in a quarter of a
/// second, so that whoever is let in does not wait longer.
pub const WAITING_EVENTS: usize = 2000;
/// How many bytes of JSON may wait: of events of usual size, fewer than may wait by number, so that a batch that finds no
/// room is refused before it is parsed, which costs fifty times what refusing it does.
pub const WAITING_BYTES: usize = 640 * 1024;

/// What a request brings, and where its answer goes.
pub(super) struct Request {
    pub recordings: Vec<Recording>,
    pub answer: oneshot::Sender<ApiResult<Vec<Uuid>>>,
    /// The room it takes; given back when it is answered.
    _room: (Room, OwnedSemaphorePermit),
}

/// Room in the queue for what a body of JSON brings.
#[derive(Debug)]
pub struct Room(#[expect(dead_code, reason = "given back when it is dropped")] OwnedSemaphorePermit);

/// The way of events into the database.
#[derive(Clone, Debug)]
pub struct Recorder {
    queue: mpsc::UnboundedSender<Request>,
    events: Arc<Semaphore>,
    bytes: Arc<Semaphore>,
    committed: watch::Receiver<u64>,
}

impl Recorder {
    /// Starts a writer over this database.
    pub fn start(db: PgPool) -> Self {
        // Unbounded by itself: the semaphores bound it, by what matters.
        let (queue, waiting) = mpsc::unbounded_channel();
        let (commits, committed) = watch::channel(0);
        tokio::spawn(Writer::new(db, waiting, commits).run());
        let (events, bytes) = (Semaphore::new(WAITING_EVENTS), Semaphore::new(WAITING_BYTES));
        Self { queue, events: events.into(), bytes: bytes.into(), committed }
    }

    /// How many bytes of bodies wait to be committed.
    pub fn waiting_bytes(&self) -> usize {
        WAITING_BYTES.saturating_sub(self.bytes.available_permits())
    }

    /// Fails when not even one event has room: asked before a body is read, it makes a refusal cheap.
    ///
    /// # Errors
    /// 503 when the queue is full.
    pub fn check_room(&self) -> ApiResult<()> {
        let has_room = self.events.available_permits() > 0 && self.bytes.available_permits() > 0;
        if has_room { Ok(()) } else { Err(overloaded()) }
    }

    /// Takes room for a body of so many bytes, before it is parsed. A body that is larger than all the room there is gets
    /// all of it.
    ///
    /// # Errors
    /// 503 when there is not so much.
    pub fn reserve(&self, bytes: usize) -> ApiResult<Room> {
        take(&self.bytes, bytes.min(WAITING_BYTES)).map(Room)
    }

    /// Records all events or none and returns when they are committed, with the ids that were known already. The ids
    /// must differ from each other. Whoever stops waiting does not stop the recording.
    ///
    /// # Errors
    /// 503 when there is no room or the database is away; nothing is recorded then, as far as anybody can know.
    pub async fn record(&self, recordings: Vec<Recording>, room: Room) -> ApiResult<Vec<Uuid>> {
        if recordings.is_empty() {
            return Ok(Vec::new());
        }
        let _room = (room, take(&self.events, recordings.len())?);
        let (answer, answered) = oneshot::channel();
        let gone = || ApiError::unavailable("the service is stopping", 1);
        self.queue.send(Request { recordings, answer, _room }).map_err(|_| gone())?;
        answered.await.map_err(|_| gone())?
    }

    /// Changes whenever a group was committed, for those who follow the log.
    pub fn committed(&self) -> watch::Receiver<u64> {
        self.committed.clone()
    }
}

fn take(places: &Arc<Semaphore>, count: usize) -> ApiResult<OwnedSemaphorePermit> {
    let count = u32::try_from(count).map_err(|_| overloaded())?;
    places.clone().try_acquire_many_owned(count).map_err(|_| overloaded())
}

fn overloaded() -> ApiError {
    ApiError::unavailable("more events wait than can be recorded now; send them again", 1)
}
