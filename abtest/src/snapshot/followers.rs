//! The services of ours that keep the configuration themselves, and what they have of it. A change is confirmed when they
//! have it, so that whoever switched something finds it switched on the next page; but no change waits long for anybody.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, timeout_at};
use uuid::Uuid;

/// The longest that a change waits for followers.
const PATIENCE: Duration = Duration::from_millis(250);
/// How long a follower that was told may take to come back, before nobody counts on it.
const ABSENCE: Duration = Duration::from_millis(500);

/// Who follows.
#[derive(Clone, Debug, Default)]
pub struct Followers(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    known: Mutex<HashMap<Uuid, Follower>>,
    moved: Notify,
}

#[derive(Clone, Copy, Debug)]
struct Follower {
    /// The version it has; `None` before its first.
    has: Option<i64>,
    /// Since when it is away with an answer.
    away_since: Option<Instant>,
}

/// A follower that waits for news. One that goes away without being told is forgotten.
#[derive(Debug)]
pub struct Listening {
    followers: Followers,
    id: Uuid,
    is_told: bool,
}

impl Followers {
    /// A follower comes, with this version.
    pub fn listens(&self, id: Uuid, has: Option<i64>) -> Listening {
        self.known().insert(id, Follower { has, away_since: None });
        self.0.moved.notify_waiters();
        Listening { followers: self.clone(), id, is_told: false }
    }

    /// Returns when everybody who follows has this version or a later one, or they took too long.
    pub async fn have(&self, version: i64) {
        let until = Instant::now() + PATIENCE;
        loop {
            let moved = self.0.moved.notified();
            tokio::pin!(moved);
            // Before looking: who moves in between is not missed.
            moved.as_mut().enable();
            if !self.somebody_lacks(version) || timeout_at(until, moved).await.is_err() {
                return;
            }
        }
    }

    fn somebody_lacks(&self, version: i64) -> bool {
        let mut known = self.known();
        known.retain(|_, follower| follower.away_since.is_none_or(|since| since.elapsed() < ABSENCE));
        known.values().any(|follower| follower.has.is_none_or(|has| has < version))
    }

    fn known(&self) -> MutexGuard<'_, HashMap<Uuid, Follower>> {
        self.0.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Listening {
    /// The answer goes out; the follower comes back when it has it.
    pub fn tell(mut self) {
        self.is_told = true;
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        let mut known = self.followers.known();
        if self.is_told {
            if let Some(follower) = known.get_mut(&self.id) {
                follower.away_since = Some(Instant::now());
            }
        } else {
            known.remove(&self.id);
        }
        drop(known);
        self.followers.0.moved.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_change_waits_for_those_who_follow_and_for_nobody_else() {
        let followers = Followers::default();
        let id = Uuid::from_u128(1);
        assert!(!followers.somebody_lacks(2), "nobody follows");
        let new = followers.listens(id, None);
        assert!(followers.somebody_lacks(1), "one that has nothing yet");
        new.tell();
        let listening = followers.listens(id, Some(1));
        assert!(!followers.somebody_lacks(1) && followers.somebody_lacks(2));
        listening.tell();
        assert!(followers.somebody_lacks(2), "it is on its way with the answer");
        let listening = followers.listens(id, Some(2));
        assert!(!followers.somebody_lacks(2));
        assert!(followers.somebody_lacks(3));
        drop(listening);
        assert!(!followers.somebody_lacks(3), "it went away");
        followers.have(3).await;
    }
}
