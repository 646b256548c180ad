//! The admin logs in and out, and other sites cannot do it for them.

use axum::http::Method;
use pushnami_abtest::app;
use pushnami_abtest::state::AppState;
use pushnami_common::auth::{AdminAuth, AdminKey};
use pushnami_common::clock::Clock;
use pushnami_testkit::{NOON, PASSWORD, TestApp, allowed_origins};
use serde_json::json;
use sqlx::PgPool;
use time::Duration;

use crate::{admin, service};

const TOGGLE: &str = r#"{"key": "a", "name": "a"}"#;

async fn post_toggle(app: &TestApp, headers: &[(&str, &str)]) -> u16 {
    let headers = [&[("content-type", "application/json")], headers].concat();
    app.send(Method::POST, "/api/toggles", &headers, TOGGLE).await.status
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn the_password_opens_a_session_of_twelve_hours(db: PgPool) {
    let (app, hands) = service(&db);
    let answer = app.post("/api/auth/login", &json!({ "password": PASSWORD })).await;
    let session = answer.expect(200);
    assert_eq!(session["expires_at"], "2026-01-03T00:00:00Z");
    let cookie = answer.header("set-cookie");
    for part in ["pushnami_session=", "HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=43200"] {
        assert!(cookie.contains(part), "{part} in {cookie}");
    }
    assert!(!cookie.contains("Secure"), "plain http");

    let bearer = format!("Bearer {}", session["token"].as_str().unwrap());
    let cookie = cookie.split(';').next().unwrap().to_owned();
    for header in [("authorization", bearer.as_str()), ("cookie", cookie.as_str())] {
        let answer = app.send(Method::GET, "/api/auth/session", &[header], Vec::new()).await;
        assert_eq!(answer.expect(200), json!({ "auth": "on", "expires_at": "2026-01-03T00:00:00Z" }));
    }
    hands.advance(Duration::hours(12));
    let late = app.send(Method::GET, "/api/auth/session", &[("authorization", bearer.as_str())], Vec::new()).await;
    late.refusal(401);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn behind_tls_the_cookie_is_secure(db: PgPool) {
    let (app, _) = service(&db);
    let headers = [("content-type", "application/json"), ("x-forwarded-proto", "https")];
    let body = json!({ "password": PASSWORD }).to_string();
    let answer = app.send(Method::POST, "/api/auth/login", &headers, body).await;
    assert!(answer.header("set-cookie").contains("Secure"));
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn wrong_passwords_are_refused_and_soon_not_even_looked_at(db: PgPool) {
    let (app, hands) = service(&db);
    for _ in 0..5 {
        let answer = app.post("/api/auth/login", &json!({ "password": "wrong" })).await;
        answer.refusal(401);
        assert_eq!(answer.header("set-cookie"), "");
    }
    let answer = app.post("/api/auth/login", &json!({ "password": PASSWORD })).await;
    answer.refusal(429);
    assert_eq!(answer.header("retry-after"), "60");
    // Another caller behind the same proxy is not locked out with them.
    let elsewhere = [("content-type", "application/json"), ("x-real-ip", "192.0.2.7")];
    let body = json!({ "password": PASSWORD }).to_string();
    app.send(Method::POST, "/api/auth/login", &elsewhere, body).await.expect(200);

    hands.advance(Duration::minutes(1));
    app.post("/api/auth/login", &json!({ "password": PASSWORD })).await.expect(200);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn odd_logins_are_refused_with_the_field(db: PgPool) {
    let (app, _) = service(&db);
    for body in [json!({ "password": "" }), json!({ "password": null }), json!({ "password": "x".repeat(1025) })] {
        assert_eq!(app.post("/api/auth/login", &body).await.refusal(422).1, ["/password"]);
    }
    app.post("/api/auth/login", &json!({})).await.refusal(422);
    app.post_bytes("/api/auth/login", "text/plain", b"{}".to_vec()).await.refusal(415);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn logging_out_makes_the_browser_forget(db: PgPool) {
    let (app, _) = service(&db);
    let answer = app.send(Method::POST, "/api/auth/logout", &[], Vec::new()).await;
    assert_eq!(answer.status, 204);
    let cookie = answer.header("set-cookie");
    assert!(cookie.starts_with("pushnami_session=;") && cookie.contains("Max-Age=0"), "{cookie}");
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn forged_tokens_are_nobody(db: PgPool) {
    let (app, _) = service(&db);
    for token in ["", "x", "9999999999.", "9999999999.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "Ω.Ω"] {
        let header = format!("Bearer {token}");
        assert_eq!(post_toggle(&app, &[("authorization", &header)]).await, 401, "{token}");
        let cookie = format!("pushnami_session={token}");
        assert_eq!(post_toggle(&app, &[("cookie", &cookie)]).await, 401, "{token}");
    }
    assert_eq!(post_toggle(&app, &[("authorization", "Basic YWRtaW46eA==")]).await, 401);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn a_cookie_counts_only_from_our_own_pages(db: PgPool) {
    let (app, _) = service(&db);
    let login = app.post("/api/auth/login", &json!({ "password": PASSWORD })).await;
    let cookie = login.header("set-cookie").split(';').next().unwrap().to_owned();
    let from = async |origin: &str| {
        let headers = [("cookie", cookie.as_str()), ("origin", origin), ("host", "abtest.example")];
        post_toggle(&app, &headers).await
    };
    assert_eq!(from("https://evil.example").await, 403);
    assert_eq!(from("null").await, 403);
    assert_eq!(from("http://localhost:3001.evil.example").await, 403);
    assert_eq!(from("http://localhost:3001").await, 201);
    assert_eq!(from("http://abtest.example").await, 409, "its own origin gets as far as the conflict");
    // A token in a header is never sent by a browser on its own.
    let bearer = format!("Bearer {}", login.json()["token"].as_str().unwrap());
    let headers = [("authorization", bearer.as_str()), ("origin", "https://evil.example")];
    assert_eq!(post_toggle(&app, &headers).await, 409);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn with_admin_auth_off_everybody_is_the_admin(db: PgPool) {
    let (clock, _) = Clock::stopped_at(NOON);
    let key = AdminKey::new(AdminAuth::Off, allowed_origins(), clock.clone());
    let app = TestApp::new(app(AppState::new(db, clock, key), allowed_origins()));
    assert_eq!(app.get("/api/auth/session").await.expect(200), json!({ "auth": "off" }));
    assert_eq!(post_toggle(&app, &[("origin", "https://evil.example")]).await, 403, "but not every site");
    assert_eq!(post_toggle(&app, &[]).await, 201);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn a_session_of_one_service_holds_in_another(db: PgPool) {
    let (one, _) = service(&db);
    let session = one.post("/api/auth/login", &json!({ "password": PASSWORD })).await.expect(200);
    let (other, _) = admin(&db).await;
    let bearer = format!("Bearer {}", session["token"].as_str().unwrap());
    assert_eq!(post_toggle(&other.as_nobody(), &[("authorization", &bearer)]).await, 201);
}
