//! Assignment: frozen, remembered, decided once however many ask.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use sqlx::PgPool;

use crate::{admin, create, path};

const FROZEN: &str = "11111111-1111-4111-8111-111111111111";

fn assign(visitor: &str, experiment: &Value) -> String {
    format!("/api/assign?visitor_id={visitor}&experiment_id={}", experiment["id"].as_str().unwrap())
}

/// An experiment under the id for which another program computed the buckets, with a variant for each percent.
async fn frozen_experiment(db: &PgPool) {
    sqlx::query(
        "insert into experiments (id, name, variants, traffic_split, created_at, updated_at)
         values ($1::uuid, 'frozen', array ['low', 'high'], array [72, 28]::smallint[], now(), now())",
    )
    .bind(FROZEN)
    .execute(db)
    .await
    .unwrap();
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn the_frozen_rule_decides(db: PgPool) {
    frozen_experiment(&db).await;
    let (app, _) = admin(&db).await;
    // Buckets 84, 86, 18, 72, 97, 23; a bucket of 72 is not below 72.
    for (visitor, variant) in [
        ("visitor-1", "high"),
        ("visitor-2", "high"),
        ("visitor-3", "low"),
        ("alice", "high"),
        ("bob", "high"),
        ("%CE%A9-visitor", "low"),
    ] {
        let path = format!("/api/assign?visitor_id={visitor}&experiment_id={FROZEN}");
        let answer = app.as_nobody().get(&path).await.expect(200);
        assert_eq!(answer["variant"], variant, "{visitor}");
        assert_eq!(answer["is_new"], true);
        assert_eq!(answer["experiment_id"], FROZEN);
    }
    // The id is hashed in its lower-case hyphenated form, however it is written.
    let odd = format!("/api/assign?visitor_id=visitor-3&experiment_id={}", FROZEN.replace('-', "").to_uppercase());
    let again = app.get(&odd).await.expect(200);
    assert_eq!(again, json!({ "visitor_id": "visitor-3", "experiment_id": FROZEN, "variant": "low", "is_new": false }));
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn the_first_assignment_wins_also_after_the_split_changed(db: PgPool) {
    let (app, _) = admin(&db).await;
    let experiment = create(&app, json!({ "traffic_split": { "control": 100, "variant": 0 } })).await;
    assert_eq!(app.get(&assign("alice", &experiment)).await.expect(200)["variant"], "control");
    app.put(&path(&experiment), &json!({ "traffic_split": { "control": 0, "variant": 100 } })).await.expect(200);
    let again = app.get(&assign("alice", &experiment)).await.expect(200);
    assert_eq!((&again["variant"], &again["is_new"]), (&json!("control"), &json!(false)));
    assert_eq!(app.get(&assign("bob", &experiment)).await.expect(200)["variant"], "variant");
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn a_variant_that_is_gone_is_assigned_anew(db: PgPool) {
    let (app, _) = admin(&db).await;
    let experiment = create(&app, json!({ "traffic_split": { "control": 100, "variant": 0 } })).await;
    app.get(&assign("alice", &experiment)).await.expect(200);
    let change = json!({ "variants": ["new", "variant"], "traffic_split": { "new": 100, "variant": 0 } });
    app.put(&path(&experiment), &change).await.expect(200);
    let anew = app.get(&assign("alice", &experiment)).await.expect(200);
    assert_eq!((&anew["variant"], &anew["is_new"]), (&json!("new"), &json!(true)));
    let again = app.get(&assign("alice", &experiment)).await.expect(200);
    assert_eq!((&again["variant"], &again["is_new"]), (&json!("new"), &json!(false)));
    let rows: i64 = sqlx::query_scalar("select count(*) from assignments").fetch_one(&db).await.unwrap();
    assert_eq!(rows, 1);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn two_hundred_first_requests_at_once_are_one_assignment(db: PgPool) {
    let (app, _) = admin(&db).await;
    let experiment = create(&app, json!({})).await;
    let path = assign("alice", &experiment);
    let requests: Vec<_> = (0..200)
        .map(|_| {
            let (app, path) = (app.as_nobody(), path.clone());
            tokio::spawn(async move { app.get(&path).await.expect(200) })
        })
        .collect();
    let mut variants = BTreeMap::<String, usize>::new();
    let mut new = 0;
    for request in requests {
        let answer = request.await.unwrap();
        *variants.entry(answer["variant"].as_str().unwrap().to_owned()).or_default() += 1;
        new += usize::from(answer["is_new"] == true);
    }
    let rows: i64 = sqlx::query_scalar("select count(*) from assignments").fetch_one(&db).await.unwrap();
    assert_eq!((variants.len(), new, rows), (1, 1, 1));
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn only_active_experiments_assign(db: PgPool) {
    let (app, _) = admin(&db).await;
    let experiment = create(&app, json!({ "is_active": false })).await;
    assert_eq!(app.get(&assign("alice", &experiment)).await.refusal(400).0, "Experiment is not active");
    let unknown = json!({ "id": FROZEN });
    assert_eq!(app.get(&assign("alice", &unknown)).await.refusal(404).0, "Experiment not found");
    let rows: i64 = sqlx::query_scalar("select count(*) from assignments").fetch_one(&db).await.unwrap();
    assert_eq!(rows, 0);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn bad_parameters_are_named(db: PgPool) {
    let (app, _) = admin(&db).await;
    let experiment = create(&app, json!({})).await;
    let id = experiment["id"].as_str().unwrap();
    for (query, pointer) in [
        (format!("experiment_id={id}"), "/visitor_id"),
        ("visitor_id=alice".to_owned(), "/experiment_id"),
        (format!("visitor_id=&experiment_id={id}"), "/visitor_id"),
        (format!("visitor_id=%00&experiment_id={id}"), "/visitor_id"),
        (format!("visitor_id={}&experiment_id={id}", "x".repeat(256)), "/visitor_id"),
        ("visitor_id=alice&experiment_id=7".to_owned(), "/experiment_id"),
        ("visitor_id=alice&experiment_id=".to_owned(), "/experiment_id"),
        (format!("visitor_id=a&visitor_id=b&experiment_id={id}"), "/visitor_id"),
    ] {
        let (detail, pointers) = app.get(&format!("/api/assign?{query}")).await.refusal(422);
        assert_eq!(pointers, [pointer], "{query}: {detail}");
    }
    let refusal = app.get("/api/assign?visitor_id=alice&experiment_id=7").await.refusal(422);
    assert_eq!(refusal.0, "`experiment_id` must be a UUID");
    let long = assign(&"x".repeat(255), &experiment);
    app.get(&long).await.expect(200);
}
