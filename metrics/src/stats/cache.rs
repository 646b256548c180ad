//! The last answers, as they went out. One small statement tells whether they still hold.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use axum::body::Bytes;
use time::OffsetDateTime;

use super::model::StatsQuery;
use super::store::Mark;

/// How many questions are remembered; dashboards ask few.
const QUESTIONS: usize = 64;

/// Answers by their questions.
#[derive(Debug, Default)]
pub struct StatsCache(Mutex<HashMap<StatsQuery, Kept>>);

#[derive(Clone, Debug)]
struct Kept {
    mark: Mark,
    from: OffsetDateTime,
    until: Option<OffsetDateTime>,
    body: Bytes,
}

impl StatsCache {
    /// The answer, if the database still is as it was and time has not changed it.
    pub fn find(&self, query: &StatsQuery, mark: Mark, now: OffsetDateTime) -> Option<Bytes> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = kept.get(query)?;
        // A clock that stepped back asks about another window.
        let holds = kept.mark == mark && kept.until.is_none_or(|until| kept.from <= now && now < until);
        holds.then(|| kept.body.clone())
    }

    /// Remembers an answer.
    pub fn keep(&self, query: StatsQuery, mark: Mark, now: OffsetDateTime, until: Option<OffsetDateTime>, body: Bytes) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= QUESTIONS && !kept.contains_key(&query) {
            kept.clear();
        }
        kept.insert(query, Kept { mark, from: now, until, body });
    }
}
