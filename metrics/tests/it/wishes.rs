//! Visitors who ask not to be recorded: nothing is kept of them but a number.

use std::net::{IpAddr, Ipv4Addr};

use axum::http::Method;
use pushnami_common::auth::AdminKey;
use pushnami_common::auth::seal::VOUCHED_CALLER;
use pushnami_common::clock::Clock;
use pushnami_common::privacy::{GpcMode, PrivacyPolicy};
use pushnami_metrics::app;
use pushnami_metrics::state::Parts;
use pushnami_testkit::{Answer, NOON, TestApp, admin_key, allowed_origins};
use serde_json::{Value, json};
use sqlx::PgPool;

use crate::{BATCH, EVENTS, event, service, state, stored};

const JSON: (&str, &str) = ("content-type", "application/json");
const UNTRACKED: &str = "/api/untracked";

async fn post_with(app: &TestApp, path: &str, header: (&str, &str), body: &Value) -> Answer {
    app.send(Method::POST, path, &[JSON, header], body.to_string()).await
}

async fn untracked(db: &PgPool) -> i64 {
    sqlx::query_scalar("select coalesce(sum(events), 0)::bigint from untracked_hours").fetch_one(db).await.unwrap()
}

fn service_with(db: &PgPool, privacy: PrivacyPolicy) -> (TestApp, AdminKey) {
    let (clock, _) = Clock::stopped_at(NOON);
    let key = admin_key(&clock);
    let state = Parts { privacy, ..state(db, clock, key.clone()) };
    (TestApp::new(app(state, allowed_origins())), key)
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn their_events_are_dropped_and_counted(db: PgPool) {
    let (app, _) = service(&db);
    for (number, wish) in [("sec-gpc", "1"), ("dnt", "1")].into_iter().enumerate() {
        let answer = post_with(&app, EVENTS, wish, &event(json!({}))).await;
        assert_eq!((answer.status, answer.body.len()), (204, 0));
        assert!(answer.header("vary").contains("Sec-GPC, DNT"));
        let batch = post_with(&app, BATCH, wish, &json!([event(json!({})), event(json!({}))])).await;
        assert_eq!(batch.status, 204);
        assert_eq!((stored(&db).await, untracked(&db).await), (0, 3 * (number as i64 + 1)));
    }
    assert!(app.get("/metrics").await.text().contains("outcome=\"no_track\""));
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn anything_but_1_is_no_wish(db: PgPool) {
    let (app, _) = service(&db);
    for wish in [("sec-gpc", "0"), ("sec-gpc", "true"), ("sec-gpc", "1, 1"), ("dnt", "0"), ("dnt", "null")] {
        let answer = post_with(&app, EVENTS, wish, &event(json!({}))).await;
        answer.expect(201);
        assert!(answer.header("vary").contains("Sec-GPC, DNT"));
    }
    assert_eq!((stored(&db).await, untracked(&db).await), (5, 0));
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn what_is_wrong_is_refused_and_not_counted(db: PgPool) {
    let (app, _) = service(&db);
    post_with(&app, EVENTS, ("sec-gpc", "1"), &json!({})).await.refusal(422);
    assert_eq!(untracked(&db).await, 0);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn the_operator_may_decide_otherwise(db: PgPool) {
    for gpc in [GpcMode::NoShare, GpcMode::Ignore] {
        let (app, _) = service_with(&db, PrivacyPolicy { gpc, ..PrivacyPolicy::default() });
        post_with(&app, EVENTS, ("sec-gpc", "1"), &event(json!({}))).await.expect(201);
        assert_eq!(post_with(&app, EVENTS, ("dnt", "1"), &event(json!({}))).await.status, 204);
    }
    let (app, _) = service_with(&db, PrivacyPolicy { respect_dnt: false, ..PrivacyPolicy::default() });
    post_with(&app, EVENTS, ("dnt", "1"), &event(json!({}))).await.expect(201);
    assert_eq!(post_with(&app, EVENTS, ("sec-gpc", "1"), &event(json!({}))).await.status, 204);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn landing_tells_what_it_did_not_record_and_nobody_else_may(db: PgPool) {
    let (app, key) = service_with(&db, PrivacyPolicy::default());
    let vouched = key.vouch_for(IpAddr::V4(Ipv4Addr::LOCALHOST)).await;
    for _ in 0..2 {
        let told = post_with(&app, UNTRACKED, (VOUCHED_CALLER, &vouched), &json!({ "events": 7 })).await;
        assert_eq!(told.status, 204);
    }
    assert_eq!(untracked(&db).await, 14);

    app.post(UNTRACKED, &json!({ "events": 7 })).await.refusal(401);
    post_with(&app, UNTRACKED, (VOUCHED_CALLER, "127.0.0.1,9.x"), &json!({ "events": 7 })).await.refusal(401);
    for events in [json!(-1), json!(1_000_001), json!(null)] {
        post_with(&app, UNTRACKED, (VOUCHED_CALLER, &vouched), &json!({ "events": events })).await.refusal(422);
    }
    assert_eq!(untracked(&db).await, 14);
}
