//! The last answers, as they went out. One small statement tells whether they still hold.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use axum::body::Bytes;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

/// How many questions are remembered.
const QUESTIONS: usize = 64;
/// How long an answer may be repeated while nothing changes: it tells days and rates a day.
const HOLDS: Duration = Duration::seconds(30);

/// What tells one state of everything that results depend on from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The version of the exposures.
    pub version: i64,
    /// When the experiment was last changed.
    pub updated_at: OffsetDateTime,
    /// The version of the rollups.
    pub rollups: i64,
    /// How many events were not taken.
    pub untracked: i64,
}

/// What is asked: about which experiment and which of its goals.
pub type Question = (Uuid, Option<Uuid>);

/// Answers by their questions.
#[derive(Debug, Default)]
pub struct ResultsCache(Mutex<HashMap<Question, Kept>>);

#[derive(Clone, Debug)]
struct Kept {
    mark: Mark,
    since: OffsetDateTime,
    body: Bytes,
}

impl ResultsCache {
    /// The answer, if it still holds.
    pub fn find(&self, key: Question, mark: Mark, now: OffsetDateTime) -> Option<Bytes> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Kept { mark: known, since, body } = kept.get(&key)?;
        // A clock that stepped back asks about another day.
        (*known == mark && *since <= now && now < *since + HOLDS).then(|| body.clone())
    }

    /// Remembers an answer.
    pub fn keep(&self, key: Question, mark: Mark, now: OffsetDateTime, body: Bytes) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= QUESTIONS && !kept.contains_key(&key) {
            kept.clear();
        }
        kept.insert(key, Kept { mark, since: now, body });
    }
}
