//! Toggles: listed, switched, created, deleted; and everything that is refused.

use serde_json::json;
use sqlx::PgPool;
use time::Duration;

use crate::admin;

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn a_toggle_is_created_switched_and_deleted(db: PgPool) {
    let (app, hands) = admin(&db).await;
    let created = app.post("/api/toggles", &json!({ "key": "scroll_temple", "name": "Temple" })).await.expect(201);
    let id = created["id"].as_str().unwrap().to_owned();
    let mut expected = json!({
        "id": id, "key": "scroll_temple", "name": "Temple", "description": "", "enabled": false, "config": {},
        "created_at": "2026-01-02T12:00:00Z", "updated_at": "2026-01-02T12:00:00Z",
    });
    assert_eq!(created, expected);
    assert_eq!(app.as_nobody().get("/api/toggles/scroll_temple").await.expect(200), expected);

    hands.advance(Duration::seconds(1));
    expected["enabled"] = true.into();
    expected["updated_at"] = "2026-01-02T12:00:01Z".into();
    let path = "/api/toggles/scroll_temple";
    assert_eq!(app.put(path, &json!({ "enabled": true })).await.expect(200), expected);
    expected["config"] = json!({ "speed": 1.5, "deep": { "er": [1, null] } });
    assert_eq!(app.put(path, &json!({ "config": expected["config"] })).await.expect(200), expected);
    hands.advance(Duration::seconds(1));
    assert_eq!(app.put(path, &json!({})).await.expect(200), expected, "nothing given, nothing changed");

    assert_eq!(app.delete(path).await.status, 204);
    assert_eq!(app.delete(path).await.refusal(404).0, "Feature toggle not found");
    assert_eq!(app.put(path, &json!({ "enabled": true })).await.refusal(404).0, "Feature toggle not found");
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn toggles_are_listed_oldest_first(db: PgPool) {
    let (app, hands) = admin(&db).await;
    for key in ["b", "a", "c"] {
        app.post("/api/toggles", &json!({ "key": key, "name": key })).await.expect(201);
        hands.advance(Duration::seconds(1));
    }
    let listed = app.as_nobody().get("/api/toggles").await.expect(200);
    let keys: Vec<_> = listed.as_array().unwrap().iter().map(|toggle| toggle["key"].as_str().unwrap()).collect();
    assert_eq!(keys, ["b", "a", "c"]);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn a_key_is_taken_once(db: PgPool) {
    let (app, _) = admin(&db).await;
    let new = json!({ "key": "a", "name": "first" });
    app.post("/api/toggles", &new).await.expect(201);
    let refusal = app.post("/api/toggles", &json!({ "key": "a", "name": "second" })).await.refusal(409);
    assert_eq!(refusal, ("a toggle with the key `a` exists".to_owned(), vec!["/key".to_owned()]));
    assert_eq!(app.get("/api/toggles/a").await.expect(200)["name"], "first");
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn what_has_a_wrong_shape_is_422_and_names_the_field(db: PgPool) {
    let (app, _) = admin(&db).await;
    for (about, pointer) in [
        (json!({ "key": "" }), "/key"),
        (json!({ "key": "Upper" }), "/key"),
        (json!({ "key": "_leads" }), "/key"),
        (json!({ "key": "a/b" }), "/key"),
        (json!({ "key": "x".repeat(101) }), "/key"),
        (json!({ "key": "a\0" }), "/key"),
        (json!({ "name": " " }), "/name"),
        (json!({ "name": "x".repeat(256) }), "/name"),
        (json!({ "description": null }), "/description"),
        (json!({ "enabled": 1 }), "/enabled"),
        (json!({ "config": [] }), "/config"),
        (json!({ "config": null }), "/config"),
        (json!({ "config": { "text": "\0" } }), "/config"),
        (json!({ "config": { "\0": 1 } }), "/config"),
        (json!({ "config": { "deep": [{ "er": "\0" }] } }), "/config"),
        (json!({ "config": { "large": "x".repeat(17_000) } }), "/config"),
    ] {
        let mut body = json!({ "key": "fine", "name": "fine" });
        body.as_object_mut().unwrap().extend(about.as_object().unwrap().clone());
        let (detail, pointers) = app.post("/api/toggles", &body).await.refusal(422);
        assert_eq!(pointers, [pointer], "{about}: {detail}");
    }
    let lone = br#"{"key": "a", "name": "a", "config": {"text": "\ud800"}}"#.to_vec();
    app.post_bytes("/api/toggles", "application/json", lone).await.refusal(422);
    assert_eq!(app.get("/api/toggles").await.expect(200), json!([]));
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn a_refused_change_changes_nothing(db: PgPool) {
    let (app, _) = admin(&db).await;
    let before = app.post("/api/toggles", &json!({ "key": "a", "name": "a" })).await.expect(201);
    for change in [
        json!({ "enabled": null }),
        json!({ "config": null }),
        json!({ "enabled": true, "config": 7 }),
        json!({ "enabled": "on" }),
        json!({ "name": null }),
    ] {
        app.put("/api/toggles/a", &change).await.refusal(422);
        assert_eq!(app.get("/api/toggles/a").await.expect(200), before, "{change}");
    }
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn odd_keys_in_a_path_are_no_toggle(db: PgPool) {
    let (app, _) = admin(&db).await;
    for key in ["%00", "%F0%9F%92%A5", "a%2Fb", &"x".repeat(5000)] {
        app.get(&format!("/api/toggles/{key}")).await.refusal(404);
        app.put(&format!("/api/toggles/{key}"), &json!({ "enabled": false })).await.refusal(404);
    }
    app.get("/api/toggles/%FF").await.refusal(422);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn only_the_admin_may_change_toggles(db: PgPool) {
    let (app, _) = admin(&db).await;
    app.post("/api/toggles", &json!({ "key": "a", "name": "a" })).await.expect(201);
    let nobody = app.as_nobody();
    nobody.post("/api/toggles", &json!({ "key": "b", "name": "b" })).await.refusal(401);
    nobody.put("/api/toggles/a", &json!({ "enabled": true })).await.refusal(401);
    nobody.delete("/api/toggles/a").await.refusal(401);
    assert_eq!(nobody.get("/api/toggles/a").await.expect(200)["enabled"], false);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn the_largest_and_smallest_numbers_come_back_as_they_went_in(db: PgPool) {
    let (app, _) = admin(&db).await;
    // Postgres writes them out in hundreds of digits; a reader that gives up there could never list toggles again.
    let config = json!({ "most": f64::MAX, "least": f64::MIN, "tiny": 5e-324, "whole": u64::MAX });
    let new = json!({ "key": "extremes", "name": "Extremes", "config": config });
    assert_eq!(app.post("/api/toggles", &new).await.expect(201)["config"], config);
    assert_eq!(app.get("/api/toggles/extremes").await.expect(200)["config"], config);
    app.get("/api/toggles").await.expect(200);
}
