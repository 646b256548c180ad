//! Visitors who send events, and send them again under the same ids until they are confirmed; and the reckoning at the
//! end.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use pushnami_common::clock::Clock;
use pushnami_common::ids::new_id;
use serde_json::{Value, json};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::PATIENCE;
use crate::cluster::{Cluster, connect};
use crate::service::Service;

/// Visitors at once.
const VISITORS: usize = 12;
/// Events of one request.
const BATCH: usize = 20;
/// How many confirmed requests are "more".
const MORE: usize = 40;

#[derive(Default)]
struct Tally {
    sent: Mutex<HashSet<Uuid>>,
    confirmed: Mutex<HashSet<Uuid>>,
    confirmations: AtomicUsize,
    refusals: AtomicUsize,
    over: AtomicBool,
}

pub struct Load {
    tally: Arc<Tally>,
    visitors: JoinSet<()>,
}

/// What was sent, and what of it was confirmed.
pub struct Sent(Arc<Tally>);

impl Load {
    /// Begins; every request goes to all the copies.
    pub fn on(copies: &[&Service]) -> Self {
        let tally = Arc::new(Tally::default());
        let addresses: Vec<String> = copies.iter().map(|copy| copy.address("/api/events/batch")).collect();
        let mut visitors = JoinSet::new();
        for number in 0..VISITORS {
            visitors.spawn(visit(Arc::clone(&tally), addresses.clone(), number));
        }
        Self { tally, visitors }
    }

    /// Waits until a good many requests more have been confirmed.
    pub async fn wait_for_more(&self) {
        let confirmed = |tally: &Tally| tally.confirmations.load(Ordering::SeqCst);
        let before = confirmed(&self.tally);
        self.wait(|tally| confirmed(tally) >= before + MORE).await;
    }

    /// Waits until a request more has been refused, as the contract says: 503, with a time to come again.
    pub async fn wait_for_a_refusal(&self) {
        let refused = |tally: &Tally| tally.refusals.load(Ordering::SeqCst);
        let before = refused(&self.tally);
        self.wait(|tally| refused(tally) > before).await;
    }

    async fn wait(&self, come: impl Fn(&Tally) -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while !come(&self.tally) {
            assert!(Instant::now() < deadline, "what was waited for did not come");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Ends when every visitor has been told of everything it sent.
    pub async fn stop(self) -> Sent {
        self.tally.over.store(true, Ordering::SeqCst);
        self.visitors.join_all().await;
        Sent(self.tally)
    }
}

async fn visit(tally: Arc<Tally>, addresses: Vec<String>, number: usize) {
    let client = reqwest::Client::builder().timeout(Duration::from_secs(20)).build().unwrap();
    let clock = Clock::system();
    while !tally.over.load(Ordering::SeqCst) {
        let moment = clock.now();
        let ids: Vec<Uuid> = (0..BATCH).map(|_| new_id(moment)).collect();
        tally.sent.lock().unwrap().extend(&ids);
        let batch = batch(&ids, number);
        let sendings: JoinSet<()> = addresses
            .iter()
            .map(|address| confirm(Arc::clone(&tally), client.clone(), address.clone(), batch.clone()))
            .collect();
        sendings.join_all().await;
        tally.confirmed.lock().unwrap().extend(&ids);
    }
}

/// Sends until it is confirmed.
async fn confirm(tally: Arc<Tally>, client: reqwest::Client, address: String, batch: Value) {
    let deadline = Instant::now() + PATIENCE;
    loop {
        match client.post(&address).json(&batch).send().await {
            Ok(answer) if answer.status() == 201 => {
                tally.confirmations.fetch_add(1, Ordering::SeqCst);
                return;
            }
            Ok(answer) => {
                let after = answer.headers().get("retry-after").map(|value| value.to_str().unwrap().parse::<u32>());
                assert!(answer.status() == 503 && matches!(after, Some(Ok(_))), "{answer:?}");
                tally.refusals.fetch_add(1, Ordering::SeqCst);
            }
            // Nobody there, or gone before the answer: nothing is known.
            Err(_) => {}
        }
        assert!(Instant::now() < deadline, "events are not taken any more");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn batch(ids: &[Uuid], number: usize) -> Value {
    let variant = ["neon", "synthwave"][number % 2];
    let event = |(place, id): (usize, &Uuid)| {
        let (kind, name) = [("page_view", "landing"), ("click", "cta_primary"), ("form_submit", "contact")][place % 3];
        json!({
            "id": id, "visitor_id": format!("visitor-{number}-{}", place / 4), "event_type": kind, "event_name": name,
            "variant": variant, "experiment_id": "01980000-0000-7000-8000-000000000001",
            "metadata": {"place": place}, "page_url": "http://localhost:3000/"
        })
    };
    ids.iter().enumerate().map(event).collect()
}

impl Sent {
    /// The reckoning.
    pub async fn check(&self, cluster: &Cluster, service: &Service) {
        self.check_on(&cluster.url(), service).await;
    }

    /// The reckoning in a database of this address.
    pub async fn check_on(&self, url: &str, service: &Service) {
        let db = connect(url).await;
        let stored: Vec<Uuid> = sqlx::query_scalar("select id from events").fetch_all(&db).await.unwrap();
        let distinct: HashSet<Uuid> = stored.iter().copied().collect();
        assert_eq!(distinct.len(), stored.len(), "an event is there twice");
        let (sent, confirmed) = (self.0.sent.lock().unwrap().clone(), self.0.confirmed.lock().unwrap().clone());
        assert!(!confirmed.is_empty());
        assert_eq!(confirmed.difference(&distinct).count(), 0, "confirmed events are missing");
        assert_eq!(distinct.difference(&sent).count(), 0, "there are events that nobody sent");
        let stats = reqwest::get(service.address("/api/stats")).await.unwrap().text().await.unwrap();
        let stats: Value = serde_json::from_str(&stats).unwrap();
        let visitors: i64 =
            sqlx::query_scalar("select count(distinct visitor_id) from events").fetch_one(&db).await.unwrap();
        assert_eq!(Service::recount(url).await, None);
        assert_eq!((&stats["total_events"], &stats["unique_visitors"]), (&json!(stored.len()), &json!(visitors)));
    }
}
