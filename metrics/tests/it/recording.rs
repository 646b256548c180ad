//! One event comes in: what is stored, and what is answered.

use pushnami_testkit::count_statements;
use serde_json::json;
use sqlx::PgPool;

use crate::{EVENTS, EXPERIMENT, admin, commits, each, event, service, stored};

const ID: &str = "0198f000-0000-7000-8000-00000000000a";

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn an_event_is_answered_as_it_is_stored(db: PgPool) {
    let (app, _) = admin(&db).await;
    let metadata = json!({ "element": "button", "text": "Ω", "nested": [{ "deep": [1, 2.5, null, true] }] });
    let sent = json!({
        "visitor_id": "alice", "experiment_id": EXPERIMENT, "variant": "neon", "event_type": "click",
        "event_name": "cta_primary", "metadata": metadata, "page_url": "http://localhost:3000/", "user_agent": "Firefox"
    });
    let mut answered = app.post(EVENTS, &sent).await.expect(201);
    assert_eq!(app.get(EVENTS).await.expect(200), json!([answered]));

    let id: uuid::Uuid = answered["id"].take().as_str().unwrap().parse().unwrap();
    assert_eq!(id.get_version_num(), 7);
    let expected = json!({
        "id": null, "visitor_id": "alice", "experiment_id": EXPERIMENT, "variant": "neon", "event_type": "click",
        "event_name": "cta_primary", "metadata": metadata, "page_url": "http://localhost:3000/",
        "created_at": "2026-01-02T12:00:00Z"
    });
    assert_eq!(answered, expected);
    let agent: String = sqlx::query_scalar("select user_agent from events").fetch_one(&db).await.unwrap();
    assert_eq!(agent, "Firefox");
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn what_is_optional_may_be_absent_or_null(db: PgPool) {
    let (app, _) = service(&db);
    let nulls = json!({
        "id": null, "experiment_id": null, "variant": null, "event_name": null, "metadata": null, "page_url": null,
        "user_agent": null
    });
    for sent in [event(json!({})), event(nulls)] {
        let mut answered = app.post(EVENTS, &sent).await.expect(201);
        assert!(answered["id"].take().is_string());
        let expected = json!({
            "id": null, "visitor_id": "alice", "experiment_id": null, "variant": null, "event_type": "page_view",
            "event_name": null, "metadata": {}, "page_url": null, "created_at": "2026-01-02T12:00:00Z"
        });
        assert_eq!(answered, expected);
    }
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn an_event_of_an_experiment_that_nobody_knows_is_stored(db: PgPool) {
    let (app, _) = service(&db);
    // In three spellings of one id.
    for spelling in [
        "99999999-9999-4999-8999-99999999999A",
        "urn:uuid:99999999-9999-4999-8999-99999999999a",
        "9999999999994999899999999999999a",
    ] {
        let answered = app.post(EVENTS, &event(json!({ "experiment_id": spelling }))).await.expect(201);
        assert_eq!(answered["experiment_id"], "99999999-9999-4999-8999-99999999999a");
    }
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn of_long_addresses_the_start_is_kept(db: PgPool) {
    let (app, _) = service(&db);
    let long = format!("a{}", "Ω".repeat(5000));
    let kept = format!("a{}", "Ω".repeat(1023));
    let answered = app.post(EVENTS, &event(json!({ "page_url": long, "user_agent": long }))).await.expect(201);
    assert_eq!(answered["page_url"], kept);
    let agent: String = sqlx::query_scalar("select user_agent from events").fetch_one(&db).await.unwrap();
    assert_eq!(agent, kept);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn numbers_of_any_size_come_back_as_they_went(db: PgPool) {
    let (app, _) = admin(&db).await;
    let metadata = json!({ "huge": 1e308, "tiny": 5e-324, "whole": u64::MAX, "below": i64::MIN, "half": -0.5 });
    app.post(EVENTS, &event(json!({ "metadata": metadata }))).await.expect(201);
    assert_eq!(app.get(EVENTS).await.expect(200)[0]["metadata"], metadata);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn a_beacon_is_read_as_json(db: PgPool) {
    let (app, _) = service(&db);
    let body = event(json!({ "variant": "neon" })).to_string().into_bytes();
    for media in
        ["text/plain;charset=UTF-8", "text/plain", "application/json; charset=utf-8", "application/cloudevents+json"]
    {
        assert_eq!(app.post_bytes(EVENTS, media, body.clone()).await.expect(201)["variant"], "neon", "{media}");
    }
    let untyped = app.send(axum::http::Method::POST, EVENTS, &[], body).await;
    assert_eq!(untyped.expect(201)["variant"], "neon");
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn the_same_id_again_is_the_same_event(db: PgPool) {
    let (app, hands) = service(&db);
    let first = app.post(EVENTS, &event(json!({ "id": ID, "variant": "neon" }))).await.expect(201);
    assert_eq!(first["id"], ID);
    hands.advance(time::Duration::minutes(1));
    for again in
        [json!({ "id": ID }), json!({ "id": ID.to_uppercase(), "event_type": "click", "visitor_id": "mallory" })]
    {
        assert_eq!(app.post(EVENTS, &event(again)).await.expect(201), first);
    }
    assert_eq!(stored(&db).await, 1);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn events_of_one_moment_keep_their_order(db: PgPool) {
    let (app, _) = admin(&db).await;
    for name in ["first", "second", "third"] {
        app.post(EVENTS, &event(json!({ "event_name": name }))).await.expect(201);
    }
    assert_eq!(each(&app.get(EVENTS).await.expect(200), "event_name"), ["third", "second", "first"]);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn beside_its_commit_an_event_costs_no_statement(db: PgPool) {
    let (app, _) = service(&db);
    let fresh = event(json!({ "id": ID }));
    let (answer, statements) = count_statements(app.post(EVENTS, &fresh)).await;
    assert_eq!((answer.status, statements, commits(&db).await), (201, 0, 1));
    let (answer, statements) = count_statements(app.post(EVENTS, &fresh)).await;
    assert_eq!((answer.status, statements, commits(&db).await), (201, 1, 1), "a duplicate is read back");
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn the_largest_and_smallest_numbers_come_back_as_they_went_in(db: PgPool) {
    let (app, _) = admin(&db).await;
    // Postgres writes them out in hundreds of digits; a reader that gives up there could never list events again.
    let metadata = json!({ "most": f64::MAX, "least": f64::MIN, "tiny": 5e-324, "whole": u64::MAX });
    app.as_nobody().post(EVENTS, &event(json!({ "metadata": metadata }))).await.expect(201);
    assert_eq!(app.get(EVENTS).await.expect(200)[0]["metadata"], metadata);
    let exported = app.get("/api/events/export?format=ndjson").await;
    assert_eq!(serde_json::from_slice::<serde_json::Value>(&exported.body).unwrap()["metadata"], metadata);
    assert_eq!(app.get("/api/visitors/alice/export").await.expect(200)["events"][0]["metadata"], metadata);
}
