//! The one task of a process that writes events: it takes everything that waits, commits it, and answers.

use std::collections::HashSet;
use std::time::Duration;

use pushnami_common::error::ApiError;
use pushnami_common::pulse::{Pulse, Weight};
use sqlx::pool::PoolConnection;
use sqlx::{PgPool, Postgres};
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;
use uuid::Uuid;

use super::counters::count_excluded;
use super::model::Recording;
use super::recorder::Request;
use super::store;

/// The most events of one commit: beyond this a group gains nothing and its members only wait longer.
const GROUP_EVENTS: usize = 1000;
/// For how long a group is tried while the database is away. The ids make trying again safe.
const PATIENCE: Duration = Duration::from_secs(2);
/// For how long a database that neither commits a group nor refuses it is waited for. A group takes milliseconds; whoever
/// waits longer is told to come again, with the same ids.
const HELD: Duration = Duration::from_secs(5);
/// The first pause between two tries; each is twice as long as the one before.
const PAUSE: Duration = Duration::from_millis(20);

pub(super) struct Writer {
    db: PgPool,
    waiting: mpsc::UnboundedReceiver<Request>,
    commits: watch::Sender<u64>,
    /// Says in `/health` when the database, or its disk, does not take events.
    pulse: Pulse,
    /// Kept from group to group: a pool would ask it how it is before every use.
    connection: Option<PoolConnection<Postgres>>,
}

impl Writer {
    pub(super) fn new(db: PgPool, waiting: mpsc::UnboundedReceiver<Request>, commits: watch::Sender<u64>) -> Self {
        // Without events there is nothing to succeed with.
        let pulse = Pulse::of("recording events", Duration::MAX, Weight::Vital);
        Self { db, waiting, commits, pulse, connection: None }
    }

    /// Runs until nobody can send any more and everything is answered.
    pub(super) async fn run(mut self) {
        let closing = self.db.clone();
        loop {
            let first = tokio::select! {
                biased;
                next = self.waiting.recv() => next,
                // A pool that closes waits for its connections.
                () = closing.close_event(), if self.connection.is_some() => {
                    self.connection = None;
                    continue;
                }
            };
            let Some(first) = first else { return };
            let group = self.gather(first);
            self.write(group).await;
        }
    }

    /// What waits at this moment, as far as it fits into one commit.
    fn gather(&mut self, first: Request) -> Vec<Request> {
        let mut events = first.recordings.len();
        let mut group = vec![first];
        // How many bytes wait is bounded already.
        while events < GROUP_EVENTS {
            let Ok(next) = self.waiting.try_recv() else { break };
            events += next.recordings.len();
            group.push(next);
        }
        group
    }

    async fn write(&mut self, group: Vec<Request>) {
        let mut seen = HashSet::new();
        // Of several events with one id in the group, the first is the event; the others find it known.
        let distinct: Vec<&Recording> =
            group.iter().flat_map(|request| &request.recordings).filter(|one| seen.insert(one.event.id)).collect();
        match self.commit(&distinct).await {
            Ok(known) => self.answer(group, known.into_iter().collect()),
            Err(refusal) if group.len() == 1 || is_nobodys_fault(&refusal) => {
                if is_nobodys_fault(&refusal) {
                    self.pulse.fail();
                }
                for request in group {
                    let _ = request.answer.send(Err(repeat(&refusal)));
                }
            }
            // Something in the group is refused for what it holds: each on its own, so that it fails alone.
            Err(_) => {
                for request in group {
                    let own: Vec<&Recording> = request.recordings.iter().collect();
                    let answer = self.commit(&own).await;
                    self.tell(&answer);
                    let _ = request.answer.send(answer.map_err(ApiError::from));
                }
            }
        }
    }

