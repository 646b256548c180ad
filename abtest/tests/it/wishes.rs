//! Visitors who ask not to be recorded: they are shown a variant, and it is not remembered.

use axum::http::Method;
use pushnami_abtest::app as service;
use pushnami_abtest::state::AppState;
use pushnami_common::clock::Clock;
use pushnami_common::privacy::{GpcMode, PrivacyPolicy};
use pushnami_testkit::{Answer, NOON, TestApp, admin_key, allowed_origins};
use serde_json::{Value, json};
use sqlx::PgPool;

use crate::{admin, create, path};

const GPC: (&str, &str) = ("sec-gpc", "1");
const DNT: (&str, &str) = ("dnt", "1");

async fn assign(app: &TestApp, experiment: &Value, headers: &[(&str, &str)]) -> Answer {
    let id = experiment["id"].as_str().unwrap();
    let path = format!("/api/assign?visitor_id=alice&experiment_id={id}");
    app.send(Method::GET, &path, headers, Vec::new()).await
}

async fn remembered(db: &PgPool) -> i64 {
    sqlx::query_scalar("select count(*) from assignments").fetch_one(db).await.unwrap()
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn they_get_the_variant_that_everybody_would_and_nothing_is_remembered(db: PgPool) {
    let (app, _) = admin(&db).await;
    let experiment = create(&app, json!({})).await;
    let mut shown = Vec::new();
    for wish in [GPC, DNT] {
        let answer = assign(&app, &experiment, &[wish]).await;
        assert!(answer.header("vary").contains("Sec-GPC, DNT"));
        let answer = answer.expect(200);
        assert_eq!(answer["is_new"], false);
        shown.push(answer["variant"].clone());
    }
    assert_eq!(remembered(&db).await, 0);

    // Only the exact value is a wish.
    let recorded = assign(&app, &experiment, &[("sec-gpc", "0"), ("dnt", "null")]).await;
    assert!(recorded.header("vary").contains("Sec-GPC, DNT"));
    let recorded = recorded.expect(200);
    assert_eq!((&recorded["is_new"], remembered(&db).await), (&json!(true), 1));
    assert_eq!(shown, [recorded["variant"].clone(), recorded["variant"].clone()]);

    // What was remembered before they asked still decides.
    let split = json!({ "traffic_split": if recorded["variant"] == "control" { json!({ "control": 0, "variant": 100 }) } else { json!({ "control": 100, "variant": 0 }) } });
    app.put(&path(&experiment), &split).await.expect(200);
    assert_eq!(assign(&app, &experiment, &[GPC]).await.expect(200)["variant"], recorded["variant"]);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn an_experiment_that_is_not_active_refuses_them_as_well(db: PgPool) {
    let (app, _) = admin(&db).await;
    let experiment = create(&app, json!({ "is_active": false })).await;
    assert_eq!(assign(&app, &experiment, &[GPC]).await.refusal(400).0, "Experiment is not active");
    let unknown = json!({ "id": "01980000-0000-7000-8000-0000000000ff" });
    assign(&app, &unknown, &[GPC]).await.refusal(404);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn the_operator_may_decide_otherwise(db: PgPool) {
    let (app, _) = admin(&db).await;
    let experiment = create(&app, json!({})).await;
    for (privacy, unheeded) in [
        (PrivacyPolicy { gpc: GpcMode::NoShare, ..PrivacyPolicy::default() }, GPC),
        (PrivacyPolicy { respect_dnt: false, ..PrivacyPolicy::default() }, DNT),
    ] {
        let (clock, _) = Clock::stopped_at(NOON);
        let state = AppState::new(db.clone(), clock.clone(), admin_key(&clock)).answering_wishes(privacy);
        let app = TestApp::new(service(state, allowed_origins()));
        assert_eq!(assign(&app, &experiment, &[unheeded]).await.expect(200)["is_new"], true);
        sqlx::query("delete from assignments").execute(&db).await.unwrap();
        let heeded = if unheeded == GPC { DNT } else { GPC };
        assert_eq!(assign(&app, &experiment, &[heeded]).await.expect(200)["is_new"], false);
        assert_eq!(remembered(&db).await, 0);
    }
}
