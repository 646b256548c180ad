//! Attacks on every call of metrics that its document names.

use pushnami_common::clock::Clock;
use pushnami_common::program::Service;
use pushnami_metrics::{Metrics, app};
use pushnami_testkit::attacks::{look_at_headers, pose_as_admin, public_changes, write_hostile_text};
use pushnami_testkit::{NOON, TestApp, admin_key, allowed_origins};
use serde_json::{Value, json};
use sqlx::PgPool;

use crate::{EVENTS, admin, each, event, state};

fn document() -> Value {
    serde_json::to_value(Metrics::document()).unwrap()
}

#[test]
fn what_everybody_may_change_is_this_and_nothing_else() {
    let open = public_changes(&document());
    let expected = [
        "POST /api/calculator",
        "POST /api/events",
        "POST /api/events/batch",
        "POST /api/leads",
        // Only for our own services, which show the seal of the key they share.
        "POST /api/untracked",
    ];
    assert_eq!(open.iter().map(String::as_str).collect::<Vec<_>>(), expected);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn nobody_passes_for_the_admin(db: PgPool) {
    let (clock, _) = Clock::stopped_at(NOON);
    let key = admin_key(&clock);
    let app = TestApp::new(app(state(&db, clock.clone(), key.clone()), allowed_origins()));
    let made = pose_as_admin(&app, &document(), &clock, &key).await;
    println!("metrics: {made} requests, pose_as_admin");
    assert!(made > 100, "{made} requests");
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn hostile_text_is_text_wherever_it_stands(db: PgPool) {
    let (app, _) = admin(&db).await;
    app.post(EVENTS, &event(json!({ "visitor_id": "bystander" }))).await.expect(201);
    let made = write_hostile_text(&app, &document()).await;
    println!("metrics: {made} requests, write_hostile_text");
    assert!(made > 500, "{made} requests");
    // Whoever was not named is still there.
    let left = app.get("/api/events?visitor_id=bystander").await.expect(200);
    assert_eq!(each(&left, "visitor_id"), ["bystander"]);
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