    /// Tells every request of a committed group which of its ids were known, be it from the table or from a request
    /// before it in the group.
    fn answer(&self, group: Vec<Request>, mut known: HashSet<Uuid>) {
        self.tell(&Ok(Vec::new()));
        for request in group {
            request.recordings.iter().filter_map(|one| one.excluded).for_each(count_excluded);
            let ids = request.recordings.iter().map(|one| one.event.id);
            let duplicates = ids.filter(|id| !known.insert(*id)).collect();
            // Whoever has gone away meanwhile has its events recorded all the same.
            let _ = request.answer.send(Ok(duplicates));
        }
    }

    fn tell(&self, outcome: &sqlx::Result<Vec<Uuid>>) {
        if outcome.is_ok() {
            self.pulse.beat();
            self.commits.send_modify(|commits| *commits += 1);
        }
    }

    /// One commit, tried again while the database is away.
    async fn commit(&mut self, recordings: &[&Recording]) -> sqlx::Result<Vec<Uuid>> {
        let deadline = Instant::now() + PATIENCE;
        let mut pause = PAUSE;
        let given = recordings.iter().filter(|one| one.id_is_given).map(|one| one.event.id);
        let mut asked: Vec<Uuid> = given.collect();
        loop {
            let outcome = self.try_commit(&asked, recordings).await;
            match outcome {
                Err(error) if may_pass(&error) && Instant::now() + pause < deadline => {
                    tracing::warn!(%error, "a group of events could not be committed, trying again");
                    tokio::time::sleep(pause).await;
                    pause *= 2;
                    // Perhaps it was committed, and only the answer was lost.
                    asked = recordings.iter().map(|one| one.event.id).collect();
                }
                outcome => return outcome,
            }
        }
    }

    async fn try_commit(&mut self, asked: &[Uuid], recordings: &[&Recording]) -> sqlx::Result<Vec<Uuid>> {
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => {
                let mut connection = self.db.acquire().await?;
                store::limit_statements(&mut connection, HELD).await?;
                connection
            }
        };
        // A server that is stopped as a whole does not keep its own limit. Should it go on later and commit what nobody
        // waits for any more, then the ids are known when they come again.
        let recording = store::record_events(&mut connection, asked, recordings);
        let recorded = tokio::time::timeout(HELD + PATIENCE, recording).await;
        let outcome = recorded.unwrap_or_else(|late| Err(sqlx::Error::Io(late.into())));
        // A connection that failed is not to be trusted, unless the database itself explained why.
        if outcome.as_ref().err().is_none_or(|error| error.as_database_error().is_some() && !may_pass(error)) {
            self.connection = Some(connection);
        } else {
            // Not back into the pool: somebody else would meet the same failure.
            drop(connection.detach());
        }
        outcome
    }
}

/// Whether the same statement may succeed in a moment: the database is away, starting, stopping or out of something.
fn may_pass(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::Protocol(_) | sqlx::Error::PoolTimedOut => true,
        sqlx::Error::Database(refusal) => {
            // 08 connection, 40 rolled back because of another, 53 resources, 57 stopped by the operator. 23505: somebody
            // inserted past `record_events`; the next try finds the id known.
            let code = refusal.code().unwrap_or_default();
            ["08", "40", "53", "57"].iter().any(|class| code.starts_with(class)) || code == "23505"
        }
        _ => false,
    }
}

/// Whether trying the members of the group one by one would be in vain.
fn is_nobodys_fault(error: &sqlx::Error) -> bool {
    may_pass(error) || matches!(error, sqlx::Error::PoolClosed)
}

/// The refusal of a whole group, for each of its members.
fn repeat(error: &sqlx::Error) -> ApiError {
    match error {
        sqlx::Error::PoolClosed => sqlx::Error::PoolClosed.into(),
        sqlx::Error::Database(refusal) if !may_pass(error) => {
            let code = refusal.code().unwrap_or_default();
            if code.starts_with("22") {
                ApiError::new(axum::http::StatusCode::UNPROCESSABLE_ENTITY, "a value cannot be stored")
            } else {
                ApiError::internal(anyhow::anyhow!("{error}"))
            }
        }
        _ => ApiError::unavailable("the database is away", 1).with_source(anyhow::anyhow!("{error}")),
    }
}
