//! Results by a plan that was made before the start.

use serde_json::json;
use sqlx::PgPool;

use crate::admin;
use crate::results::{change, experiment, goal, record, results, visits};

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn a_plan_says_how_results_are_judged(db: PgPool) {
    let (app, _) = admin(&db).await;
    experiment(&db, json!([goal(json!({}))])).await;
    let usual = results(&app).await;
    assert_eq!((&usual["settings"]["alpha"], &usual["settings"]["tuning_visitors"]), (&json!(0.05), &json!(5000.0)));
    assert_eq!(usual["planned"], json!(null));

    let plan =
        json!({ "baseline_rate": 0.2, "mde_relative": 0.25, "power": 0.9, "alpha": 0.01, "tuning_visitors": 4321 });
    change(&db, &format!("plan = '{plan}'")).await;
    let young = results(&app).await;
    assert_eq!(young["planned"], plan);
    let settings = &young["settings"];
    assert_eq!((&settings["alpha"], &settings["tuning_visitors"]), (&json!(0.01), &json!(4321.0)));
    assert_eq!((&settings["mde_relative"], &young["plan"]["power"]), (&json!(0.25), &json!(0.9)));
    // Nobody has come: what was expected is what one reckons with.
    assert_eq!(young["plan"]["baseline_rate"], 0.2);
    assert!(young["plan"]["fixed_visitors_total"].as_f64().unwrap() > 1000.0);

    record(&app, visits("few", (100, 10), (100, 10))).await;
    assert_eq!(results(&app).await["plan"]["baseline_rate"], 0.2, "ten conversions do not know better");
    record(&app, visits("more", (200, 20), (200, 20))).await;
    let known = results(&app).await;
    assert_eq!(known["plan"]["baseline_rate"], 0.1);
    assert_eq!(known["comparisons"][0]["fixed_horizon"]["valid_at_visitors"], 4321.0);
}
