//! Revisions: what opens one, what does not, shipping and undoing.

use pushnami_testkit::TestApp;
use serde_json::{Value, json};
use sqlx::PgPool;
use time::Duration;

use crate::{admin, create, path};

async fn revisions(app: &TestApp, experiment: &Value) -> Vec<Value> {
    let list = app.as_nobody().get(&format!("{}/revisions", path(experiment))).await.expect(200);
    list.as_array().unwrap().clone()
}

async fn open(app: &TestApp, experiment: &Value, body: Value) -> Value {
    app.post(&format!("{}/revisions", path(experiment)), &body).await.expect(201)
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn each_change_of_variants_or_split_opens_one_and_nothing_else_does(db: PgPool) {
    let (app, hands) = admin(&db).await;
    let experiment = create(&app, json!({})).await;
    assert_eq!(
        revisions(&app, &experiment).await,
        [json!({ "revision": 1, "variants": ["control", "variant"], "traffic_split": { "control": 50, "variant": 50 },
                 "action": "created", "opened_at": "2026-01-02T12:00:00Z" })]
    );
    for (change, revision) in [
        (json!({ "name": "Another name", "is_active": false }), 1),
        (json!({ "traffic_split": { "control": 50, "variant": 50 } }), 1),
        (json!({ "traffic_split": { "control": 90, "variant": 10 } }), 2),
        (json!({ "variants": ["variant", "control"] }), 3),
        (json!({ "description": "Another text", "is_active": true }), 3),
        (json!({ "variants": ["a", "b", "c"], "traffic_split": { "a": 0, "b": 1, "c": 99 } }), 4),
    ] {
        hands.advance(Duration::minutes(1));
        let changed = app.put(&path(&experiment), &change).await.expect(200);
        assert_eq!(changed["revision"], revision, "{change}");
    }
    let opened = revisions(&app, &experiment).await;
    let shown: Vec<_> = opened.iter().map(|one| (&one["action"], &one["opened_at"], &one["variants"])).collect();
    assert_eq!(
        shown,
        [
            (&json!("created"), &json!("2026-01-02T12:00:00Z"), &json!(["control", "variant"])),
            (&json!("split_changed"), &json!("2026-01-02T12:03:00Z"), &json!(["control", "variant"])),
            (&json!("variants_changed"), &json!("2026-01-02T12:04:00Z"), &json!(["variant", "control"])),
            (&json!("variants_changed"), &json!("2026-01-02T12:06:00Z"), &json!(["a", "b", "c"])),
        ]
    );
    assert_eq!(opened[1]["traffic_split"], json!({ "control": 90, "variant": 10 }));
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn a_revision_is_never_changed(db: PgPool) {
    let (app, _) = admin(&db).await;
    let experiment = create(&app, json!({})).await;
    let changed = sqlx::query("update experiment_revisions set opened_at = now()").execute(&db).await;
    assert!(changed.unwrap_err().to_string().contains("never changed"));
    assert_eq!(app.delete(&path(&experiment)).await.status, 204);
    assert_eq!(app.get(&format!("{}/revisions", path(&experiment))).await.refusal(404).0, "Experiment not found");
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn a_winner_is_shipped_and_that_is_undone(db: PgPool) {
    let (app, _) = admin(&db).await;
    let about = json!({ "variants": ["a", "b", "c"], "traffic_split": { "a": 34, "b": 33, "c": 33 } });
    let experiment = create(&app, about.clone()).await;
    let shipped = open(&app, &experiment, json!({ "action": "ship", "variant": "b" })).await;
    assert_eq!(shipped["traffic_split"], json!({ "a": 0, "b": 100, "c": 0 }));
    let restored = open(&app, &experiment, json!({ "action": "restore", "revision": 1 })).await;
    assert_eq!((&restored["traffic_split"], &restored["revision"]), (&about["traffic_split"], &json!(3)));
    let actions: Vec<_> = revisions(&app, &experiment).await.iter().map(|one| one["action"].clone()).collect();
    assert_eq!(actions, ["created", "shipped", "restored"]);
    // What comes next is called after what it changes again.
    app.put(&path(&experiment), &json!({ "traffic_split": { "a": 0, "b": 50, "c": 50 } })).await.expect(200);
    assert_eq!(revisions(&app, &experiment).await[3]["action"], "split_changed");
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn what_cannot_be_opened_is_refused_and_changes_nothing(db: PgPool) {
    let (app, hands) = admin(&db).await;
    let experiment = create(&app, json!({})).await;
    hands.advance(Duration::minutes(1));
    let target = format!("{}/revisions", path(&experiment));
    for (body, status, pointer) in [
        (json!({ "action": "ship", "variant": "nobody" }), 400, Some("/variant")),
        (json!({ "action": "restore", "revision": 7 }), 400, Some("/revision")),
        (json!({ "action": "restore", "revision": 1 }), 409, None),
        (json!({ "action": "ship" }), 422, Some("/variant")),
        (json!({ "action": "explode" }), 422, None),
        (json!({ "action": "restore", "revision": 1e30 }), 422, None),
    ] {
        let (_, pointers) = app.post(&target, &body).await.refusal(status);
        if let Some(pointer) = pointer {
            assert_eq!(pointers, [pointer], "{body}");
        }
    }
    app.as_nobody().post(&target, &json!({ "action": "ship", "variant": "control" })).await.refusal(401);
    assert_eq!(app.get(&path(&experiment)).await.expect(200), experiment);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn an_assignment_belongs_to_the_revision_it_was_made_in(db: PgPool) {
    let (app, _) = admin(&db).await;
    let experiment = create(&app, json!({})).await;
    let id = experiment["id"].as_str().unwrap();
    app.get(&format!("/api/assign?visitor_id=early&experiment_id={id}")).await.expect(200);
    app.put(&path(&experiment), &json!({ "traffic_split": { "control": 100, "variant": 0 } })).await.expect(200);
    for visitor in ["early", "late"] {
        app.get(&format!("/api/assign?visitor_id={visitor}&experiment_id={id}")).await.expect(200);
    }
    let made: Vec<(String, i32)> =
        sqlx::query_as("select visitor_id, revision from assignments order by 1").fetch_all(&db).await.unwrap();
    assert_eq!(made, [("early".to_owned(), 1), ("late".to_owned(), 2)]);
}
