//! Why a visitor sees a variant: told step by step, to the admin, without storing anything.

use serde_json::{Value, json};
use sqlx::PgPool;

use crate::{admin, create, path};

/// Of `visitor-1` in this experiment another program computed the bucket 84.
const EXPERIMENT: &str = "11111111-1111-4111-8111-111111111111";

/// An experiment with the known id.
async fn known_experiment(db: &PgPool) {
    sqlx::query(
        "insert into experiments (id, name, variants, traffic_split, created_at, updated_at)
         values ($1::uuid, 'Known', '{neon,nobody,synthwave}', '{50,0,50}', now(), now())",
    )
    .bind(EXPERIMENT)
    .execute(db)
    .await
    .unwrap();
}

fn question(experiment: &str) -> String {
    format!("/api/explain?visitor_id=visitor-1&experiment_id={experiment}")
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn a_new_visitor_is_explained_and_not_stored(db: PgPool) {
    let (app, _) = admin(&db).await;
    known_experiment(&db).await;
    let told = app.get(&question(EXPERIMENT)).await.expect(200);
    let range = |variant: &str, from: u8, to: u8| json!({ "variant": variant, "from": from, "to": to });
    let expected = json!({
        "visitor_id": "visitor-1", "experiment_id": EXPERIMENT, "is_active": true, "bucket": 84,
        "ranges": [range("neon", 0, 50), range("nobody", 50, 50), range("synthwave", 50, 100)],
        "computed": "synthwave", "stored": null, "variant": "synthwave", "reason": "computed",
    });
    assert_eq!(told, expected);
    let assign = format!("/api/assign?visitor_id=visitor-1&experiment_id={EXPERIMENT}");
    assert_eq!(app.get(&assign).await.expect(200)["is_new"], true, "the question stored nothing");
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn the_stored_variant_decides_as_long_as_it_exists(db: PgPool) {
    let (app, _) = admin(&db).await;
    known_experiment(&db).await;
    app.get(&format!("/api/assign?visitor_id=visitor-1&experiment_id={EXPERIMENT}")).await.expect(200);
    let experiment = format!("/api/experiments/{EXPERIMENT}");
    let decided = async || {
        let told: Value = app.get(&question(EXPERIMENT)).await.expect(200);
        [&told["computed"], &told["stored"], &told["variant"], &told["reason"]].map(Value::clone)
    };

    app.put(&experiment, &json!({ "traffic_split": { "neon": 100, "nobody": 0, "synthwave": 0 } })).await.expect(200);
    assert_eq!(decided().await, [json!("neon"), json!("synthwave"), json!("synthwave"), json!("stored")]);
    app.put(&experiment, &json!({ "variants": ["a", "b"], "traffic_split": { "a": 100, "b": 0 } })).await.expect(200);
    assert_eq!(decided().await, [json!("a"), json!("synthwave"), json!("a"), json!("stored_variant_is_gone")]);
    app.put(&experiment, &json!({ "is_active": false })).await.expect(200);
    assert_eq!(decided().await, [json!("a"), json!("synthwave"), Value::Null, json!("not_active")]);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn only_the_admin_is_told_and_only_of_what_exists(db: PgPool) {
    let (app, _) = admin(&db).await;
    assert_eq!(app.get(&question(EXPERIMENT)).await.refusal(404).0, "Experiment not found");
    assert_eq!(app.get("/api/explain?visitor_id=a").await.refusal(422).1, ["/experiment_id"]);
    let experiment = create(&app, json!({})).await;
    let id = path(&experiment).rsplit('/').next().unwrap().to_owned();
    assert_eq!(app.as_nobody().get(&question(&id)).await.status, 401);
}
