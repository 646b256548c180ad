//! OFREP 0.3.0 as its document and its released clients want it.

use axum::http::Method;
use pushnami_testkit::{Answer, TestApp};
use serde_json::{Value, json};
use sqlx::PgPool;

use crate::snapshot::copy;
use crate::{admin, create, path};

const ALL: &str = "/ofrep/v1/evaluate/flags";

/// Four toggles' worth of flags and one experiment, in which everybody gets `high`.
async fn furnish(app: &TestApp) -> Value {
    let settings = json!({ "speed": 1.5, "label": "x", "fast": true, "nested": { "a": 1 }, "list": [1] });
    let rain = json!({ "key": "rain", "name": "Rain", "enabled": true, "config": settings });
    app.post("/api/toggles", &rain).await.expect(201);
    app.post("/api/toggles", &json!({ "key": "glitch", "name": "Glitch" })).await.expect(201);
    let about =
        json!({ "name": "Button: Text!", "variants": ["low", "high"], "traffic_split": { "low": 50, "high": 50 } });
    create(app, about).await
}

async fn one(app: &TestApp, key: &str, visitor: &str) -> Answer {
    app.as_nobody().post(&format!("{ALL}/{key}"), &json!({ "context": { "targetingKey": visitor } })).await
}

async fn all(app: &TestApp, context: Value, headers: &[(&str, &str)]) -> Answer {
    let mut lines = vec![("content-type", "application/json; charset=utf-8")];
    lines.extend(headers);
    app.as_nobody().send(Method::POST, ALL, &lines, json!({ "context": context }).to_string()).await
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn a_toggle_is_a_boolean_flag_and_its_settings_an_object(db: PgPool) {
    let (app, _) = admin(&db).await;
    furnish(&app).await;
    let answer = one(&app, "rain", "alice").await;
    assert_eq!(answer.header("content-type"), "application/json");
    let on = json!({ "key": "rain", "value": true, "reason": "STATIC", "variant": "on",
        "metadata": { "speed": 1.5, "label": "x", "fast": true } });
    assert_eq!(answer.expect(200), on);
    let settings = one(&app, "rain.config", "alice").await.expect(200);
    assert_eq!(
        settings["value"],
        json!({ "speed": 1.5, "label": "x", "fast": true, "nested": { "a": 1 }, "list": [1] })
    );
    assert_eq!((&settings["reason"], &settings["variant"]), (&json!("STATIC"), &json!("on")));
    let off = json!({ "key": "glitch", "value": false, "reason": "DISABLED", "variant": "off", "metadata": {} });
    assert_eq!(one(&app, "glitch", "alice").await.expect(200), off);
    // The same for everybody, so nobody need be named.
    assert_eq!(app.post(&format!("{ALL}/glitch"), &json!({ "context": {} })).await.expect(200), off);
    app.put("/api/toggles/glitch", &json!({ "enabled": true })).await.expect(200);
    assert_eq!(one(&app, "glitch", "alice").await.expect(200)["value"], true);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn an_experiment_is_a_text_flag_that_assigns(db: PgPool) {
    let (app, _) = admin(&db).await;
    let experiment = furnish(&app).await;
    assert_eq!(experiment["key"], "button-text");
    let id = experiment["id"].as_str().unwrap();
    let evaluation = one(&app, "button-text", "alice").await.expect(200);
    let assigned = app.get(&format!("/api/assign?visitor_id=alice&experiment_id={id}")).await.expect(200);
    assert_eq!(assigned["is_new"], false);
    let variant = &assigned["variant"];
    let expected = json!({ "key": "button-text", "value": variant, "reason": "SPLIT", "variant": variant,
        "metadata": { "experiment_id": id, "revision": 1 } });
    assert_eq!(evaluation, expected);

    // Who asks not to be recorded is told the same, and nobody remembers.
    let body = json!({ "context": { "targetingKey": "bob" } }).to_string();
    let wish = [("content-type", "application/json"), ("sec-gpc", "1")];
    let first = app.send(Method::POST, &format!("{ALL}/button-text"), &wish, body).await.expect(200);
    let known: i64 =
        sqlx::query_scalar("select count(*) from assignments where visitor_id = 'bob'").fetch_one(&db).await.unwrap();
    assert_eq!(known, 0);
    assert_eq!(one(&app, "button-text", "bob").await.expect(200)["value"], first["value"]);

    let ship = json!({ "action": "ship", "variant": "high" });
    app.post(&format!("{}/revisions", path(&experiment)), &ship).await.expect(201);
    let shipped = one(&app, "button-text", "carol").await.expect(200);
    assert_eq!((&shipped["value"], &shipped["reason"]), (&json!("high"), &json!("STATIC")));
    app.put(&path(&experiment), &json!({ "is_active": false })).await.expect(200);
    let inactive = one(&app, "button-text", "dave").await.expect(200);
    assert_eq!((&inactive["value"], &inactive["reason"]), (&json!("low"), &json!("DISABLED")));
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn a_refusal_has_both_vocabularies(db: PgPool) {
    let (app, _) = admin(&db).await;
    furnish(&app).await;
    let ask = |key: &'static str, body: &'static str| {
        let app = app.as_nobody();
        async move { app.post_bytes(&format!("{ALL}/{key}"), "application/json", body.into()).await }
    };
    let long = format!(r#"{{"context":{{"targetingKey":"{}"}}}}"#, "x".repeat(256));
    for (key, body, status, code) in [
        ("nothing", r#"{"context":{"targetingKey":"a"}}"#, 404, "FLAG_NOT_FOUND"),
        ("%00", r#"{"context":{}}"#, 404, "FLAG_NOT_FOUND"),
        ("rain", "{", 400, "PARSE_ERROR"),
        ("rain", "", 400, "PARSE_ERROR"),
        ("rain", "\"\\ud800\"", 400, "PARSE_ERROR"),
        ("rain", "{}", 400, "INVALID_CONTEXT"),
        ("rain", "[]", 400, "INVALID_CONTEXT"),
        ("rain", r#"{"context":null}"#, 400, "INVALID_CONTEXT"),
        ("rain", r#"{"context":[]}"#, 400, "INVALID_CONTEXT"),
        ("button-text", r#"{"context":{}}"#, 400, "TARGETING_KEY_MISSING"),
        ("button-text", r#"{"context":{"targetingKey":""}}"#, 400, "TARGETING_KEY_MISSING"),
        ("button-text", r#"{"context":{"targetingKey":null}}"#, 400, "TARGETING_KEY_MISSING"),
        ("button-text", r#"{"context":{"targetingKey":7}}"#, 400, "INVALID_CONTEXT"),
        ("button-text", r#"{"context":{"targetingKey":"a\u0000b"}}"#, 400, "INVALID_CONTEXT"),
        ("button-text", long.leak(), 400, "INVALID_CONTEXT"),
    ] {
        let answer = ask(key, body).await;
        assert_eq!(answer.header("content-type"), "application/json", "{body}");
        let refusal = answer.expect(status);
        assert_eq!(refusal["errorCode"], code, "{key} {body}");
        assert_eq!(refusal["errorDetails"], refusal["detail"]);
        assert_eq!(refusal["status"], status);
        if key != "%00" {
            assert_eq!(refusal["key"], key);
        }
    }
    let text = app.post_bytes(&format!("{ALL}/rain"), "text/plain", b"{}".to_vec()).await.expect(415);
    assert_eq!(text["errorCode"], "GENERAL");
    let whole = app.post_bytes(ALL, "application/json", b"{".to_vec()).await.expect(400);
    assert_eq!((&whole["errorCode"], whole.get("key")), (&json!("PARSE_ERROR"), None));
    app.get(ALL).await.refusal(405);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn all_flags_come_at_once_under_a_tag_of_the_evaluated_answer(db: PgPool) {
    let (app, _) = admin(&db).await;
    furnish(&app).await;
    let alice = || json!({ "targetingKey": "alice", "plan": "gold" });
    let answer = all(&app, alice(), &[]).await;
    let tag = answer.header("etag").to_owned();
    let body = answer.expect(200);
    let keys: Vec<_> = body["flags"].as_array().unwrap().iter().map(|flag| flag["key"].as_str().unwrap()).collect();
    assert_eq!(keys, ["rain", "glitch", "rain.config", "glitch.config", "button-text"]);
    for flag in body["flags"].as_array().unwrap() {
        let single = one(&app, flag["key"].as_str().unwrap(), "alice").await.expect(200);
        assert_eq!(*flag, single);
    }
    let stream =
        json!([{ "type": "sse", "endpoint": { "requestUri": "/ofrep/v1/events" }, "inactivityDelaySec": 120 }]);
    assert_eq!(body["eventStreams"], stream);

    for known in [tag.clone(), format!("W/{tag}"), format!("\"other\", {tag}"), "*".to_owned()] {
        let same = all(&app, alice(), &[("if-none-match", &known)]).await;
        assert_eq!((same.status, same.body.len(), same.header("etag")), (304, 0, tag.as_str()), "{known}");
    }
    // Somebody who sees something else has another tag.
    let variant = body["flags"][4]["value"].as_str().unwrap();
    let mut differs = false;
    for n in 0..64 {
        let other = all(&app, json!({ "targetingKey": format!("visitor-{n}") }), &[("if-none-match", &tag)]).await;
        let is_same = other.status == 304;
        differs |= !is_same;
        assert!(is_same || other.json()["flags"][4]["value"] != variant);
    }
    assert!(differs);
    app.put("/api/toggles/rain", &json!({ "config": { "speed": 2 } })).await.expect(200);
    let changed = all(&app, alice(), &[("if-none-match", &tag)]).await;
    assert_eq!(changed.expect(200)["flags"][2]["value"], json!({ "speed": 2 }));

    let nobody = all(&app, json!({}), &[("if-none-match", "not a tag")]).await.expect(200);
    assert_eq!(nobody["flags"][0]["value"], true);
    let failure = &nobody["flags"][4];
    assert_eq!((&failure["key"], &failure["errorCode"]), (&json!("button-text"), &json!("TARGETING_KEY_MISSING")));
    assert!(failure["errorDetails"].is_string() && failure.get("value").is_none());
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn clients_are_told_of_changes_and_what_they_ask_then_is_new(db: PgPool) {
    let (here, there) = (copy(&db).await, copy(&db).await);
    furnish(&here).await;
    let mut stream = there.as_nobody().listen("/ofrep/v1/events", &[]).await;
    for enabled in [true, false] {
        here.put("/api/toggles/glitch", &json!({ "enabled": enabled })).await.expect(200);
        // Earlier changes may be told of first.
        loop {
            let message = stream.next_of("message").await;
            let words = message.json();
            assert_eq!(words["type"], "refetchEvaluation");
            assert_eq!(words["etag"], format!("\"{}\"", message.id));
            assert!(words["lastModified"].is_u64());
            let query = format!("{ALL}?flagConfigEtag=%22{}%22&flagConfigLastModified=1", message.id);
            let flags = there.as_nobody().post(&query, &json!({ "context": {} })).await.expect(200);
            if flags["flags"][1]["value"] == enabled {
                break;
            }
        }
    }
    // Who missed something is told at once.
    let mut again = there.as_nobody().listen("/ofrep/v1/events", &[("last-event-id", "1")]).await;
    assert_eq!(again.next_of("message").await.json()["type"], "refetchEvaluation");
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn pages_of_allowed_origins_may_ask(db: PgPool) {
    let (app, _) = admin(&db).await;
    let preflight = [
        ("origin", "http://localhost:3000"),
        ("access-control-request-method", "POST"),
        ("access-control-request-headers", "authorization,content-type,if-none-match,x-api-key"),
    ];
    let answer = app.send(Method::OPTIONS, ALL, &preflight, Vec::new()).await;
    assert_eq!((answer.status, answer.header("access-control-allow-origin")), (200, "http://localhost:3000"));
    let allowed = answer.header("access-control-allow-headers").to_lowercase();
    for header in ["authorization", "content-type", "if-none-match", "x-api-key"] {
        assert!(allowed.contains(header), "{header}");
    }
    let exposed = all(&app, json!({}), &[("origin", "http://localhost:3000")]).await;
    let exposed = exposed.header("access-control-expose-headers").to_lowercase();
    assert!(exposed.contains("etag") && exposed.contains("retry-after"), "{exposed}");
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn keys_are_unique_and_stay(db: PgPool) {
    let (app, _) = admin(&db).await;
    let first = create(&app, json!({ "name": "  Ω Same  Name " })).await;
    let second = create(&app, json!({ "name": "same-name" })).await;
    let nameless = create(&app, json!({ "name": "Ωμέγα" })).await;
    assert_eq!((&first["key"], &nameless["key"]), (&json!("same-name"), &json!("experiment")));
    let tail = second["id"].as_str().unwrap().rsplit('-').next().unwrap();
    assert_eq!(second["key"], format!("same-name-{tail}"));
    let renamed = app.put(&path(&first), &json!({ "name": "Another" })).await.expect(200);
    assert_eq!(renamed["key"], "same-name");
    let taken = app.post("/api/toggles", &json!({ "key": "same-name", "name": "x" })).await;
    assert_eq!(taken.refusal(409).1, ["/key"]);
    app.post("/api/toggles", &json!({ "key": "free", "name": "x" })).await.expect(201);
    assert_ne!(create(&app, json!({ "name": "Free" })).await["key"], "free");
}
