//! Plans: what an experiment is to show, fixed by its first assignment.

use serde_json::{Value, json};
use sqlx::PgPool;

use crate::{admin, create, path};

async fn assign(app: &pushnami_testkit::TestApp, experiment: &Value, visitor: &str) {
    let address = format!("/api/assign?visitor_id={visitor}&experiment_id={}", experiment["id"].as_str().unwrap());
    app.as_nobody().get(&address).await.expect(200);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn a_plan_says_how_many_visitors_its_split_needs(db: PgPool) {
    let (app, _) = admin(&db).await;
    let created = create(&app, json!({ "plan": { "baseline_rate": 0.05 } })).await;
    // The example of Fleiss' formula: 31,234 visitors of each variant, rounded up together.
    let usual =
        json!({ "baseline_rate": 0.05, "mde_relative": 0.1, "power": 0.8, "alpha": 0.05, "tuning_visitors": 62467 });
    assert_eq!(created["plan"], usual);
    assert_eq!(create(&app, json!({})).await["plan"], Value::Null);

    // Before anybody is assigned it follows the split and the goals, and may be changed or taken away.
    let uneven =
        app.put(&path(&created), &json!({ "traffic_split": { "control": 90, "variant": 10 } })).await.expect(200);
    assert!(uneven["plan"]["tuning_visitors"].as_u64().unwrap() > 150_000, "{}", uneven["plan"]);
    let bolder = json!({ "plan": { "baseline_rate": 0.05, "mde_relative": 0.5, "power": 0.9, "alpha": 0.01 } });
    let bolder = app.put(&path(&created), &bolder).await.expect(200);
    assert!(bolder["plan"]["tuning_visitors"].as_u64().unwrap() < 20_000, "{}", bolder["plan"]);
    // One variant alone: nothing to reckon with.
    let alone =
        app.put(&path(&created), &json!({ "traffic_split": { "control": 100, "variant": 0 } })).await.expect(200);
    assert_eq!(alone["plan"]["tuning_visitors"], 5000);
    let without = app.put(&path(&created), &json!({ "plan": null })).await.expect(200);
    assert_eq!(without["plan"], Value::Null);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn the_first_assignment_fixes_the_plan(db: PgPool) {
    let (app, _) = admin(&db).await;
    let planned = create(&app, json!({ "plan": { "baseline_rate": 0.05 } })).await;
    let unplanned = create(&app, json!({ "name": "Another" })).await;
    for experiment in [&planned, &unplanned] {
        assign(&app, experiment, "alice").await;
        let change = json!({ "name": "Renamed", "plan": { "baseline_rate": 0.06 } });
        let (problem, pointers) = app.put(&path(experiment), &change).await.refusal(409);
        assert_eq!(pointers, ["/plan"]);
        assert!(problem.contains("fixed"), "{problem}");
        assert_eq!(app.get(&path(experiment)).await.expect(200)["name"], experiment["name"]);
    }
    app.put(&path(&planned), &json!({ "plan": null })).await.refusal(409);
    // What a reader was given is no change; everything else stays free, and the tuning is the one that was fixed.
    let change = json!({ "plan": planned["plan"], "traffic_split": { "control": 90, "variant": 10 } });
    let changed = app.put(&path(&planned), &change).await.expect(200);
    assert_eq!(changed["plan"], planned["plan"]);
    app.put(&path(&unplanned), &json!({ "plan": null, "name": "Renamed" })).await.expect(200);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn what_is_no_plan_is_refused_by_its_field(db: PgPool) {
    let (app, _) = admin(&db).await;
    for (plan, status, pointer) in [
        (json!({}), 422, "/plan/baseline_rate"),
        (json!({ "baseline_rate": 0 }), 422, "/plan/baseline_rate"),
        (json!({ "baseline_rate": 1 }), 422, "/plan/baseline_rate"),
        (json!({ "baseline_rate": "5 %" }), 422, "/plan/baseline_rate"),
        (json!({ "baseline_rate": 0.1, "mde_relative": 0 }), 422, "/plan/mde_relative"),
        (json!({ "baseline_rate": 0.1, "power": 0.5 }), 422, "/plan/power"),
        (json!({ "baseline_rate": 0.1, "alpha": 0.6 }), 422, "/plan/alpha"),
        (json!({ "baseline_rate": 0.6, "mde_relative": 0.7 }), 400, "/plan/mde_relative"),
        (json!([0.1]), 422, "/plan"),
    ] {
        let answer = app.post("/api/experiments", &json!({ "name": "x", "plan": plan })).await;
        assert_eq!(answer.refusal(status).1, [pointer], "{plan}");
    }
    assert_eq!(app.get("/api/experiments").await.expect(200), json!([]));
}
