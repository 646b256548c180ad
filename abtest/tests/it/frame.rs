//! What every service has around its own calls, tested here once: health, docs, counters, CORS, problems, ids.

use axum::http::Method;
use pushnami_abtest::{Abtest, seed};
use pushnami_common::program::{Service, document_text};
use pushnami_testkit::check_file;
use serde_json::json;
use sqlx::PgPool;

use crate::{admin, service};

#[test]
fn the_document_on_file_is_current() {
    check_file(concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.json"), &document_text(&Abtest::document()));
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn first_start_data_is_written_once_and_never_comes_back(db: PgPool) {
    let (app, _) = admin(&db).await;
    let (one, other) = tokio::join!(seed::run_once(&db), seed::run_once(&db));
    one.and(other).unwrap();

    let experiments = app.get("/api/experiments").await.expect(200);
    assert_eq!(experiments.as_array().unwrap().len(), 1);
    assert_eq!(experiments[0]["name"], "Landing Page Theme");
    assert_eq!(experiments[0]["variants"], json!(["neon", "synthwave"]));
    assert_eq!(experiments[0]["traffic_split"], json!({ "neon": 50, "synthwave": 50 }));
    assert_eq!(experiments[0]["is_active"], true);
    let toggles = app.get("/api/toggles").await.expect(200);
    let toggles: Vec<_> =
        toggles.as_array().unwrap().iter().map(|t| (t["key"].as_str().unwrap(), t["enabled"] == true)).collect();
    let keys = ["matrix_rain", "hero_glitch", "show_testimonials", "show_music_player"];
    assert_eq!(toggles, keys.map(|key| (key, true)));

    app.delete("/api/toggles/matrix_rain").await;
    app.put("/api/toggles/hero_glitch", &json!({ "enabled": false })).await.expect(200);
    seed::run_once(&db).await.unwrap();
    assert_eq!(app.get("/api/toggles").await.expect(200).as_array().unwrap().len(), 3);
    assert_eq!(app.get("/api/toggles/hero_glitch").await.expect(200)["enabled"], false);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn health_tells_the_truth(db: PgPool) {
    let (app, _) = service(&db);
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(
        app.get("/health").await.expect(200),
        json!({ "status": "ok", "service": "abtest", "version": version })
    );
    db.close().await;
    let answer = app.get("/health").await;
    let degraded = answer.expect(503);
    assert_eq!((&degraded["status"], &degraded["failing"]), (&json!("degraded"), &json!("the database refuses")));
    assert_eq!(answer.header("retry-after"), "1");
    assert_eq!(app.get("/livez").await.status, 200);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn a_database_that_is_away_is_503_with_retry_after(db: PgPool) {
    let (app, _) = service(&db);
    db.close().await;
    for path in [
        "/api/experiments",
        "/api/toggles",
        "/api/assign?visitor_id=a&experiment_id=11111111-1111-4111-8111-111111111111",
    ] {
        let answer = app.get(path).await;
        answer.refusal(503);
        assert_eq!(answer.header("retry-after"), "1");
    }
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn refusals_of_the_framework_are_problems_too(db: PgPool) {
    let (app, _) = service(&db);
    assert_eq!(app.get("/nowhere").await.refusal(404).0, "Not found");
    let answer = app.delete("/api/experiments").await;
    assert_eq!(answer.refusal(405).0, "/api/experiments does not answer DELETE");
    let mut allowed: Vec<_> = answer.header("allow").split(',').map(str::trim).collect();
    allowed.sort_unstable();
    assert_eq!(allowed, ["GET", "HEAD", "POST"]);
    app.send(Method::PATCH, "/api/toggles/x", &[], Vec::new()).await.refusal(405);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn every_answer_carries_a_request_id_and_safe_headers(db: PgPool) {
    let (app, _) = service(&db);
    let answer = app.get("/health").await;
    assert_eq!(answer.header("x-request-id").len(), 36);
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    let named = app.send(Method::GET, "/nowhere", &[("x-request-id", "my-id-1")], Vec::new()).await;
    assert_eq!(named.header("x-request-id"), "my-id-1");
    let odd = app.send(Method::GET, "/nowhere", &[("x-request-id", "a b{}")], Vec::new()).await;
    assert_eq!(odd.header("x-request-id").len(), 36);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn only_our_own_pages_may_read_across_origins(db: PgPool) {
    let (app, _) = service(&db);
    let ask = async |origin: &str| {
        let answer = app.send(Method::GET, "/api/toggles", &[("origin", origin)], Vec::new()).await;
        (
            answer.header("access-control-allow-origin").to_owned(),
            answer.header("access-control-allow-credentials").to_owned(),
        )
    };
    assert_eq!(ask("http://localhost:3001").await, ("http://localhost:3001".to_owned(), "true".to_owned()));
    assert_eq!(ask("https://evil.example").await.0, "");
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn docs_and_counters_are_served(db: PgPool) {
    let (app, _) = service(&db);
    let document = app.get("/openapi.json").await.expect(200);
    assert_eq!(document["openapi"], "3.1.0");
    assert_eq!((app.get("/docs/").await.status, app.get("/docs/").await.header("content-type")), (200, "text/html"));
    assert!((300..400).contains(&app.get("/docs").await.status));

    app.get("/api/toggles").await.expect(200);
    let counters = app.get("/metrics").await;
    assert_eq!(counters.header("content-type"), "text/plain; version=0.0.4; charset=utf-8");
    let line = r#"pushnami_http_requests_total{service="abtest",method="GET",route="/api/toggles",status="200"}"#;
    assert!(counters.text().contains(line), "{}", counters.text());
}
