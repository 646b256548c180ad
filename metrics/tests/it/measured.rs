//! Goals that are measured: one number a visitor, compared by its mean.

use pushnami_metrics::exposures::worker::{self, Progress};
use pushnami_metrics::rollups::verify::verify;
use pushnami_testkit::TestApp;
use serde_json::{Value, json};
use sqlx::PgPool;

use crate::results::{act, assign, change, experiment, goal, record, results};
use crate::{admin, event};

const TIME: &str = "99999999-9999-4999-8999-999999999991";
const DEPTH: &str = "99999999-9999-4999-8999-999999999992";

fn measured_goals() -> [Value; 3] {
    let time = json!({ "property": "seconds", "fold": "sum", "cap": 100, "absent_is_zero": false });
    let depth = json!({ "property": "percent", "fold": "greatest", "cap": 100, "absent_is_zero": true });
    let about = |id: &str, name: &str, role: &str, event_type: &str, measure: Value| {
        goal(
            json!({ "id": id, "name": name, "role": role, "any_of": [{ "event_type": event_type }], "measure": measure }),
        )
    };
    [
        goal(json!({})),
        about(TIME, "Time on page", "guardrail", "engagement", time),
        about(DEPTH, "Scroll depth", "secondary", "scroll", depth),
    ]
}

fn measure(visitor: &str, variant: &str, event_type: &str, metadata: Value) -> Value {
    let mut about = act(visitor, variant, event_type);
    about["metadata"] = metadata;
    event(about)
}

fn other(results: &Value, name: &str) -> Value {
    let goals = results["other_goals"].as_array().unwrap();
    goals.iter().find(|goal| goal["name"] == name).unwrap().clone()
}

/// Sixty visitors of each variant: they stay 20 to 79 seconds with neon and half as long with synthwave, in two pieces,
/// and every second one scrolls half down.
async fn visit(app: &TestApp) {
    let mut events = Vec::new();
    for (variant, share) in [("neon", 1.0), ("synthwave", 0.5)] {
        for number in 0..60 {
            let visitor = format!("{variant}-{number}");
            // Before the exposure nothing counts.
            events.push(measure(&visitor, variant, "engagement", json!({ "seconds": 50 })));
            events.push(act(&visitor, variant, "page_view"));
            let seconds = share * f64::from(20 + number);
            events.push(measure(&visitor, variant, "engagement", json!({ "seconds": seconds - 1.25 })));
            events.push(measure(&visitor, variant, "engagement", json!({ "seconds": 1.25 })));
            if number % 2 == 0 {
                events.push(measure(&visitor, variant, "scroll", json!({ "percent": 50 })));
                events.push(measure(&visitor, variant, "scroll", json!({ "percent": 25 })));
            }
        }
    }
    record(app, events).await;
}

