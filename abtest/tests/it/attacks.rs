//! Attacks on every call of abtest that its document names.

use pushnami_abtest::state::AppState;
use pushnami_abtest::{Abtest, app, seed};
use pushnami_common::clock::Clock;
use pushnami_common::program::Service;
use pushnami_testkit::attacks::{look_at_headers, pose_as_admin, public_changes, write_hostile_text};
use pushnami_testkit::{NOON, TestApp, admin_key, allowed_origins};
use serde_json::{Value, json};
use sqlx::PgPool;

use crate::admin;

fn document() -> Value {
    serde_json::to_value(Abtest::document()).unwrap()
}

#[test]
fn what_everybody_may_change_is_this_and_nothing_else() {
    let open = public_changes(&document());
    let expected = [
        "POST /api/auth/login",
        "POST /api/auth/logout",
        "POST /ofrep/v1/evaluate/flags",
        "POST /ofrep/v1/evaluate/flags/{key}",
    ];
    assert_eq!(open.iter().map(String::as_str).collect::<Vec<_>>(), expected);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn nobody_passes_for_the_admin(db: PgPool) {
    let (clock, _) = Clock::stopped_at(NOON);
    let key = admin_key(&clock);
    let app = TestApp::new(app(AppState::new(db, clock.clone(), key.clone()), allowed_origins()));
    let toggles = app.get("/api/toggles").await.expect(200);
    let made = pose_as_admin(&app, &document(), &clock, &key).await;
    println!("abtest: {made} requests, pose_as_admin");
    assert!(made > 150, "{made} requests");
    assert_eq!(app.get("/api/toggles").await.expect(200), toggles);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn hostile_text_is_text_wherever_it_stands(db: PgPool) {
    seed::run_once(&db).await.unwrap();
    let (app, _) = admin(&db).await;
    let made = write_hostile_text(&app, &document()).await;
    println!("abtest: {made} requests, write_hostile_text");
    assert!(made > 500, "{made} requests");
    // What was there is there: nothing of it was a command.
    assert_eq!(app.get("/api/toggles/matrix_rain").await.expect(200)["key"], "matrix_rain");
    app.get("/api/experiments/01980000-0000-7000-8000-000000000001").await.expect(200);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn who_guesses_passwords_cannot_pretend_to_be_many(db: PgPool) {
    let (app, _) = admin(&db).await;
    let guess = async |claim: u8, client: &str, password: &str| {
        let named = format!("198.51.100.{claim}, {client}");
        let claimed = format!("203.0.113.{claim}");
        let headers = [("x-forwarded-for", &*named), ("x-real-ip", &*claimed), ("content-type", "application/json")];
        let login = json!({ "password": password }).to_string();
        app.as_nobody().send(axum::http::Method::POST, "/api/auth/login", &headers, login).await.status
    };
    for claim in 0..5 {
        assert_eq!(guess(claim, "192.0.2.7", "wrong").await, 401);
    }
    assert_eq!(guess(9, "192.0.2.7", pushnami_testkit::PASSWORD).await, 429, "even the right one comes too late");
    assert_eq!(guess(9, "192.0.2.8", pushnami_testkit::PASSWORD).await, 200);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn a_session_that_was_brought_along_is_not_taken_over(db: PgPool) {
    let (app, _) = admin(&db).await;
    let login = json!({ "password": pushnami_testkit::PASSWORD }).to_string();
    let planted = [("cookie", "pushnami_session=planted"), ("content-type", "application/json")];
    let answer = app.as_nobody().send(axum::http::Method::POST, "/api/auth/login", &planted, login).await;
    let cookie = answer.header("set-cookie");
    assert_eq!(answer.status, 200);
    assert!(cookie.starts_with("pushnami_session=") && !cookie.contains("planted"), "{cookie}");
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn every_answer_tells_browsers_what_not_to_do(db: PgPool) {
    let (app, _) = admin(&db).await;
    for app in [app.as_nobody(), app] {
        let further =
            ["/health", "/livez", "/metrics", "/docs", "/docs/", "/docs/swagger-ui.css", "/openapi.json", "/nowhere"];
        assert!(look_at_headers(&app, &document(), &further).await > 40);
    }
}
