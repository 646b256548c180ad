//! Everything that is kept of one visitor: given as a file, and erased as if it had never been.

use axum::http::Method;
use pushnami_common::auth::SESSION_COOKIE;
use pushnami_metrics::rollups::verify::verify;
use pushnami_metrics::rollups::worker::{FOLD_EVENTS, fold_once};
use pushnami_testkit::TestApp;
use serde_json::{Value, json};
use sqlx::PgPool;

use crate::{BATCH, EVENTS, EXPERIMENT, STATS, admin, each, event, service, stored};

const ALICE: &str = "/api/visitors/alice";

/// alice and bob did and wrote the same and were given variants. Some of it is in the rollups, some not yet.
async fn two_visitors(app: &TestApp, db: &PgPool) {
    for visitor in ["alice", "bob"] {
        let of = |about: Value| {
            let mut about = event(about);
            about["visitor_id"] = visitor.into();
            about
        };
        let view = of(json!({ "experiment_id": EXPERIMENT, "variant": "neon", "user_agent": "Firefox/145.0" }));
        let click = of(json!({ "event_type": "click", "metadata": { "preview": true, "deep": [1.0] } }));
        app.post(BATCH, &json!([view, click])).await.expect(201);
        let letter = json!({ "email": format!("{visitor}@example.com"), "visitor_id": visitor, "message": "χαῖρε" });
        app.post("/api/leads", &letter).await.expect(201);
        sqlx::query(
            "insert into experiments (id, name, variants, traffic_split, created_at, updated_at)
                     values ($1::uuid, 'Theme', '{neon,synthwave}', '{50,50}', now(), now()) on conflict do nothing",
        )
        .bind(EXPERIMENT)
        .execute(db)
        .await
        .unwrap();
        sqlx::query(
            "insert into assignments (experiment_id, visitor_id, variant, revision, created_at)
                     values ($1::uuid, $2, 'neon', 1, '2026-01-01T00:00:00Z')",
        )
        .bind(EXPERIMENT)
        .bind(visitor)
        .execute(db)
        .await
        .unwrap();
    }
    fold_once(db, FOLD_EVENTS).await.unwrap();
    app.post(EVENTS, &event(json!({ "event_name": "not counted yet" }))).await.expect(201);
}

