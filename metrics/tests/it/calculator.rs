//! The calculator: the numbers of published examples and independent libraries, at its edge; and what is refused.

use pushnami_testkit::TestApp;
use serde_json::{Value, json};
use sqlx::PgPool;

use crate::service;

const CALCULATOR: &str = "/api/calculator";

async fn calculate(app: &TestApp, body: Value) -> Value {
    app.post(CALCULATOR, &body).await.expect(200)
}

/// Two variants without names: (visitors, conversions) of each.
fn two(control: (u64, u64), variant: (u64, u64)) -> Value {
    let one = |(visitors, conversions): (u64, u64)| json!({ "visitors": visitors, "conversions": conversions });
    json!({ "variants": [one(control), one(variant)], "traffic_split": [50, 50] })
}

fn with(mut body: Value, more: Value) -> Value {
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

fn near(found: &Value, wanted: f64, tolerance: f64) {
    let found = found.as_f64().unwrap_or_else(|| panic!("{found} is no number"));
    assert!((found - wanted).abs() <= tolerance, "{found} is not {wanted}");
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn the_worked_example_has_the_numbers_of_the_libraries(db: PgPool) {
    // statsmodels (Wilson, pooled z, Newcombe, Koopman), confseq (mixture), scipy (posterior); all to the digits shown.
    let body =
        with(two((10_000, 500), (10_000, 580)), json!({ "tuning_visitors": 62_467, "visitors_per_day": 1980.2 }));
    let found = calculate(&service(&db).0, body).await;
    let (control, one) = (&found["variants"][0], &found["comparisons"][0]);
    near(&control["rate_interval"][0], 0.045898, 1e-6);
    near(&control["rate_interval"][1], 0.054447, 1e-6);
    near(&control["probability_best"], 0.006165, 1e-6);
    near(&control["expected_loss"], 0.007992, 1e-6);
    near(&one["relative_lift"], 0.16, 1e-12);
    near(&one["always_valid"]["p_value"], 0.198819, 1e-6);
    near(&one["always_valid"]["log_e_value"], 1.615359, 1e-6);
    near(&one["always_valid"]["absolute_interval"][0], -0.002164, 1e-6);
    near(&one["always_valid"]["relative_interval"][1], 0.405024, 1e-6);
    near(&one["fixed_horizon"]["z"], 2.502837, 1e-6);
    near(&one["fixed_horizon"]["p_value"], 0.012320, 1e-6);
    near(&one["fixed_horizon"]["absolute_interval"][0], 0.001734, 1e-6);
    near(&one["fixed_horizon"]["relative_interval"][1], 0.303069, 1e-6);
    near(&one["bayesian"]["chance_to_beat_control"], 0.993835, 1e-6);
    near(&one["bayesian"]["relative_interval"][0], 0.032632, 1e-6);
    near(&one["exact_check"]["p_value"], 0.260186, 1e-6);
    near(&found["plan"]["always_valid_max_visitors_total"], 121_096.0, 2.0);
    assert_eq!(found["plan"]["days_to_fixed"], 22.0);
    assert_eq!(one["always_valid"]["conclusive"], false);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn a_ramp_with_equal_rates_in_each_period_is_no_lift(db: PgPool) {
    let earlier = |control: (u64, u64), variant: (u64, u64)| {
        let one = |(visitors, conversions): (u64, u64)| json!({ "visitors": visitors, "conversions": conversions });
        json!({ "earlier": [{ "traffic_split": [90, 10], "counts": [one(control), one(variant)] }] })
    };
    let equal = with(two((5000, 500), (5000, 500)), earlier((9000, 1800), (1000, 200)));
    let found = calculate(&service(&db).0, equal).await;
    near(&found["comparisons"][0]["relative_lift"], 0.0, 1e-15);
    near(&found["comparisons"][0]["always_valid"]["p_value"], 1.0, 0.0);
    near(&found["comparisons"][0]["bayesian"]["chance_to_beat_control"], 0.5, 0.01);
    assert_eq!(found["traffic"]["status"], "ok");
    // statsmodels StratifiedTable, and the difference by strata.
    let better = with(two((5000, 500), (5000, 550)), earlier((9000, 1800), (1000, 220)));
    let one = &calculate(&service(&db).0, better).await["comparisons"][0];
    near(&one["absolute_difference"], 0.012_647_1, 1e-7);
    near(&one["fixed_horizon"]["absolute_interval"][0], 0.001_288_1, 1e-7);
    near(&one["fixed_horizon"]["absolute_interval"][1], 0.024_006_0, 1e-7);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn no_counts_whatsoever_break_it(db: PgPool) {
    let most = 1_000_000_000_000;
    for (control, variant) in [
        ((0, 0), (0, 0)),
        ((1, 0), (0, 0)),
        ((1, 1), (1, 0)),
        ((100, 0), (100, 0)),
        ((100, 100), (100, 100)),
        ((most, 0), (1, 1)),
        ((most, most), (most, most)),
        ((most, most / 2), (most, most / 2 + 1_000_000)),
        ((most, 1), (most, most - 1)),
        ((100, 1), (100_000_000, 100)),
    ] {
        // A number that is not finite would be written as null; where null is not allowed the types have no such value.
        let found = calculate(&service(&db).0, two(control, variant)).await;
        for one in [&found["comparisons"][0]["always_valid"]["p_value"], &found["traffic"]["p_value_always_valid"]] {
            assert!((0.0..=1.0).contains(&one.as_f64().unwrap()), "{control:?} {variant:?}: {one}");
        }
        assert!(found["comparisons"][0]["always_valid"]["log_e_value"].is_number(), "{control:?} {variant:?}");
    }
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn less_can_be_better(db: PgPool) {
    let app = service(&db).0;
    let more = calculate(&app, two((1000, 100), (1000, 80))).await;
    let less = calculate(&app, with(two((1000, 100), (1000, 80)), json!({ "direction": "decrease" }))).await;
    let chance = |found: &Value| found["comparisons"][0]["bayesian"]["chance_to_beat_control"].as_f64().unwrap();
    assert!((chance(&more) + chance(&less) - 1.0).abs() < 1e-6, "{} {}", chance(&more), chance(&less));
    assert_eq!(more["comparisons"][0]["relative_lift"], less["comparisons"][0]["relative_lift"]);
    near(&less["variants"][1]["probability_best"], chance(&less), 1e-9);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn it_plans_without_any_visitor(db: PgPool) {
    let more = json!({ "baseline_rate": 0.05, "mde_relative": 0.1, "visitors_per_day": 1000 });
    let plan = &calculate(&service(&db).0, with(two((0, 0), (0, 0)), more)).await["plan"];
    near(&plan["fixed_visitors_total"], 62_467.0, 1.0);
    assert_eq!((&plan["days_to_fixed"], &plan["mde_relative_now"]), (&json!(63.0), &Value::Null));
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn traffic_that_is_not_as_configured_is_told(db: PgPool) {
    let status = async |control, variant| {
        calculate(&service(&db).0, two((control, 10), (variant, 10))).await["traffic"]["status"].clone()
    };
    assert_eq!(status(5000, 5100).await, "ok");
    assert_eq!(status(5000, 6000).await, "fail");
    let impossible = with(two((100, 1), (1, 1)), json!({ "traffic_split": [100, 0] }));
    let found = calculate(&service(&db).0, impossible).await;
    assert_eq!(
        (&found["traffic"]["status"], &found["traffic"]["impossible_assignment"]),
        (&json!("fail"), &json!(true))
    );
    let unsaid = with(two((10, 1), (10, 1)), json!({ "traffic_split": null }));
    assert_eq!(calculate(&service(&db).0, unsaid).await["traffic"], Value::Null);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn twenty_variants_share_one_family(db: PgPool) {
    let variants: Vec<Value> = (0..20).map(|at| json!({ "visitors": 50_000, "conversions": 2500 + 20 * at })).collect();
    let found = calculate(&service(&db).0, json!({ "variants": variants })).await;
    assert_eq!(found["settings"]["comparisons"], 19);
    near(&found["settings"]["comparison_level"], 1.0 - 0.05 / 19.0, 1e-12);
    let best: f64 =
        found["variants"].as_array().unwrap().iter().map(|one| one["probability_best"].as_f64().unwrap()).sum();
    assert!((best - 1.0).abs() < 1e-9);
    assert_eq!(found["variants"][19]["key"], "T");
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn what_cannot_be_counted_is_refused_by_its_field(db: PgPool) {
    let app = service(&db).0;
    let fine = || two((10, 1), (10, 1));
    for (body, pointer) in [
        (json!({}), "/variants"),
        (json!({ "variants": [{ "visitors": 1, "conversions": 0 }] }), "/variants"),
        (two((10, 11), (10, 1)), "/variants/0/conversions"),
        (two((10, 1), (1_000_000_000_001, 1)), "/variants/1/visitors"),
        (
            json!({ "variants": [{ "visitors": -1, "conversions": 0 }, { "visitors": 1, "conversions": 0 }] }),
            "/variants/0/visitors",
        ),
        (with(fine(), json!({ "traffic_split": [50] })), "/traffic_split"),
        (with(fine(), json!({ "traffic_split": [0, 0] })), "/traffic_split"),
        (with(fine(), json!({ "traffic_split": [-1, 101] })), "/traffic_split"),
        (with(fine(), json!({ "earlier": [{ "counts": [{ "visitors": 1, "conversions": 1 }] }] })), "/earlier"),
        (with(fine(), json!({ "alpha": 0 })), "/alpha"),
        (with(fine(), json!({ "alpha": 0.9 })), "/alpha"),
        (with(fine(), json!({ "mde_relative": 0 })), "/mde_relative"),
        (with(fine(), json!({ "power": 1 })), "/power"),
        (with(fine(), json!({ "prior": { "alpha": 0, "beta": 1 } })), "/prior/alpha"),
        (with(fine(), json!({ "direction": "sideways" })), "/direction"),
    ] {
        let (_, pointers) = app.post(CALCULATOR, &body).await.refusal(422);
        assert_eq!(pointers, [pointer], "{body}");
    }
}
