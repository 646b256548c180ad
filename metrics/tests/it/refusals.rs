//! Whatever cannot be taken is refused with a problem that names the field, and nothing of it is stored.

use axum::http::Method;
use pushnami_testkit::TestApp;
use serde_json::{Value, json};
use sqlx::PgPool;

use crate::{BATCH, EVENTS, STATS, admin, event, service, stored};

/// Posts a body that must be refused with this status and these pointers, alone and within a batch.
async fn refuses(app: &TestApp, status: u16, body: &str, pointer: &str) {
    let (_, pointers) = app.post_bytes(EVENTS, "application/json", body.as_bytes().to_vec()).await.refusal(status);
    assert_eq!(pointers, [pointer], "{body}");

    let batch = format!("[{},{body}]", event(json!({})));
    let (_, pointers) = app.post_bytes(BATCH, "text/plain", batch.clone().into_bytes()).await.refusal(status);
    assert_eq!(pointers, [format!("/1{pointer}")], "{batch}");
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn wrong_types_and_lengths_are_422_and_named(db: PgPool) {
    let (app, _) = service(&db);
    let long = |length| "Ω".repeat(length);
    for (about, pointer) in [
        (json!({ "visitor_id": null }), "/visitor_id"),
        (json!({ "visitor_id": 7 }), "/visitor_id"),
        (json!({ "visitor_id": "" }), "/visitor_id"),
        (json!({ "visitor_id": long(256) }), "/visitor_id"),
        (json!({ "event_type": null }), "/event_type"),
        (json!({ "event_type": ["click"] }), "/event_type"),
        (json!({ "event_type": "" }), "/event_type"),
        (json!({ "event_type": long(101) }), "/event_type"),
        (json!({ "event_name": long(256) }), "/event_name"),
        (json!({ "event_name": true }), "/event_name"),
        (json!({ "variant": long(256) }), "/variant"),
        (json!({ "variant": {} }), "/variant"),
        (json!({ "experiment_id": "" }), "/experiment_id"),
        (json!({ "experiment_id": "1" }), "/experiment_id"),
        (json!({ "experiment_id": 1 }), "/experiment_id"),
        (json!({ "id": "not-an-id" }), "/id"),
        (json!({ "id": 5 }), "/id"),
        (json!({ "metadata": [] }), "/metadata"),
        (json!({ "metadata": "{}" }), "/metadata"),
        (json!({ "metadata": { "text": "a".repeat(16 * 1024) } }), "/metadata"),
        (json!({ "metadata": { "huge": vec![1e308; 100] } }), "/metadata"),
        (json!({ "page_url": 1 }), "/page_url"),
        (json!({ "user_agent": [] }), "/user_agent"),
    ] {
        refuses(&app, 422, &event(about).to_string(), pointer).await;
    }
    assert_eq!(stored(&db).await, 0);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn the_longest_allowed_is_taken(db: PgPool) {
    let (app, _) = service(&db);
    let longest = json!({
        "visitor_id": "Ω".repeat(255), "event_type": "Ω".repeat(100), "event_name": "Ω".repeat(255),
        "variant": "Ω".repeat(255), "metadata": { "text": "a".repeat(16 * 1024 - r#"{"text":""}"#.len()) }
    });
    app.post(EVENTS, &longest).await.expect(201);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn what_is_missing_is_named(db: PgPool) {
    let (app, _) = service(&db);
    refuses(&app, 422, r#"{"event_type": "click"}"#, "/visitor_id").await;
    refuses(&app, 422, r#"{"visitor_id": "alice"}"#, "/event_type").await;
    assert_eq!(stored(&db).await, 0);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn text_that_cannot_be_stored_is_422(db: PgPool) {
    let (app, _) = service(&db);
    for nul in ["visitor_id", "event_type", "event_name", "variant", "page_url", "user_agent"] {
        refuses(&app, 422, &event(json!({ nul: "a\0b" })).to_string(), &format!("/{nul}")).await;
    }
    for hidden in
        [json!({ "a\0": 1 }), json!({ "a": "\0" }), json!({ "a": [{ "b": ["\0"] }] }), json!({ "a": { "\0": 1 } })]
    {
        refuses(&app, 422, &event(json!({ "metadata": hidden })).to_string(), "/metadata").await;
    }
    for (half, pointer) in [
        (r#"{"visitor_id": "\ud800", "event_type": "click"}"#, "/visitor_id"),
        (r#"{"visitor_id": "a", "event_type": "\udc00"}"#, "/event_type"),
        (r#"{"visitor_id": "a", "event_type": "b", "metadata": {"a": "\ud800\ud800"}}"#, "/metadata/a"),
    ] {
        refuses(&app, 422, half, pointer).await;
    }
    assert_eq!(stored(&db).await, 0);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn json_that_does_not_parse_is_422(db: PgPool) {
    let (app, _) = service(&db);
    let deep = format!(r#"{{"visitor_id":"a","event_type":"b","metadata":{{"a":{}}}}}"#, "[".repeat(100_000));
    for body in [
        "",
        " ",
        "{",
        "nul",
        "null",
        "true",
        "7",
        "\"text\"",
        "[]",
        "{}",
        "\u{feff}{}",
        "{'visitor_id': 'a'}",
        r#"{"visitor_id": "a", "event_type""#,
        r#"{"visitor_id": "a", "event_type": "b""#,
        r#"{"visitor_id": "a", "event_type": "b"},"#,
        r#"{"visitor_id": "a", "event_type": "b"} {"visitor_id": "a", "event_type": "b"}"#,
        r#"{"visitor_id": "a", "visitor_id": "b", "event_type": "c"}"#,
        r#"{"visitor_id": "a", "event_type": "b", "metadata": {"n": 1e400}}"#,
        r#"{"visitor_id": "a", "event_type": "b", "metadata": {"n": NaN}}"#,
        r#"{"visitor_id": 1e400, "event_type": "b"}"#,
        &deep,
    ] {
        for path in [EVENTS, BATCH] {
            // An empty list is a batch of nothing, and so is answered.
            if (path, body) != (BATCH, "[]") {
                app.post_bytes(path, "application/json", body.as_bytes().to_vec()).await.refusal(422);
            }
        }
    }
    assert_eq!(stored(&db).await, 0);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn bytes_that_are_not_utf_8_are_400(db: PgPool) {
    let (app, _) = service(&db);
    let broken = b"{\"visitor_id\": \"\xff\xfe\", \"event_type\": \"click\"}".to_vec();
    for path in [EVENTS, BATCH] {
        assert_eq!(
            app.post_bytes(path, "application/json", broken.clone()).await.refusal(400).0,
            "the body is not UTF-8"
        );
    }
    assert_eq!(stored(&db).await, 0);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn bodies_above_one_mebibyte_are_413(db: PgPool) {
    let (app, _) = service(&db);
    let padded = |length: usize| {
        let mut body = event(json!({})).to_string();
        body.push_str(&" ".repeat(length - body.len()));
        body.into_bytes()
    };
    app.post_bytes(EVENTS, "text/plain", padded(1024 * 1024 + 1)).await.refusal(413);
    app.post_bytes(BATCH, "application/json", padded(1024 * 1024 + 1)).await.refusal(413);
    assert_eq!(stored(&db).await, 0);
    app.post_bytes(EVENTS, "application/json", padded(1024 * 1024)).await.expect(201);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn other_content_types_are_415(db: PgPool) {
    let (app, _) = service(&db);
    for media in ["application/xml", "text/html", "application/x-www-form-urlencoded", "multipart/form-data", "json"] {
        for (path, body) in [(EVENTS, event(json!({}))), (BATCH, json!([]))] {
            app.post_bytes(path, media, body.to_string().into_bytes()).await.refusal(415);
        }
    }
    assert_eq!(stored(&db).await, 0);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn questions_that_make_no_sense_are_422_and_named(db: PgPool) {
    let (app, _) = admin(&db).await;
    let long = "a".repeat(256);
    for (query, pointer) in [
        ("limit=0", "/limit"),
        ("limit=1001", "/limit"),
        ("limit=-1", "/limit"),
        ("limit=ten", "/limit"),
        ("limit=", "/limit"),
        ("limit=1e2", "/limit"),
        ("limit=99999999999999999999", "/limit"),
        ("offset=-1", "/offset"),
        ("offset=9223372036854775808", "/offset"),
        ("offset=1.5", "/offset"),
        ("experiment_id=1", "/experiment_id"),
        ("experiment_id=", "/experiment_id"),
        ("before=newest", "/before"),
        ("before=99999999-9999-4999-8999-999999999999", "/before"),
        ("from=yesterday", "/from"),
        ("from=2026-01-02", "/from"),
        ("to=2026-02-30T00:00:00Z", "/to"),
        // In UTC, this is in a year of five digits.
        ("to=9999-12-31T23:59:59-23:59", "/to"),
        ("visitor_id=", "/visitor_id"),
        ("visitor_id=%00", "/visitor_id"),
        ("variant=%00", "/variant"),
        ("event_type=a%00", "/event_type"),
        ("event_name=%00b", "/event_name"),
        (&format!("variant={long}"), "/variant"),
        (&format!("visitor_id={long}"), "/visitor_id"),
    ] {
        let (_, pointers) = app.get(&format!("{EVENTS}?{query}")).await.refusal(422);
        assert_eq!(pointers, [pointer], "{query}");
    }
    for experiment in ["experiment_id=x", "experiment_id=%00"] {
        assert_eq!(app.get(&format!("{STATS}?{experiment}")).await.refusal(422).1, ["/experiment_id"]);
    }
    app.get(&format!("{EVENTS}?limit=1&limit=2")).await.refusal(422);
    assert_eq!(app.get(&format!("{EVENTS}?variant=%ff")).await.expect(200), Value::Array(Vec::new()));
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn wrong_methods_and_paths_are_problems(db: PgPool) {
    let (app, _) = admin(&db).await;
    for (method, path, allowed) in [
        (Method::PUT, EVENTS, vec!["GET", "HEAD", "POST"]),
        (Method::DELETE, EVENTS, vec!["GET", "HEAD", "POST"]),
        (Method::GET, BATCH, vec!["POST"]),
        (Method::POST, STATS, vec!["GET", "HEAD"]),
    ] {
        let answer = app.send(method.clone(), path, &[], Vec::new()).await;
        assert_eq!(answer.refusal(405).0, format!("{path} does not answer {method}"));
        let mut listed: Vec<_> = answer.header("allow").split(',').map(str::trim).collect();
        listed.sort_unstable();
        assert_eq!(listed, allowed, "{path}");
    }
    for path in ["/", "/api", "/api/events/", "/api/event", "/api/stats/x"] {
        app.get(path).await.refusal(404);
    }
}
