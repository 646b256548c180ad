//! Many events come in together: all or none, each once.

use serde_json::{Value, json};
use sqlx::PgPool;
use time::Duration;
use uuid::Uuid;

use crate::{BATCH, EVENTS, admin, commits, each, event, service, stored};

fn id(number: u128) -> String {
    Uuid::from_u128(number).to_string()
}

fn names(count: usize) -> Value {
    (0..count).map(|number| event(json!({ "event_name": format!("{number}") }))).collect()
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn a_batch_is_one_commit(db: PgPool) {
    let (app, _) = service(&db);
    assert_eq!(app.post(BATCH, &names(1000)).await.expect(201), json!({ "created": 1000, "duplicates": 0 }));
    assert_eq!((stored(&db).await, commits(&db).await), (1000, 1));
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn an_empty_batch_is_nothing(db: PgPool) {
    let (app, _) = service(&db);
    assert_eq!(app.post(BATCH, &json!([])).await.expect(201), json!({ "created": 0, "duplicates": 0 }));
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn a_batch_may_come_as_a_beacon(db: PgPool) {
    let (app, _) = service(&db);
    let answer = app.post_bytes(BATCH, "text/plain;charset=UTF-8", names(3).to_string().into_bytes()).await;
    assert_eq!(answer.expect(201), json!({ "created": 3, "duplicates": 0 }));
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn one_event_too_many_refuses_the_batch_for_that_alone(db: PgPool) {
    let (app, _) = service(&db);
    for batch in [names(1001), vec![event(json!({ "event_type": "" })); 1001].into()] {
        let (sentence, pointers) = app.post(BATCH, &batch).await.refusal(422);
        assert_eq!((sentence.as_str(), pointers), ("must have at most 1000 events, got 1001", vec![String::new()]));
    }
    assert_eq!(stored(&db).await, 0);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn one_bad_event_refuses_the_whole_batch(db: PgPool) {
    let (app, _) = service(&db);
    let batch =
        json!([event(json!({})), event(json!({ "event_type": "", "metadata": { "a": "\0" } })), event(json!({}))]);
    let (_, pointers) = app.post(BATCH, &batch).await.refusal(422);
    assert_eq!(pointers, ["/1/event_type", "/1/metadata"]);

    let shapeless = json!([event(json!({})), event(json!({ "visitor_id": 7 }))]);
    assert_eq!(app.post(BATCH, &shapeless).await.refusal(422).1, ["/1/visitor_id"]);
    assert_eq!(app.post(BATCH, &event(json!({}))).await.refusal(422).1, [""], "one event is no batch");
    // An array of the fields' values in their order is not an event.
    let positional = json!([[null, "alice", null, null, "click", null, null, null, null]]);
    assert_eq!(app.post(BATCH, &positional).await.refusal(422).1, ["/0"]);
    assert_eq!(stored(&db).await, 0);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn the_same_batch_again_adds_nothing(db: PgPool) {
    let (app, _) = service(&db);
    let batch: Value = (1..=10).map(|number| event(json!({ "id": id(number) }))).collect();
    assert_eq!(app.post(BATCH, &batch).await.expect(201), json!({ "created": 10, "duplicates": 0 }));
    assert_eq!(app.post(BATCH, &batch).await.expect(201), json!({ "created": 0, "duplicates": 10 }));

    // Also when the page has learned another name for its visitor meanwhile, and beside events that are new.
    let mut renamed: Vec<Value> =
        (8..=12).map(|number| event(json!({ "id": id(number), "visitor_id": "bob" }))).collect();
    renamed.push(event(json!({})));
    assert_eq!(app.post(BATCH, &renamed.into()).await.expect(201), json!({ "created": 3, "duplicates": 3 }));
    assert_eq!(stored(&db).await, 13);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn within_a_batch_the_first_of_an_id_counts(db: PgPool) {
    let (app, _) = admin(&db).await;
    let twice = |name, visitor| event(json!({ "id": id(1), "event_name": name, "visitor_id": visitor }));
    let batch = json!([twice("first", "alice"), twice("second", "alice"), twice("third", "bob")]);
    assert_eq!(app.post(BATCH, &batch).await.expect(201), json!({ "created": 1, "duplicates": 2 }));
    assert_eq!(each(&app.get(EVENTS).await.expect(200), "event_name"), ["first"]);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn the_log_keeps_the_order_of_a_batch_whatever_the_ids(db: PgPool) {
    let (app, hands) = admin(&db).await;
    let ids = [Some(id(7)), None, Some(id(u128::MAX)), None, Some(id(3))];
    let batch: Value =
        ids.iter().enumerate().map(|(at, id)| event(json!({ "id": id, "event_name": at.to_string() }))).collect();
    app.post(BATCH, &batch).await.expect(201);
    assert_eq!(each(&app.get(EVENTS).await.expect(200), "event_name"), ["4", "3", "2", "1", "0"]);

    hands.advance(Duration::seconds(1));
    app.post(BATCH, &names(100)).await.expect(201);
    let mut made: Vec<_> = each(&app.get(EVENTS).await.expect(200), "id");
    made.reverse();
    assert!(made.is_sorted_by(|a, b| a.as_str() < b.as_str()), "ids of ours increase within a batch");
}
