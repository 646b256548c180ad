//! Callers behind a balancer: each call is a connection of its own to one of the copies, and to another when nobody takes
//! it there. Whatever else goes wrong is a call that has failed.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::json;
use tokio::task::JoinSet;

use crate::PATIENCE;
use crate::service::Service;

/// Callers at once.
const CALLERS: usize = 24;
/// How many answered calls are "more".
const MORE: usize = 400;

#[derive(Default)]
struct Tally {
    answered: AtomicUsize,
    over: AtomicBool,
}

pub struct Turns {
    tally: Arc<Tally>,
    callers: JoinSet<Vec<String>>,
}

impl Turns {
    pub fn on(copies: &[&Service]) -> Self {
        let tally = Arc::new(Tally::default());
        let addresses: Vec<String> = copies.iter().map(|copy| copy.address("/api/events")).collect();
        let mut callers = JoinSet::new();
        for number in 0..CALLERS {
            callers.spawn(call_on_and_on(Arc::clone(&tally), addresses.clone(), number));
        }
        Self { tally, callers }
    }

    pub async fn wait_for_more(&self) {
        let deadline = Instant::now() + PATIENCE;
        let before = self.tally.answered.load(Ordering::SeqCst);
        while self.tally.answered.load(Ordering::SeqCst) < before + MORE {
            assert!(Instant::now() < deadline, "calls are not answered any more");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// What failed, in words.
    pub async fn stop(self) -> Vec<String> {
        self.tally.over.store(true, Ordering::SeqCst);
        self.callers.join_all().await.into_iter().flatten().collect()
    }
}

async fn call_on_and_on(tally: Arc<Tally>, addresses: Vec<String>, number: usize) -> Vec<String> {
    let client = reqwest::Client::builder().pool_max_idle_per_host(0).timeout(PATIENCE).build().unwrap();
    let event = json!({ "visitor_id": format!("caller-{number}"), "event_type": "page_view" });
    let mut failed = Vec::new();
    for turn in number.. {
        if tally.over.load(Ordering::SeqCst) {
            break;
        }
        let mut answer = client.post(&addresses[turn % addresses.len()]).json(&event).send().await;
        if answer.as_ref().is_err_and(reqwest::Error::is_connect) {
            answer = client.post(&addresses[(turn + 1) % addresses.len()]).json(&event).send().await;
        }
        match answer {
            Ok(answer) if answer.status() == 201 => _ = tally.answered.fetch_add(1, Ordering::SeqCst),
            Ok(answer) => failed.push(answer.status().to_string()),
            Err(error) => failed.push(format!("{error:?}")),
        }
    }
    failed
}
