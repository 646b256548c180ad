//! Experiments: created, listed, changed, deleted; and everything that is refused.

use axum::http::Method;
use serde_json::{Value, json};
use sqlx::PgPool;
use time::Duration;

use crate::{admin, create, path};

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn a_new_experiment_has_the_defaults_of_the_contract(db: PgPool) {
    let (app, _) = admin(&db).await;
    let created = app.post("/api/experiments", &json!({ "name": "A question" })).await.expect(201);
    let id = created["id"].as_str().unwrap().to_owned();
    let goal = &created["goals"][0];
    assert_eq!(
        created,
        json!({
            "id": id, "key": "a-question", "name": "A question", "description": "", "variants": ["control", "variant"],
            "traffic_split": { "control": 50, "variant": 50 }, "is_active": true,
            "revision": 1, "goals": [{
                "id": goal["id"], "name": "Call to action clicked", "role": "primary", "direction": "increase",
                "any_of": [{ "event_type": "click", "event_name": "cta_primary" },
                           { "event_type": "click", "event_name": "cta_secondary" }],
                "window_hours": null, "pause_on_harm": false,
            }], "plan": null, "variant_content": {}, "status": "running", "winner": null,
            "started_at": "2026-01-02T12:00:00Z", "completed_at": null, "archived_at": null,
            "created_at": "2026-01-02T12:00:00Z", "updated_at": "2026-01-02T12:00:00Z",
        })
    );
    assert_eq!(app.as_nobody().get(&path(&created)).await.expect(200), created);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn experiments_are_listed_newest_first(db: PgPool) {
    let (app, hands) = admin(&db).await;
    let first = create(&app, json!({ "name": "first" })).await;
    hands.advance(Duration::seconds(1));
    let second = create(&app, json!({ "name": "second" })).await;
    assert_eq!(app.as_nobody().get("/api/experiments").await.expect(200), json!([second, first]));
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn variants_keep_their_listed_order(db: PgPool) {
    let (app, _) = admin(&db).await;
    let about = json!({ "variants": ["z", "a", "m"], "traffic_split": { "a": 1, "m": 9, "z": 90 } });
    let created = create(&app, about.clone()).await;
    let found = app.get(&path(&created)).await.expect(200);
    assert_eq!(found["variants"], about["variants"]);
    assert_eq!(found["traffic_split"], about["traffic_split"]);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn names_count_characters(db: PgPool) {
    let (app, _) = admin(&db).await;
    assert_eq!(create(&app, json!({ "name": "Ω".repeat(255) })).await["name"], "Ω".repeat(255));
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn what_breaks_a_rule_is_400_and_creates_nothing(db: PgPool) {
    let (app, _) = admin(&db).await;
    for (split, detail, field) in [
        (json!({ "a": 50, "b": 49 }), "Traffic split must total 100, got 99", "must total 100, got 99"),
        (json!({ "a": 50, "b": 51 }), "Traffic split must total 100, got 101", "must total 100, got 101"),
        (json!({ "a": 0, "b": 0 }), "Traffic split must total 100, got 0", "must total 100, got 0"),
        (
            json!({ "a": 50, "c": 50 }),
            "Traffic split keys must match variant names",
            "must have exactly the variants as keys",
        ),
        (json!({ "a": 100 }), "Traffic split keys must match variant names", "must have exactly the variants as keys"),
        (
            json!({ "a": 50, "b": 50, "c": 0 }),
            "Traffic split keys must match variant names",
            "must have exactly the variants as keys",
        ),
        (json!({}), "Traffic split keys must match variant names", "must have exactly the variants as keys"),
    ] {
        let body = json!({ "name": "x", "variants": ["a", "b"], "traffic_split": split });
        let answer = app.post("/api/experiments", &body).await;
        assert_eq!(answer.refusal(400), (detail.to_owned(), vec!["/traffic_split".to_owned()]), "{split}");
        assert_eq!(answer.json()["errors"][0]["detail"], field);
    }
    // The default split names the default variants only.
    let answer = app.post("/api/experiments", &json!({ "name": "x", "variants": ["a", "b"] })).await;
    assert_eq!(answer.refusal(400).1, ["/traffic_split"]);
    assert_eq!(app.get("/api/experiments").await.expect(200), json!([]));
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn what_has_a_wrong_shape_is_422_and_names_the_field(db: PgPool) {
    let (app, _) = admin(&db).await;
    let many: Vec<_> = (0..21).map(|n| n.to_string()).collect();
    for (about, pointer) in [
        (json!({ "name": "" }), "/name"),
        (json!({ "name": " \t\u{3000}" }), "/name"),
        (json!({ "name": "x".repeat(256) }), "/name"),
        (json!({ "name": "a\0b" }), "/name"),
        (json!({ "name": null }), "/name"),
        (json!({ "name": 7 }), "/name"),
        (json!({ "description": null }), "/description"),
        (json!({ "description": "x".repeat(10_001) }), "/description"),
        (json!({ "description": "\0" }), "/description"),
        (json!({ "variants": ["a"] }), "/variants"),
        (json!({ "variants": many }), "/variants"),
        (json!({ "variants": ["a", "a"] }), "/variants"),
        (json!({ "variants": "a,b" }), "/variants"),
        (json!({ "variants": null }), "/variants"),
        (json!({ "variants": ["a", ""] }), "/variants/1"),
        (json!({ "variants": [" ", "b"] }), "/variants/0"),
        (json!({ "variants": ["a", "b\n"] }), "/variants/1"),
        (json!({ "variants": ["a", "b\0"] }), "/variants/1"),
        (json!({ "variants": ["a", "x".repeat(256)] }), "/variants/1"),
        (json!({ "variants": ["a", 1] }), "/variants/1"),
        (json!({ "traffic_split": { "control": -50, "variant": 150 } }), "/traffic_split/control"),
        (json!({ "traffic_split": { "control": 150, "variant": 50 } }), "/traffic_split"),
        (json!({ "traffic_split": { "control": 300, "variant": 50 } }), "/traffic_split/control"),
        (json!({ "traffic_split": { "control": 49.5, "variant": 50.5 } }), "/traffic_split/control"),
        (json!({ "traffic_split": { "control": "50", "variant": 50 } }), "/traffic_split/control"),
        (json!({ "traffic_split": [50, 50] }), "/traffic_split"),
        (json!({ "is_active": "yes" }), "/is_active"),
        (json!({ "is_active": null }), "/is_active"),
    ] {
        let mut body = json!({ "name": "x" });
        body.as_object_mut().unwrap().extend(about.as_object().unwrap().clone());
        let (_, pointers) = app.post("/api/experiments", &body).await.refusal(422);
        assert_eq!(pointers, [pointer], "{about}");
    }
    let missing = app.post("/api/experiments", &json!({})).await.refusal(422);
    assert_eq!(missing, ("`name` is missing".to_owned(), vec!["/name".to_owned()]));
    assert_eq!(app.get("/api/experiments").await.expect(200), json!([]));
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn unreadable_bodies_never_earn_a_5xx(db: PgPool) {
    let (app, _) = admin(&db).await;
    let json = "application/json";
    for (content_type, body, status) in [
        (json, b"{\"name\": \"x\"".to_vec(), 422),
        (json, b"".to_vec(), 422),
        (json, b"[]".to_vec(), 422),
        (json, br#"["the fields of an experiment", "in their order"]"#.to_vec(), 422),
        (json, b"null".to_vec(), 422),
        (json, b"{\"name\": \"x\"} trailing".to_vec(), 422),
        (json, br#"{"name": "\ud800"}"#.to_vec(), 422),
        (json, br#"{"name": "x", "traffic_split": {"control": 1e400, "variant": 50}}"#.to_vec(), 422),
        (json, br#"{"name": "x", "traffic_split": {"control": 99999999999999999999, "variant": 50}}"#.to_vec(), 422),
        (json, vec![b'{', b'"', 0xff, 0xfe, b'"', b'}'], 400),
        (json, [b"[".repeat(200_000), b"]".repeat(200_000)].concat(), 422),
        (json, vec![b' '; 1024 * 1024 + 1], 413),
        ("text/plain", br#"{"name": "x"}"#.to_vec(), 415),
        ("application/x-www-form-urlencoded", b"name=x".to_vec(), 415),
        ("not a type", br#"{"name": "x"}"#.to_vec(), 415),
    ] {
        let shown = String::from_utf8_lossy(&body[..body.len().min(60)]).into_owned();
        let answer = app.post_bytes("/api/experiments", content_type, body).await;
        assert_eq!(answer.status, status, "{content_type} {shown}: {}", answer.text());
        answer.refusal(status);
    }
    assert_eq!(app.send(Method::POST, "/api/experiments", &[], br#"{"name":"x"}"#.to_vec()).await.status, 415);
    assert_eq!(app.get("/api/experiments").await.expect(200), json!([]));
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn a_put_changes_any_subset_of_the_fields(db: PgPool) {
    let (app, hands) = admin(&db).await;
    let before = create(&app, json!({})).await;
    hands.advance(Duration::minutes(5));
    for change in [
        json!({ "name": "Renamed" }),
        json!({ "description": "why" }),
        json!({ "is_active": false }),
        json!({ "traffic_split": { "control": 10, "variant": 90 } }),
        json!({ "variants": ["a", "b"], "traffic_split": { "a": 0, "b": 100 } }),
    ] {
        let current = app.get(&path(&before)).await.expect(200);
        let changed = app.put(&path(&before), &change).await.expect(200);
        let mut expected = current;
        expected.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        expected["updated_at"] = "2026-01-02T12:05:00Z".into();
        // Which changes open a revision is told apart in `revisions`.
        expected["revision"] = changed["revision"].clone();
        expected["status"] = if expected["is_active"] == true { "running" } else { "paused" }.into();
        assert_eq!(changed, expected);
        assert_eq!(app.get(&path(&before)).await.expect(200), expected);
    }
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn a_put_of_nothing_changes_nothing(db: PgPool) {
    let (app, hands) = admin(&db).await;
    let before = create(&app, json!({})).await;
    hands.advance(Duration::minutes(5));
    assert_eq!(app.put(&path(&before), &json!({})).await.expect(200), before);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn a_put_is_judged_by_what_the_experiment_would_become(db: PgPool) {
    let (app, _) = admin(&db).await;
    let before = create(&app, json!({ "variants": ["a", "b"], "traffic_split": { "a": 30, "b": 70 } })).await;
    for (change, status) in [
        (json!({ "variants": ["a", "c"] }), 400),
        (json!({ "variants": ["a", "b", "c"] }), 400),
        (json!({ "traffic_split": { "a": 50, "b": 49 } }), 400),
        (json!({ "traffic_split": { "a": 50, "c": 50 } }), 400),
        (json!({ "name": "never", "variants": ["a", "b"], "traffic_split": { "a": 1, "b": 98 } }), 400),
        (json!({ "name": "never", "traffic_split": { "a": -50, "b": 150 } }), 422),
        (json!({ "variants": ["a", "a"] }), 422),
        (json!({ "name": null }), 422),
        (json!({ "description": null }), 422),
        (json!({ "variants": null }), 422),
        (json!({ "traffic_split": null }), 422),
        (json!({ "is_active": null, "name": "never" }), 422),
        (json!({ "name": "  " }), 422),
    ] {
        app.put(&path(&before), &change).await.refusal(status);
        assert_eq!(app.get(&path(&before)).await.expect(200), before, "{change}");
    }
    // The same variants in another order fit the split that is there.
    let reordered = app.put(&path(&before), &json!({ "variants": ["b", "a"] })).await.expect(200);
    assert_eq!(reordered["traffic_split"], before["traffic_split"]);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn two_puts_at_once_never_leave_a_split_that_does_not_fit(db: PgPool) {
    let (app, _) = admin(&db).await;
    let experiment = create(&app, json!({ "variants": ["a", "b"], "traffic_split": { "a": 50, "b": 50 } })).await;
    let path = path(&experiment);
    for _ in 0..10 {
        let new_split = json!({ "traffic_split": { "a": 10, "b": 90 } });
        let new_variants = json!({ "variants": ["c", "d"], "traffic_split": { "c": 1, "d": 99 } });
        let (one, other) = tokio::join!(app.put(&path, &new_split), app.put(&path, &new_variants));
        assert!(one.status < 500 && other.status == 200, "{} {}", one.text(), other.text());
        let left = app.get(&path).await.expect(200);
        let keys: Vec<_> = left["traffic_split"].as_object().unwrap().keys().cloned().collect();
        assert_eq!(json!(keys), left["variants"]);
        app.put(&path, &json!({ "variants": ["a", "b"], "traffic_split": { "a": 50, "b": 50 } })).await.expect(200);
    }
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn deleting_leaves_the_events_and_what_a_return_would_need(db: PgPool) {
    let (app, _) = admin(&db).await;
    let experiment = create(&app, json!({})).await;
    let id = experiment["id"].as_str().unwrap();
    app.get(&format!("/api/assign?visitor_id=alice&experiment_id={id}")).await.expect(200);
    sqlx::query(
        "insert into events (id, visitor_id, experiment_id, event_type, created_at)
         select gen_random_uuid(), 'alice', id, 'page_view', now() from experiments",
    )
    .execute(&db)
    .await
    .unwrap();

    assert_eq!(app.delete(&path(&experiment)).await.status, 204);
    assert_eq!(app.get(&path(&experiment)).await.refusal(404).0, "Experiment not found");
    assert_eq!(app.delete(&path(&experiment)).await.refusal(404).0, "Experiment not found");
    let count = async |table: &'static str| -> i64 {
        sqlx::query_scalar(sqlx::AssertSqlSafe(format!("select count(*) from {table}"))).fetch_one(&db).await.unwrap()
    };
    assert_eq!((count("assignments").await, count("events").await), (1, 1));
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn an_id_comes_in_any_of_its_usual_spellings(db: PgPool) {
    let (app, _) = admin(&db).await;
    let created = create(&app, json!({})).await;
    let id = created["id"].as_str().unwrap();
    for spelling in [id.to_uppercase(), id.replace('-', ""), format!("urn:uuid:{id}"), format!("%7B{id}%7D")] {
        assert_eq!(app.get(&format!("/api/experiments/{spelling}")).await.expect(200), created, "{spelling}");
    }
    for no_id in ["7", "not-a-uuid", "%00", "%FF", "11111111-1111-4111-8111-11111111111"] {
        app.get(&format!("/api/experiments/{no_id}")).await.refusal(422);
    }
    let unknown = "/api/experiments/11111111-1111-4111-8111-111111111111";
    assert_eq!(app.get(unknown).await.refusal(404).0, "Experiment not found");
    assert_eq!(app.put(unknown, &json!({ "name": "x" })).await.refusal(404).0, "Experiment not found");
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn only_the_admin_may_change_experiments(db: PgPool) {
    let (app, _) = admin(&db).await;
    let experiment = create(&app, json!({})).await;
    let nobody = app.as_nobody();
    // Refused before the body is looked at.
    nobody.post("/api/experiments", &Value::Null).await.refusal(401);
    nobody.put(&path(&experiment), &json!({ "name": "x" })).await.refusal(401);
    let answer = nobody.delete(&path(&experiment)).await;
    answer.refusal(401);
    assert_eq!(answer.header("www-authenticate"), "Bearer");
    assert_eq!(nobody.get("/api/experiments").await.expect(200), json!([experiment]));
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn the_content_of_a_variant_is_kept_for_as_long_as_the_variant(db: PgPool) {
    let (app, _) = admin(&db).await;
    let content = json!({
        "muses": { "headline": "MEET THE\nMUSES", "subtitle": "Nine.", "cta_primary": "Listen", "cta_secondary": "Who?", "palette": "aurora" },
        "neon": {},
    });
    let created = create(
        &app,
        json!({ "variants": ["neon", "muses"], "traffic_split": { "neon": 50, "muses": 50 }, "variant_content": content }),
    )
    .await;
    assert_eq!(created["variant_content"], content);
    assert_eq!(
        app.as_nobody().get("/api/configuration").await.expect(200)["experiments"][0]["variant_content"],
        content
    );
    let change = json!({ "variants": ["neon", "synthwave"], "traffic_split": { "neon": 50, "synthwave": 50 } });
    let changed = app.put(&path(&created), &change).await.expect(200);
    assert_eq!(changed["variant_content"], json!({ "neon": {} }));
    let replaced = app.put(&path(&created), &json!({ "variant_content": { "synthwave": { "palette": null } } })).await;
    assert_eq!(replaced.expect(200)["variant_content"], json!({ "synthwave": {} }));
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn content_that_breaks_a_rule_names_its_place_and_changes_nothing(db: PgPool) {
    let (app, _) = admin(&db).await;
    let created = create(&app, json!({ "variants": ["neon", "b"], "traffic_split": { "neon": 50, "b": 50 } })).await;
    for (content, place) in [
        (json!({ "c": {} }), "/variant_content"),
        (json!({ "b": { "headline": "a\nb\nc" } }), "/variant_content/b/headline"),
        (json!({ "b": { "subtitle": "" } }), "/variant_content/b/subtitle"),
        (json!({ "b": { "cta_primary": "x".repeat(33) } }), "/variant_content/b/cta_primary"),
        (json!({ "b": { "cta_secondary": "a\u{7}" } }), "/variant_content/b/cta_secondary"),
        (json!({ "b": { "palette": "beige" } }), "/variant_content/b/palette"),
        (json!({ "b": "words" }), "/variant_content/b"),
        (json!({ "b": [null] }), "/variant_content/b"),
        (json!(null), "/variant_content"),
    ] {
        let status = if content["c"].is_object() { 400 } else { 422 };
        let (_, places) = app.put(&path(&created), &json!({ "variant_content": content })).await.refusal(status);
        assert_eq!(places, [place], "{content}");
    }
    assert_eq!(app.get(&path(&created)).await.expect(200), created);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn an_experiment_is_started_paused_completed_archived_and_taken_up_again(db: PgPool) {
    let (app, hands) = admin(&db).await;
    let created = create(&app, json!({ "is_active": false })).await;
    assert_eq!((&created["status"], &created["started_at"]), (&json!("draft"), &json!(null)));
    for (change, status, is_active, winner) in [
        (json!({ "status": "running" }), "running", true, json!(null)),
        (json!({ "status": "paused" }), "paused", false, json!(null)),
        (json!({ "is_active": true }), "running", true, json!(null)),
        (json!({ "status": "completed", "winner": "variant" }), "completed", false, json!("variant")),
        // Who knows only `is_active` says nothing by sending it along.
        (json!({ "is_active": false, "description": "x" }), "completed", false, json!("variant")),
        (json!({ "winner": "control" }), "completed", false, json!("control")),
        (json!({ "status": "archived" }), "archived", false, json!("control")),
        (json!({ "status": "completed", "winner": null }), "completed", false, json!(null)),
        (json!({ "status": "archived", "is_active": false }), "archived", false, json!(null)),
        (json!({ "is_active": true }), "running", true, json!(null)),
        (json!({ "status": "completed", "winner": "control" }), "completed", false, json!("control")),
        (json!({ "status": "paused" }), "paused", false, json!(null)),
    ] {
        hands.advance(Duration::seconds(1));
        let changed = app.put(&path(&created), &change).await.expect(200);
        let state = (&changed["status"], &changed["is_active"], &changed["winner"]);
        assert_eq!(state, (&json!(status), &json!(is_active), &winner), "{change}");
        assert_eq!(
            changed["completed_at"] == json!(null),
            !matches!(status, "completed") && winner == json!(null) && changed["archived_at"] == json!(null),
            "{change}"
        );
        assert_eq!(changed["started_at"], "2026-01-02T12:00:01Z");
    }
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn a_winner_is_a_variant_of_what_is_completed(db: PgPool) {
    let (app, _) = admin(&db).await;
    let created = create(&app, json!({})).await;
    for (change, place) in [
        (json!({ "winner": "control" }), "/winner"),
        (json!({ "status": "completed", "winner": "nobody" }), "/winner"),
        (json!({ "status": "running", "is_active": false }), "/status"),
    ] {
        let (_, places) = app.put(&path(&created), &change).await.refusal(400);
        assert_eq!(places, [place], "{change}");
    }
    app.put(&path(&created), &json!({ "status": "draft" })).await.refusal(422);
    assert_eq!(app.get(&path(&created)).await.expect(200), created);
    app.put(&path(&created), &json!({ "status": "completed", "winner": "control" })).await.expect(200);
    let without = json!({ "variants": ["variant", "other"], "traffic_split": { "variant": 50, "other": 50 } });
    let (_, places) = app.put(&path(&created), &without).await.refusal(400);
    assert_eq!(places, ["/winner"]);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn what_is_only_tried_is_judged_and_then_forgotten(db: PgPool) {
    let (app, _) = admin(&db).await;
    let would_be = app.post("/api/experiments?dry_run=true", &json!({ "name": "Tried" })).await.expect(200);
    assert_eq!(would_be["key"], "tried");
    assert_eq!(app.get("/api/experiments").await.expect(200), json!([]));
    let created = create(&app, json!({})).await;
    let at = format!("{}?dry_run=true", path(&created));
    assert_eq!(app.put(&at, &json!({ "name": "Other" })).await.expect(200)["name"], "Other");
    let (_, places) = app.put(&at, &json!({ "traffic_split": { "control": 1, "variant": 1 } })).await.refusal(400);
    assert_eq!(places, ["/traffic_split"]);
    app.put(&format!("{}?dry_run=perhaps", path(&created)), &json!({})).await.refusal(422);
    assert_eq!(app.get(&path(&created)).await.expect(200), created);
    let said = app.get("/api/audit").await.expect(200);
    assert_eq!(said.as_array().unwrap().len(), 1, "{said}");
}
