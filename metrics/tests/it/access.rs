//! Anybody may report events; only the admin reads them.

use axum::http::Method;
use pushnami_common::auth::{AdminAuth, AdminKey, SESSION_COOKIE};
use pushnami_common::clock::Clock;
use pushnami_metrics::app;
use pushnami_testkit::{NOON, PASSWORD, TestApp, admin_key, allowed_origins};
use serde_json::json;
use sqlx::PgPool;
use time::Duration;

use crate::{BATCH, EVENTS, STATS, event, service, state};

/// A session that another service opened with the same password at the same time.
async fn token() -> String {
    let (clock, _) = Clock::stopped_at(NOON);
    admin_key(&clock).open_session(PASSWORD).await.unwrap().token
}

async fn read(app: &TestApp, path: &str, headers: &[(&str, &str)]) -> pushnami_testkit::Answer {
    app.send(Method::GET, path, headers, Vec::new()).await
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn anybody_may_post_and_nobody_else_may_read(db: PgPool) {
    let (app, _) = service(&db);
    app.post(EVENTS, &event(json!({}))).await.expect(201);
    app.post(BATCH, &json!([event(json!({}))])).await.expect(201);
    // Whoever may not read does not even learn whether the question made sense.
    for path in [EVENTS, STATS, "/api/events?limit=0"] {
        let answer = app.get(path).await;
        assert_eq!(answer.refusal(401).0, "log in to do this");
        assert_eq!(answer.header("www-authenticate"), "Bearer");
    }
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn a_session_of_any_service_reads_by_bearer_or_cookie_until_it_ends(db: PgPool) {
    let (app, hands) = service(&db);
    let bearer = format!("Bearer {}", token().await);
    let cookie = format!("theme=dark; {SESSION_COOKIE}={}", token().await);
    for proof in [("authorization", bearer.as_str()), ("cookie", cookie.as_str())] {
        for path in [EVENTS, STATS] {
            read(&app, path, &[proof]).await.expect(200);
        }
    }
    hands.advance(Duration::hours(12));
    for proof in [("authorization", bearer.as_str()), ("cookie", cookie.as_str())] {
        assert_eq!(read(&app, EVENTS, &[proof]).await.refusal(401).0, "the session is over; log in again");
    }
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn forged_proofs_are_401(db: PgPool) {
    let (app, _) = service(&db);
    let token = token().await;
    let (_, signature) = token.split_once('.').unwrap();
    for forged in [
        "Bearer",
        "Bearer ",
        "Bearer x",
        "Basic YWRtaW46YWRtaW4=",
        &format!("Bearer 9999999999.{signature}"),
        &format!("Bearer {}", &token[..token.len() - 1]),
    ] {
        read(&app, EVENTS, &[("authorization", forged)]).await.refusal(401);
    }
    read(&app, EVENTS, &[("cookie", &format!("{SESSION_COOKIE}=9999999999.{signature}"))]).await.refusal(401);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn a_page_of_another_origin_cannot_read_with_the_admins_cookie(db: PgPool) {
    let (app, _) = service(&db);
    let cookie = format!("{SESSION_COOKIE}={}", token().await);
    let allowed_to = async |origin: &str| {
        let answer = read(&app, STATS, &[("cookie", &cookie), ("origin", origin)]).await;
        answer.header("access-control-allow-origin").to_owned()
    };
    assert_eq!(allowed_to("http://localhost:3001").await, "http://localhost:3001");
    // Reading changes nothing, so it is answered; but without this header the browser gives the answer to no script.
    assert_eq!(allowed_to("https://evil.example").await, "");
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn with_the_admins_door_open_everybody_reads(db: PgPool) {
    let (clock, _) = Clock::stopped_at(NOON);
    let admin = AdminKey::new(AdminAuth::Off, allowed_origins(), clock.clone());
    let app = TestApp::new(app(state(&db, clock, admin), allowed_origins()));
    app.get(EVENTS).await.expect(200);
    app.get(STATS).await.expect(200);
}
