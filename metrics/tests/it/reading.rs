//! The admin reads the log: order, filters, pages.

use pushnami_testkit::{TestApp, count_statements};
use serde_json::{Value, json};
use sqlx::PgPool;
use time::Duration;

use crate::{BATCH, EVENTS, EXPERIMENT, admin, each, event};

/// The names of the events that a query finds.
async fn found(app: &TestApp, query: &str) -> Vec<Value> {
    each(&app.get(&format!("{EVENTS}?{query}")).await.expect(200), "event_name")
}

async fn post_names(app: &TestApp, count: usize) {
    let batch: Value = (0..count).map(|number| event(json!({ "event_name": number.to_string() }))).collect();
    app.post(BATCH, &batch).await.expect(201);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn a_log_without_events_is_empty(db: PgPool) {
    let (app, _) = admin(&db).await;
    assert_eq!(app.get(EVENTS).await.expect(200), json!([]));
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn a_page_has_a_hundred_events_unless_told_otherwise(db: PgPool) {
    let (app, _) = admin(&db).await;
    post_names(&app, 150).await;
    assert_eq!(found(&app, "").await.len(), 100);
    assert_eq!(found(&app, "limit=1000").await.len(), 150);
    assert_eq!(found(&app, "limit=2").await, ["149", "148"]);
    assert_eq!(found(&app, "limit=2&offset=3").await, ["146", "145"]);
    assert_eq!(found(&app, "offset=149").await, ["0"]);
    for beyond in ["offset=150", "offset=9223372036854775807", "limit=1000&offset=9223372036854775807"] {
        assert_eq!(found(&app, beyond).await, Vec::<Value>::new(), "{beyond}");
    }
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn filters_narrow_each_other(db: PgPool) {
    let (app, _) = admin(&db).await;
    let batch = json!([
        event(json!({ "event_name": "a", "variant": "neon", "experiment_id": EXPERIMENT })),
        event(json!({ "event_name": "b", "variant": "neon", "event_type": "click" })),
        event(json!({ "event_name": "c", "variant": "synth wave & co", "visitor_id": "Ω&b" })),
        event(json!({})),
    ]);
    app.post(BATCH, &batch).await.expect(201);
    for (query, expected) in [
        ("variant=neon", vec!["b", "a"]),
        ("variant=neon&event_type=page_view", vec!["a"]),
        ("variant=synth%20wave+%26%20co", vec!["c"]),
        ("variant=nobody", vec![]),
        ("event_type=click", vec!["b"]),
        ("event_name=a", vec!["a"]),
        ("visitor_id=%CE%A9%26b", vec!["c"]),
        (&format!("experiment_id={EXPERIMENT}"), vec!["a"]),
        (&format!("experiment_id={}", EXPERIMENT.replace('-', "")), vec!["a"]),
        ("experiment_id=99999999-9999-4999-8999-999999999999", vec![]),
        ("unknown=parameter&event_name=b", vec!["b"]),
    ] {
        assert_eq!(found(&app, query).await, expected, "{query}");
    }
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn from_is_included_and_to_is_not(db: PgPool) {
    let (app, hands) = admin(&db).await;
    for name in ["noon", "one", "two"] {
        app.post(EVENTS, &event(json!({ "event_name": name }))).await.expect(201);
        hands.advance(Duration::hours(1));
    }
    for (query, expected) in [
        ("from=2026-01-02T13:00:00Z", vec!["two", "one"]),
        ("from=2026-01-02T13:00:00.000001Z", vec!["two"]),
        ("to=2026-01-02T13:00:00Z", vec!["noon"]),
        ("from=2026-01-02T12:00:00Z&to=2026-01-02T14:00:00Z", vec!["one", "noon"]),
        ("from=2026-01-02T14:00:00%2B01:00&to=2026-01-02T15:00:00%2B01:00", vec!["one"]),
        ("from=2026-01-02T14:00:00Z&to=2026-01-02T12:00:00Z", vec![]),
        ("from=0000-01-01T00:00:00%2B23:59&to=9999-12-31T23:59:59Z", vec!["two", "one", "noon"]),
    ] {
        assert_eq!(found(&app, query).await, expected, "{query}");
    }
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn before_pages_through_the_log_while_new_events_arrive(db: PgPool) {
    let (app, hands) = admin(&db).await;
    post_names(&app, 5).await;
    let first = app.get(&format!("{EVENTS}?limit=2")).await.expect(200);
    assert_eq!(each(&first, "event_name"), ["4", "3"]);

    hands.advance(Duration::seconds(1));
    app.post(EVENTS, &event(json!({ "event_name": "new" }))).await.expect(201);
    let last = first[1]["id"].as_str().unwrap();
    let next = format!("limit=2&before={last}");
    assert_eq!(found(&app, &next).await, ["2", "1"]);
    assert_eq!(found(&app, &format!("before={last}&event_name=0")).await, ["0"]);
    assert_eq!(found(&app, &format!("before={last}&offset=2")).await, ["0"]);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn pages_split_events_of_one_moment_without_loss(db: PgPool) {
    let (app, _) = admin(&db).await;
    // Single events under a clock that stands still: only their ids tell them apart.
    for number in 0..7 {
        app.post(EVENTS, &event(json!({ "event_name": number.to_string() }))).await.expect(201);
    }
    let (mut seen, mut query) = (Vec::new(), "limit=3".to_owned());
    loop {
        let page = app.get(&format!("{EVENTS}?{query}")).await.expect(200);
        seen.extend(each(&page, "event_name"));
        let Some(last) = page.as_array().unwrap().last() else { break };
        query = format!("limit=3&before={}", last["id"].as_str().unwrap());
    }
    assert_eq!(seen, ["6", "5", "4", "3", "2", "1", "0"]);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn a_page_is_one_statement(db: PgPool) {
    let (app, _) = admin(&db).await;
    post_names(&app, 20).await;
    let (answer, statements) = count_statements(app.get(EVENTS)).await;
    assert_eq!((answer.expect(200).as_array().unwrap().len(), statements), (20, 1));
    let last = app.get(EVENTS).await.expect(200)[9]["id"].clone();
    let next = format!("{EVENTS}?before={}", last.as_str().unwrap());
    let (answer, statements) = count_statements(app.get(&next)).await;
    assert_eq!(
        (answer.expect(200).as_array().unwrap().len(), statements),
        (10, 2),
        "one finds where the page before ended"
    );
}
