//! The one task of a process that stores assignments: it takes all that wait, commits them in one statement, and answers.
//! Nobody waits for a timer: while one group is being committed, the next one gathers.

use std::collections::HashMap;
use std::time::Duration;

use axum::http::StatusCode;
use pushnami_common::{ApiError, ApiResult};
use sqlx::PgPool;
use time::OffsetDateTime;
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;

use super::assigner::Place;
use super::store::{self, NewAssignment, Stored};
use crate::experiments::http::unknown;

/// The most assignments of one commit.
const GROUP: usize = 1000;
/// For how long a group is tried while the database is away. Storing twice stores once.
const PATIENCE: Duration = Duration::from_secs(1);
/// The first pause between two tries; each is twice as long as the one before.
const PAUSE: Duration = Duration::from_millis(10);

/// An assignment that waits, and where its answer goes: the variant that counts, and whether this request stored it.
#[derive(Debug)]
pub(super) struct Request {
    pub place: Place,
    pub variant: String,
    pub revision: i32,
    pub now: OffsetDateTime,
    pub answer: oneshot::Sender<ApiResult<(String, bool)>>,
}

pub(super) struct Writer {
    db: PgPool,
    waiting: mpsc::Receiver<Request>,
}

impl Writer {
    pub(super) fn new(db: PgPool, waiting: mpsc::Receiver<Request>) -> Self {
        Self { db, waiting }
    }

    /// Runs until nobody can ask any more and everything is answered.
    pub(super) async fn run(mut self) {
        let mut group = Vec::with_capacity(GROUP);
        while self.waiting.recv_many(&mut group, GROUP).await > 0 {
            self.write(std::mem::take(&mut group)).await;
        }
    }

    async fn write(&self, group: Vec<Request>) {
        // Of several requests for one place the first may be the one that stores; the others find it stored.
        let mut numbers = HashMap::with_capacity(group.len());
        let mut distinct = Vec::with_capacity(group.len());
        let mut number_of = Vec::with_capacity(group.len());
        for request in &group {
            let number = *numbers.entry(&request.place).or_insert(distinct.len());
            if number == distinct.len() {
                distinct.push(NewAssignment {
                    place: &request.place,
                    variant: &request.variant,
                    revision: request.revision,
                    now: request.now,
                });
            }
            number_of.push(number);
        }
        let mut outcome = self.commit(&distinct).await;
        drop((numbers, distinct));
        for (request, number) in group.into_iter().zip(number_of) {
            let answer = match &mut outcome {
                Ok(stored) => match &mut stored[number] {
                    Some(stored) => Ok((stored.variant.clone(), std::mem::take(&mut stored.is_new))),
                    None => Err(unknown()),
                },
                Err(refusal) => Err(ApiError::new(refusal.status(), refusal.problem().detail)
                    .with_header(axum::http::header::RETRY_AFTER, 1.into())),
            };
            // Whoever has gone away meanwhile is assigned all the same.
            let _ = request.answer.send(answer);
        }
    }

    /// One commit, tried again while the database is away. What stays `None` belongs to an experiment that is gone.
    async fn commit(&self, new: &[NewAssignment<'_>]) -> ApiResult<Vec<Option<Stored>>> {
        let deadline = Instant::now() + PATIENCE;
        let mut pause = PAUSE;
        let mut refusals = 0;
        loop {
            let refusal = match store::store_all(&self.db, new).await {
                // Missing: another copy stored it in this very moment, which the next statement sees.
                Ok(stored) if refusals >= 3 || stored.iter().all(Option::is_some) => return Ok(stored),
                Ok(_) => None,
                Err(error) => Some(error),
            };
            if let Some(error) = refusal {
                // A foreign key is broken by an experiment that was deleted in this very moment.
                let may_pass = error.as_database_error().is_some_and(|refusal| refusal.is_foreign_key_violation());
                let refusal = ApiError::from(error);
                let may_pass = may_pass || refusal.status() == StatusCode::SERVICE_UNAVAILABLE;
                if !may_pass || self.db.is_closed() || Instant::now() + pause >= deadline {
                    return Err(refusal);
                }
                tokio::time::sleep(pause).await;
                pause *= 2;
            }
            refusals += 1;
        }
    }
}