fn near(found: &Value, wanted: f64) {
    assert!((found.as_f64().unwrap() - wanted).abs() < 1e-9 * wanted.abs(), "{found} is not {wanted}");
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn means_are_those_of_the_visitors_numbers(db: PgPool) {
    let (app, _) = admin(&db).await;
    experiment(&db, json!(measured_goals())).await;
    visit(&app).await;
    let found = results(&app).await;
    let time = &other(&found, "Time on page")["comparisons"][0];
    // 20 to 79: mean 49.5, variance 60·61/12.
    let deviation = (60.0_f64 * 61.0 / 12.0).sqrt();
    near(&time["control_mean"]["mean"], 49.5);
    near(&time["control_mean"]["standard_deviation"], deviation);
    near(&time["mean"]["mean"], 24.75);
    near(&time["mean"]["standard_deviation"], deviation / 2.0);
    near(&time["relative_lift"], -0.5);
    assert_eq!((&time["mean"]["visitors"], &time["mean"]["coverage"]), (&json!(60), &json!(1.0)));
    assert_eq!((&time["rate"], &time["is_harmful"]), (&Value::Null, &json!(true)));
    let interval = &time["relative_interval"];
    assert!(interval[0].as_f64().unwrap() < -0.5 && interval[1].as_f64().unwrap() < 0.0, "{interval}");
    // Those who did not scroll count as 0.
    let depth = &other(&found, "Scroll depth")["comparisons"][0];
    near(&depth["mean"]["mean"], 25.0);
    near(&depth["control_mean"]["standard_deviation"], (60.0_f64 * 625.0 / 59.0).sqrt());
    assert_eq!((&depth["relative_lift"], &depth["is_harmful"]), (&json!(0.0), &json!(false)));
    assert_eq!(found["recommendation"]["phase"], "collecting", "means decide nothing");
    assert_eq!(verify(&db).await.unwrap().differences, [""; 0]);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn numbers_are_capped_and_leave_with_their_visitors(db: PgPool) {
    let (app, _) = admin(&db).await;
    experiment(&db, json!(measured_goals())).await;
    assign(&db, "alice", "neon", 1).await;
    record(&app, vec![act("alice", "neon", "page_view"), act("bob", "neon", "page_view")]).await;
    for visitor in ["alice", "bob"] {
        record(&app, vec![measure(visitor, "neon", "engagement", json!({ "seconds": 80 }))]).await;
        assert_eq!(worker::fold_once(&db, 100).await.unwrap(), Progress::Counted);
        record(&app, vec![measure(visitor, "neon", "engagement", json!({ "seconds": 80 }))]).await;
        record(&app, vec![measure(visitor, "neon", "engagement", json!({ "seconds": "long" }))]).await;
    }
    let mean = async || other(&results(&app).await, "Time on page")["comparisons"][0]["control_mean"].clone();
    let both = mean().await;
    assert_eq!((&both["visitors"], &both["mean"]), (&json!(2), &json!(100.0)));
    // Who sees another variant counts in none, and who asks to be forgotten is.
    record(&app, vec![act("bob", "synthwave", "page_view")]).await;
    assert_eq!(mean().await["visitors"], 1);
    app.delete("/api/visitors/alice").await.expect(200);
    assert_eq!(mean().await, Value::Null);
    assert_eq!(verify(&db).await.unwrap().differences, [""; 0]);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn a_late_measure_is_counted_from_the_events_and_a_recount_notices_what_is_wrong(db: PgPool) {
    let (app, _) = admin(&db).await;
    experiment(&db, json!([goal(json!({}))])).await;
    visit(&app).await;
    results(&app).await;
    change(&db, &format!("goals = '{}'", json!(measured_goals()))).await;
    while worker::step(&db, 50).await.unwrap() == Progress::Counted {}
    near(&other(&results(&app).await, "Time on page")["comparisons"][0]["mean"]["mean"], 24.75);
    assert_eq!(verify(&db).await.unwrap().differences, [""; 0]);

    sqlx::query("update measurements set value = value + 1 where visitor_id = 'neon-3'").execute(&db).await.unwrap();
    let differences = verify(&db).await.unwrap().differences;
    assert!(differences.iter().any(|one| one.contains("squares of cell")), "{differences:?}");
    assert!(differences.iter().any(|one| one.contains("measurement") && one.contains("neon-3")), "{differences:?}");
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn numbers_that_are_missing_from_one_variant_compare_nothing(db: PgPool) {
    let (app, _) = admin(&db).await;
    experiment(&db, json!(measured_goals())).await;
    visit(&app).await;
    let silent: Vec<Value> =
        (0..200).map(|number| act(&format!("silent-{number}"), "synthwave", "page_view")).collect();
    record(&app, silent).await;
    let found = results(&app).await;
    let time = &other(&found, "Time on page")["comparisons"][0];
    assert_eq!((&time["coverage_differs"], &time["is_harmful"]), (&json!(true), &json!(false)));
    near(&time["mean"]["coverage"], 60.0 / 260.0);
    let notes = found["notes"].as_array().unwrap();
    assert!(notes.iter().any(|note| note["code"] == "low_metric_coverage"), "{notes:?}");
    let refused = app.get(&format!("/api/experiments/{}/results?goal={TIME}", crate::EXPERIMENT)).await;
    assert_eq!(refused.refusal(422).1, ["/goal"]);
}
