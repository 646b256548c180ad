//! metrics at its edge: every test calls the real router over a database of its own.

mod access;
mod attacks;
mod batches;
mod calculator;
mod contract;
mod earlier;
mod exclusions;
mod export;
mod frame;
mod groups;
mod leads;
mod live;
mod measured;
mod plans;
mod races;
mod reading;
mod recording;
mod recount;
mod refusals;
mod results;
mod stats;
mod trail;
mod visitors;
mod wishes;

use std::sync::Arc;

use pushnami_common::auth::AdminKey;
use pushnami_common::clock::{Clock, Hands};
use pushnami_common::privacy::PrivacyPolicy;
use pushnami_metrics::app;
use pushnami_metrics::events::recorder::Recorder;
use pushnami_metrics::leads::limit::LeadLimit;
use pushnami_metrics::live::follower::Live;
use pushnami_metrics::state::Parts;
use pushnami_metrics::stats::cache::StatsCache;
use pushnami_testkit::{NOON, TestApp, admin_key, allowed_origins};
use serde_json::{Value, json};
use sqlx::PgPool;

const EVENTS: &str = "/api/events";
const BATCH: &str = "/api/events/batch";
const STATS: &str = "/api/stats";
const EXPERIMENT: &str = "01980000-0000-7000-8000-000000000001";

/// The service over this database, called by nobody in particular, and the hands of its clock.
fn service(db: &PgPool) -> (TestApp, Hands) {
    let (app, _, hands) = service_at(db, NOON);
    (app, hands)
}

/// The service over this database, called by the admin, and the hands of its clock.
async fn admin(db: &PgPool) -> (TestApp, Hands) {
    let (app, key, hands) = service_at(db, NOON);
    (app.as_admin(&key).await, hands)
}

/// The same at another moment than noon.
async fn admin_at(db: &PgPool, moment: &str) -> TestApp {
    let (app, key, _) = service_at(db, moment);
    app.as_admin(&key).await
}

fn service_at(db: &PgPool, moment: &str) -> (TestApp, AdminKey, Hands) {
    let (clock, hands) = Clock::stopped_at(moment);
    let key = admin_key(&clock);
    (TestApp::new(app(state(db, clock, key.clone()), allowed_origins())), key, hands)
}

fn state(db: &PgPool, clock: Clock, admin: AdminKey) -> Parts {
    let lead_limit = Arc::new(LeadLimit::new(clock.clone()));
    let recorder = Recorder::start(db.clone());
    let stats = Arc::<StatsCache>::default();
    Parts {
        db: db.clone(),
        live: Live::start(db.clone(), clock.clone(), Arc::clone(&stats), recorder.committed()),
        recorder,
        stats,
        results: Arc::default(),
        lead_limit,
        clock,
        admin,
        privacy: PrivacyPolicy::default(),
    }
}

/// An event of which a test says only what it is about; everything else is valid by default.
fn event(about: Value) -> Value {
    let mut event = json!({ "visitor_id": "alice", "event_type": "page_view" });
    event.as_object_mut().unwrap().extend(about.as_object().unwrap().clone());
    event
}

/// One field of every event of an answered list.
fn each(list: &Value, field: &str) -> Vec<Value> {
    list.as_array().expect("a list").iter().map(|event| event[field].clone()).collect()
}

/// How many commits stored the events that the database holds.
async fn commits(db: &PgPool) -> i64 {
    sqlx::query_scalar("select count(distinct xmin::text) from events").fetch_one(db).await.unwrap()
}

/// How many events the database holds.
async fn stored(db: &PgPool) -> i64 {
    sqlx::query_scalar("select count(*) from events").fetch_one(db).await.unwrap()
}
