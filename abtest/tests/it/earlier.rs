//! On the database of the earlier system: everything is taken over, and every visitor keeps the variant they have.

use pushnami_abtest::seed;
use pushnami_common::assignment::bucket;
use pushnami_common::ids::ExperimentId;
use pushnami_testkit::{EARLIER_SYSTEM, MIGRATOR, TestApp};
use serde_json::{Value, json};
use sqlx::{Executor, PgPool};

use crate::admin;

const THEME: &str = "22222222-2222-4222-8222-222222222222";

/// The service, started on what the earlier system left behind, and started again.
async fn taken_over(db: &PgPool) -> TestApp {
    db.execute(EARLIER_SYSTEM).await.unwrap();
    for _ in 0..2 {
        MIGRATOR.run(db).await.unwrap();
        seed::run_once(db).await.unwrap();
    }
    admin(db).await.0
}

async fn variant(app: &TestApp, visitor: &str) -> Value {
    let answer = app.get(&format!("/api/assign?visitor_id={visitor}&experiment_id={THEME}")).await.expect(200);
    json!([answer["variant"], answer["is_new"]])
}

#[sqlx::test(migrations = false)]
async fn every_visitor_keeps_their_variant(db: PgPool) {
    let app = taken_over(&db).await;
    assert_eq!(variant(&app, "alice").await, json!(["neon", false]));
    assert_eq!(variant(&app, "bob").await, json!(["neon", false]));
    assert_eq!(variant(&app, "carol").await, json!(["synthwave", false]));
    // New ones are placed by the same rule as there: by the experiment's old id and its old order of variants.
    let split = json!({ "traffic_split": { "synthwave": 40, "neon": 60 } });
    app.put(&format!("/api/experiments/{THEME}"), &split).await.expect(200);
    for visitor in ["erin", "frank", "grace"] {
        let place = bucket(&visitor.parse().unwrap(), ExperimentId(THEME.parse().unwrap())).0;
        let expected = if place < 40 { "synthwave" } else { "neon" };
        assert_eq!(variant(&app, visitor).await, json!([expected, true]));
    }
}

#[sqlx::test(migrations = false)]
async fn experiments_and_toggles_are_as_they_were_and_nothing_is_added(db: PgPool) {
    let app = taken_over(&db).await;
    let experiments = app.get("/api/experiments").await.expect(200);
    let told = |experiment: &Value| {
        json!([
            experiment["id"],
            experiment["name"],
            experiment["variants"],
            experiment["traffic_split"],
            experiment["is_active"],
            experiment["key"],
            experiment["created_at"],
            experiment["updated_at"]
        ])
    };
    assert_eq!(
        experiments.as_array().unwrap().iter().map(told).collect::<Vec<_>>(),
        [
            json!([
                "33333333-3333-4333-8333-333333333333", "Edited by hand", ["a", "b"], { "a": 70, "b": 0 }, false,
                "edited-by-hand", "2025-11-02T00:00:00Z", "2025-11-02T00:00:00Z"
            ]),
            json!([
                THEME, "Landing Page Theme", ["synthwave", "neon"], { "neon": 0, "synthwave": 100 }, true,
                "landing-page-theme", "2025-11-01T00:00:00Z", "2025-12-01T00:00:00Z"
            ]),
        ]
    );
    let toggles = app.get("/api/toggles").await.expect(200);
    let told = |toggle: &Value| json!([toggle["key"], toggle["enabled"], toggle["config"]]);
    let mut toggles: Vec<_> = toggles.as_array().unwrap().iter().map(told).collect();
    toggles.sort_by_key(|toggle| toggle[0].to_string());
    assert_eq!(
        toggles,
        [
            json!(["hero_glitch", false, { "intensity": 1.5 }]),
            json!(["matrix_rain", true, { "speed": 1.0, "density": 0.7 }]),
            json!(["show_cursor_orb", true, {}]),
        ]
    );
    let kept: i64 = sqlx::query_scalar("select count(*) from earlier.events").fetch_one(&db).await.unwrap();
    assert_eq!(kept, 4, "what was taken over is still there");
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn a_database_of_our_own_has_nothing_to_take_over(db: PgPool) {
    let schemas: i64 =
        sqlx::query_scalar("select count(*) from pg_namespace where nspname = 'earlier'").fetch_one(&db).await.unwrap();
    assert_eq!(schemas, 0);
}
