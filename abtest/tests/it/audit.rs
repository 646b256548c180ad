//! The audit trail: every change is in it, nobody can alter it unnoticed, and changes can be taken back.

use pushnami_abtest::experiments::clearing;
use pushnami_common::audit;
use pushnami_testkit::TestApp;
use serde_json::{Value, json};
use sqlx::PgPool;
use time::Duration;

use crate::{admin, create, path};

async fn trail(app: &TestApp) -> Vec<Value> {
    app.get("/api/audit").await.expect(200).as_array().unwrap().clone()
}

/// What was done to what, newest first.
async fn said(app: &TestApp) -> Vec<String> {
    let word = |entry: &Value, member: &str| entry[member].as_str().unwrap_or_default().to_owned();
    let line = |entry: &Value| format!("{} {} {}", word(entry, "actor"), word(entry, "action"), word(entry, "subject"));
    trail(app).await.iter().map(line).collect()
}

async fn revert(app: &TestApp, entry: &Value) -> pushnami_testkit::Answer {
    app.post(&format!("/api/audit/{}/revert", entry["id"]), &json!({})).await
}

async fn rain(app: &TestApp) -> Value {
    let toggle = json!({ "key": "rain", "name": "Rain", "enabled": true, "config": { "speed": 1 } });
    app.post("/api/toggles", &toggle).await.expect(201)
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn every_change_is_written_down_with_before_and_after(db: PgPool) {
    let (app, _) = admin(&db).await;
    let experiment = create(&app, json!({ "name": "Colours" })).await;
    app.put(&path(&experiment), &json!({ "name": "Colors", "traffic_split": { "control": 60, "variant": 40 } }))
        .await
        .expect(200);
    rain(&app).await;
    app.put("/api/toggles/rain", &json!({ "enabled": false })).await.expect(200);
    // Nothing changed is nothing to tell.
    app.put("/api/toggles/rain", &json!({ "enabled": false })).await.expect(200);
    app.delete("/api/toggles/rain").await.expect(204);
    assert_eq!(
        said(&app).await,
        [
            "admin deleted toggle",
            "admin changed toggle",
            "admin created toggle",
            "admin changed experiment",
            "admin created experiment",
        ]
    );
    let entries = trail(&app).await;
    assert_eq!((&entries[3]["before"]["name"], &entries[3]["after"]["name"]), (&json!("Colours"), &json!("Colors")));
    assert_eq!(entries[3]["after"]["traffic_split"], json!([60, 40]));
    assert_eq!((&entries[0]["after"], &entries[0]["subject_name"]), (&Value::Null, &json!("Rain")));
    let toggles = app.get("/api/audit?subject=toggle&limit=2").await.expect(200);
    assert_eq!(toggles.as_array().unwrap().len(), 2);
    let older = app.get(&format!("/api/audit?subject=toggle&before={}", toggles[1]["id"])).await.expect(200);
    assert_eq!((older.as_array().unwrap().len(), &older[0]["action"]), (1, &json!("created")));
    assert_eq!(app.get("/api/audit?subject=cat").await.refusal(422).1, ["/subject"]);
    assert_eq!(app.get("/api/audit?limit=0").await.refusal(422).1, ["/limit"]);
    app.as_nobody().get("/api/audit").await.refusal(401);
    app.as_nobody().get("/api/audit/export").await.refusal(401);
    let file = app.get("/api/audit/export").await;
    let lines: Vec<Value> = file.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((lines.len(), &lines[0]["action"], &lines[4]["hash"]), (5, &json!("created"), &entries[0]["hash"]));
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn nobody_alters_the_trail_unnoticed(db: PgPool) {
    let (app, _) = admin(&db).await;
    rain(&app).await;
    for enabled in [false, true, false] {
        app.put("/api/toggles/rain", &json!({ "enabled": enabled })).await.expect(200);
    }
    let check = async || audit::verify(&mut db.acquire().await.unwrap()).await.unwrap();
    assert_eq!((check().await.entries, check().await.differences.len()), (4, 0));
    for forbidden in ["update audit set actor = 'nobody'", "delete from audit where id = 2", "truncate audit"] {
        let refused = sqlx::query(forbidden).execute(&db).await.unwrap_err();
        assert!(refused.to_string().contains("only ever added to"), "{refused}");
    }
    // Whoever owns the database can put the guard to sleep, but not keep the hashes.
    let force = async |statement: &'static str| {
        let mut transaction = db.begin().await.unwrap();
        sqlx::query("alter table audit disable trigger all").execute(&mut *transaction).await.unwrap();
        sqlx::query(statement).execute(&mut *transaction).await.unwrap();
        sqlx::query("alter table audit enable trigger all").execute(&mut *transaction).await.unwrap();
        transaction.commit().await.unwrap();
    };
    force("update audit set actor = 'nobody' where id = 3").await;
    assert_eq!(check().await.differences, ["audit entry 3: it is not what was written"]);
    force("update audit set actor = 'admin' where id = 3").await;
    assert_eq!(check().await.differences, [""; 0]);
    force("delete from audit where id = 2").await;
    assert_eq!(
        check().await.differences,
        ["audit entry 3: the entry before it is missing", "audit entry 3: it does not follow the one before"]
    );
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn a_change_is_taken_back_unless_somebody_went_on_from_it(db: PgPool) {
    let (app, _) = admin(&db).await;
    let plan = json!({ "baseline_rate": 0.05 });
    let experiment = create(&app, json!({ "name": "Colours", "plan": plan })).await;
    let change = json!({ "name": "Colors", "traffic_split": { "control": 60, "variant": 40 } });
    app.put(&path(&experiment), &change).await.expect(200);
    let renamed = trail(&app).await[0].clone();
    app.put(&path(&experiment), &json!({ "description": "More colours" })).await.expect(200);
    revert(&app, &renamed).await.expect(204);
    let found = app.get(&path(&experiment)).await.expect(200);
    assert_eq!((&found["name"], &found["description"]), (&json!("Colours"), &json!("More colours")));
    assert_eq!((&found["traffic_split"], &found["revision"]), (&experiment["traffic_split"], &json!(3)));
    assert_eq!((&found["goals"], &found["plan"]), (&experiment["goals"], &experiment["plan"]));
    assert_eq!(said(&app).await[0], "admin reverted experiment");
    // Once is enough.
    let (refusal, _) = revert(&app, &renamed).await.refusal(409);
    assert!(refusal.contains("changed again"), "{refusal}");
    let created = trail(&app).await.last().unwrap().clone();
    revert(&app, &created).await.refusal(409);
    revert(&app, &json!({ "id": 4711 })).await.refusal(404);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn what_was_deleted_comes_back_as_it_was(db: PgPool) {
    let (app, _) = admin(&db).await;
    let experiment = create(&app, json!({ "plan": { "baseline_rate": 0.05 } })).await;
    let toggle = rain(&app).await;
    app.delete(&path(&experiment)).await.expect(204);
    app.delete("/api/toggles/rain").await.expect(204);
    for deletion in &trail(&app).await[..2] {
        revert(&app, deletion).await.expect(204);
        revert(&app, deletion).await.refusal(409);
    }
    let without_time = |mut thing: Value| {
        thing.as_object_mut().unwrap().remove("updated_at");
        thing
    };
    assert_eq!(without_time(app.get(&path(&experiment)).await.expect(200)), without_time(experiment.clone()));
    assert_eq!(without_time(app.get("/api/toggles/rain").await.expect(200)), without_time(toggle));
    // It is whole: visitors are assigned in it.
    let assign = format!("/api/assign?visitor_id=alice&experiment_id={}", experiment["id"].as_str().unwrap());
    app.as_nobody().get(&assign).await.expect(200);
    let deleted_before_its_change = trail(&app).await.into_iter().find(|entry| entry["action"] == "deleted").unwrap();
    revert(&app, &deleted_before_its_change).await.refusal(409);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn a_deletion_taken_back_leaves_every_visitor_where_they_were(db: PgPool) {
    let (app, hands) = admin(&db).await;
    let created = create(&app, json!({ "variants": ["a", "b"], "traffic_split": { "a": 100, "b": 0 } })).await;
    let assign = format!("/api/assign?visitor_id=alice&experiment_id={}", created["id"].as_str().unwrap());
    assert_eq!(app.as_nobody().get(&assign).await.expect(200)["variant"], "a");
    app.put(&path(&created), &json!({ "traffic_split": { "a": 0, "b": 100 } })).await.expect(200);
    app.delete(&path(&created)).await.expect(204);
    app.as_nobody().get(&assign).await.refusal(404);
    // It is not long enough ago that anything would be cleared.
    assert_eq!(clearing::clear(&db, 7).await.unwrap(), 0);
    hands.advance(Duration::seconds(1));
    revert(&app, &trail(&app).await[0].clone()).await.expect(204);
    let again = app.as_nobody().get(&assign).await.expect(200);
    assert_eq!((&again["variant"], &again["is_new"]), (&json!("a"), &json!(false)));
    let revisions = app.get(&format!("{}/revisions", path(&created))).await.expect(200);
    assert_eq!(revisions.as_array().unwrap().len(), 2);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn what_belonged_to_a_deleted_experiment_is_cleared_in_the_end(db: PgPool) {
    let (app, _) = admin(&db).await;
    let (gone, stays) = (create(&app, json!({ "name": "gone" })).await, create(&app, json!({ "name": "stays" })).await);
    for experiment in [&gone, &stays] {
        let assign = format!("/api/assign?visitor_id=alice&experiment_id={}", experiment["id"].as_str().unwrap());
        app.as_nobody().get(&assign).await.expect(200);
    }
    app.delete(&path(&gone)).await.expect(204);
    assert_eq!(clearing::clear(&db, 0).await.unwrap(), 1);
    let left = "select (select count(*) from assignments) || ' ' || (select count(*) from experiment_revisions)";
    assert_eq!(sqlx::query_scalar::<_, String>(left).fetch_one(&db).await.unwrap(), "1 1");
}