async fn assert_counts_are_true(db: &PgPool) {
    while fold_once(db, FOLD_EVENTS).await.unwrap() != pushnami_metrics::rollups::worker::Progress::Counted(0) {}
    assert_eq!(verify(db).await.unwrap().differences, Vec::<String>::new());
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn everything_of_one_visitor_goes_and_nothing_of_another(db: PgPool) {
    let (app, _) = admin(&db).await;
    two_visitors(&app, &db).await;
    let before = app.get(STATS).await.expect(200);
    assert_eq!((&before["total_events"], &before["unique_visitors"]), (&json!(5), &json!(2)));
    assert_eq!(before["erased"], json!({ "visitors": 0, "events": 0 }));

    assert_eq!(app.delete(ALICE).await.expect(200), json!({ "events": 3, "leads": 1, "assignments": 1 }));

    let after = app.get(STATS).await.expect(200);
    assert_eq!((&after["total_events"], &after["unique_visitors"]), (&json!(2), &json!(1)));
    assert_eq!(after["conversion_by_variant"]["neon"]["views"], 1);
    assert_eq!(after["erased"], json!({ "visitors": 1, "events": 3 }));
    assert_eq!(each(&app.get(EVENTS).await.expect(200), "visitor_id"), ["bob", "bob"]);
    assert_eq!(each(&app.get("/api/leads").await.expect(200), "email"), ["bob@example.com"]);
    let left: Vec<String> = sqlx::query_scalar("select visitor_id from assignments").fetch_all(&db).await.unwrap();
    assert_eq!(left, ["bob"]);
    assert_counts_are_true(&db).await;
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn erasing_again_finds_nothing_and_counts_nothing(db: PgPool) {
    let (app, _) = admin(&db).await;
    two_visitors(&app, &db).await;
    app.delete(ALICE).await.expect(200);
    for path in [ALICE, "/api/visitors/nobody"] {
        assert_eq!(app.delete(path).await.expect(200), json!({ "events": 0, "leads": 0, "assignments": 0 }));
    }
    assert_eq!(app.get(STATS).await.expect(200)["erased"], json!({ "visitors": 1, "events": 3 }));
    // Who comes back is a visitor like any other, under the same ids even.
    app.post(EVENTS, &event(json!({}))).await.expect(201);
    assert_eq!(app.delete(ALICE).await.expect(200)["events"], 1);
    assert_eq!(app.get(STATS).await.expect(200)["erased"], json!({ "visitors": 2, "events": 4 }));
    assert_counts_are_true(&db).await;
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn an_erasure_that_fails_half_way_leaves_everything(db: PgPool) {
    let (app, _) = admin(&db).await;
    two_visitors(&app, &db).await;
    // The last step fails.
    sqlx::query("alter table erased_hours add constraint never check (events < 0)").execute(&db).await.unwrap();
    assert!(app.delete(ALICE).await.status >= 500);
    assert_eq!(stored(&db).await, 5);
    let file = app.get(&format!("{ALICE}/export")).await.expect(200);
    assert_eq!(["events", "leads", "assignments"].map(|list| file[list].as_array().unwrap().len()), [3, 1, 1]);
    assert_counts_are_true(&db).await;
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn what_waits_for_the_return_of_a_deleted_experiment_is_in_the_file(db: PgPool) {
    let (app, _) = admin(&db).await;
    two_visitors(&app, &db).await;
    sqlx::query("delete from experiments").execute(&db).await.unwrap();
    let file = app.get(&format!("{ALICE}/export")).await.expect(200);
    assert_eq!(
        (&file["assignments"][0]["experiment"], &file["assignments"][0]["variant"]),
        (&json!("Theme"), &json!("neon"))
    );
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn the_file_holds_all_that_is_kept(db: PgPool) {
    let (app, _) = admin(&db).await;
    two_visitors(&app, &db).await;
    let answer = app.get(&format!("{ALICE}/export")).await;
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("content-disposition"), "attachment; filename=\"visitor-alice.json\"");
    assert_eq!(answer.header("cache-control"), "private, no-store");
    let file = answer.expect(200);
    assert_eq!((&file["visitor_id"], &file["exported_at"]), (&json!("alice"), &json!("2026-01-02T12:00:00Z")));
    let given = json!({ "experiment_id": EXPERIMENT, "experiment": "Theme", "variant": "neon", "created_at": "2026-01-01T00:00:00Z" });
    assert_eq!(file["assignments"], json!([given]));
    assert_eq!(file["leads"][0]["message"], "χαῖρε");
    // As the log lists them, and with what it does not show.
    let mut listed = app.get(&format!("{EVENTS}?visitor_id=alice")).await.expect(200);
    for event in listed.as_array_mut().unwrap() {
        event["excluded"] = if event["event_type"] == "click" { json!("preview") } else { Value::Null };
        event["user_agent"] = if event["variant"] == "neon" { json!("Firefox/145.0") } else { Value::Null };
    }
    assert_eq!(file["events"], listed);

    let nothing = app.get("/api/visitors/nobody/export").await.expect(200);
    assert_eq!(["events", "leads", "assignments"].map(|list| nothing[list].clone()), [json!([]), json!([]), json!([])]);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn a_long_file_is_whole(db: PgPool) {
    let (app, _) = admin(&db).await;
    for count in [100, 1, 1000, 1000, 1000, 999, 1, 500] {
        let batch: Vec<Value> = (0..count).map(|_| event(json!({}))).collect();
        app.post(BATCH, &json!(batch)).await.expect(201);
        let file = app.get(&format!("{ALICE}/export")).await.expect(200);
        assert_eq!(file["events"].as_array().unwrap().len() as i64, stored(&db).await);
    }
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn ids_may_hold_anything_that_a_visitor_may(db: PgPool) {
    let (app, _) = admin(&db).await;
    for (id, path) in [("a/b", "a%2Fb"), ("Ω visitor", "%CE%A9%20visitor"), ("?#%", "%3F%23%25")] {
        app.post(EVENTS, &event(json!({ "visitor_id": id }))).await.expect(201);
        assert_eq!(app.get(&format!("/api/visitors/{path}/export")).await.expect(200)["visitor_id"], id);
        assert_eq!(app.delete(&format!("/api/visitors/{path}")).await.expect(200)["events"], 1);
    }
    for path in [&"x".repeat(256), "%00", "%FF"] {
        app.delete(&format!("/api/visitors/{path}")).await.refusal(422);
        app.get(&format!("/api/visitors/{path}/export")).await.refusal(422);
    }
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn nobody_but_the_admin_and_no_foreign_page(db: PgPool) {
    let (app, _) = service(&db);
    app.post(EVENTS, &event(json!({}))).await.expect(201);
    app.delete(ALICE).await.refusal(401);
    app.get(&format!("{ALICE}/export")).await.refusal(401);

    let (clock, _) = pushnami_common::clock::Clock::stopped_at(pushnami_testkit::NOON);
    let session = pushnami_testkit::admin_key(&clock).open_session(pushnami_testkit::PASSWORD).await.unwrap();
    let cookie = format!("{SESSION_COOKIE}={}", session.token);
    let foreign = [("cookie", cookie.as_str()), ("origin", "https://evil.example")];
    app.send(Method::DELETE, ALICE, &foreign, Vec::new()).await.refusal(403);
    assert_eq!(stored(&db).await, 1);
}
