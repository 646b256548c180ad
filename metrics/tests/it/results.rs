//! Results: who counts where, who is told apart, and what the answer says.

use pushnami_metrics::exposures::worker::{self, Progress};
use pushnami_metrics::results::guardrails::check;
use pushnami_metrics::rollups::verify::verify;
use pushnami_testkit::{NOON, TestApp, count_statements};
use serde_json::{Value, json};
use sqlx::PgPool;
use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::{BATCH, EXPERIMENT, admin, event, service_at};

const GOAL: &str = "77777777-7777-4777-8777-777777777777";
const LATE: &str = "88888888-8888-4888-8888-888888888888";

pub fn goal(about: Value) -> Value {
    let mut goal = json!({ "id": GOAL, "name": "Clicked", "role": "primary", "direction": "increase",
        "any_of": [{ "event_type": "click", "event_name": "cta" }], "window_hours": null, "pause_on_harm": false });
    goal.as_object_mut().unwrap().extend(about.as_object().unwrap().clone());
    goal
}

/// An experiment as abtest writes it, since noon.
pub async fn experiment(db: &PgPool, goals: Value) {
    sqlx::query(
        "insert into experiments (id, name, variants, traffic_split, goals, created_at, updated_at)
         values ($1, 'x', array ['neon', 'synthwave'], array [50, 50]::smallint[], $2, '2026-01-02T12:00:00Z',
                 '2026-01-02T12:00:00Z')",
    )
    .bind(Uuid::parse_str(EXPERIMENT).unwrap())
    .bind(goals)
    .execute(db)
    .await
    .unwrap();
}

pub async fn change(db: &PgPool, set: &str) {
    let statement = format!("update experiments set {set}, updated_at = updated_at + interval '1 minute'");
    sqlx::query(sqlx::AssertSqlSafe(statement)).execute(db).await.unwrap();
}

pub async fn assign(db: &PgPool, visitor: &str, variant: &str, revision: i32) {
    sqlx::query(
        "insert into assignments (experiment_id, visitor_id, variant, revision, created_at) values ($1, $2, $3, $4, now())",
    )
    .bind(Uuid::parse_str(EXPERIMENT).unwrap())
    .bind(visitor)
    .bind(variant)
    .bind(revision)
    .execute(db)
    .await
    .unwrap();
}

pub fn act(visitor: &str, variant: &str, event_type: &str) -> Value {
    let name = if event_type == "click" { json!("cta") } else { Value::Null };
    event(json!({ "visitor_id": visitor, "experiment_id": EXPERIMENT, "variant": variant, "event_type": event_type,
                  "event_name": name }))
}

pub async fn record(app: &TestApp, events: Vec<Value>) {
    for batch in events.chunks(1000) {
        app.post(BATCH, &json!(batch)).await.expect(201);
    }
}

pub fn path() -> String {
    format!("/api/experiments/{EXPERIMENT}/results")
}

pub async fn results(app: &TestApp) -> Value {
    app.get(&path()).await.expect(200)
}

/// (visitors, conversions) of both variants.
pub fn counts(results: &Value) -> [(i64, i64); 2] {
    [0, 1].map(|at| {
        let one = &results["variants"][at];
        (one["visitors"].as_i64().unwrap(), one["conversions"].as_i64().unwrap())
    })
}

/// Visitors of both variants, of whom the first ones convert.
pub fn visits(prefix: &str, neon: (usize, usize), synthwave: (usize, usize)) -> Vec<Value> {
    let mut events = Vec::new();
    for (variant, (visitors, conversions)) in [("neon", neon), ("synthwave", synthwave)] {
        for number in 0..visitors {
            let visitor = format!("{prefix}-{variant}-{number}");
            events.push(act(&visitor, variant, "page_view"));
            if number < conversions {
                events.push(act(&visitor, variant, "click"));
            }
        }
    }
    events
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn a_visitor_counts_once_in_the_assigned_variant_from_the_first_page_on(db: PgPool) {
    let (app, _) = admin(&db).await;
    experiment(&db, json!([goal(json!({}))])).await;
    assign(&db, "alice", "neon", 1).await;
    assign(&db, "bob", "synthwave", 1).await;
    record(&app, vec![act("bob", "synthwave", "click"), act("bob", "synthwave", "page_view")]).await;
    record(&app, vec![act("alice", "neon", "page_view"), act("alice", "neon", "page_view")]).await;
    record(&app, vec![act("alice", "neon", "click"), act("alice", "neon", "click")]).await;
    let found = results(&app).await;
    assert_eq!(counts(&found), [(1, 1), (1, 0)]);
    assert_eq!(found["data_through"], found["computed_at"]);
    assert_eq!(found["traffic"]["excluded"]["claimed_only"], 0);
    assert_eq!(
        (&found["recommendation"]["phase"], &found["recommendation"]["state"]),
        (&json!("collecting"), &json!("not_enough_data"))
    );
    assert!(verify(&db).await.unwrap().differences.is_empty());
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn who_cannot_be_compared_is_counted_apart(db: PgPool) {
    let (app, _) = admin(&db).await;
    experiment(&db, json!([goal(json!({}))])).await;
    for visitor in ["steady", "wanderer", "liar"] {
        assign(&db, visitor, "neon", 1).await;
    }
    record(&app, vec![act("steady", "neon", "page_view"), act("steady", "synthwave", "click")]).await;
    record(&app, vec![act("wanderer", "neon", "page_view"), act("wanderer", "neon", "click")]).await;
    assert_eq!(counts(&results(&app).await), [(2, 1), (0, 0)]);
    // What had counted is taken back.
    record(&app, vec![act("wanderer", "synthwave", "page_view"), act("liar", "synthwave", "page_view")]).await;
    let preview = event(json!({ "experiment_id": EXPERIMENT, "variant": "neon", "metadata": { "preview": true } }));
    let robot = event(json!({ "experiment_id": EXPERIMENT, "variant": "neon", "user_agent": "Googlebot/2.1" }));
    record(
        &app,
        vec![preview, robot, act("unassigned", "synthwave", "page_view"), act("stray", "nobody's", "page_view")],
    )
    .await;
    while pushnami_metrics::rollups::worker::fold_once(&db, 100).await.unwrap()
        != pushnami_metrics::rollups::worker::Progress::Counted(0)
    {}
    let found = results(&app).await;
    assert_eq!(counts(&found), [(1, 0), (1, 0)]);
    let excluded = &found["traffic"]["excluded"];
    assert_eq!(
        [
            &excluded["multiple_variants"],
            &excluded["other_claims"],
            &excluded["claimed_only"],
            &excluded["robots"],
            &excluded["previews"]
        ],
        [&json!(1), &json!(2), &json!(1), &json!(1), &json!(1)]
    );
    assert!(verify(&db).await.unwrap().differences.is_empty());
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn a_conversion_counts_within_its_window(db: PgPool) {
    let (app, key, hands) = service_at(&db, NOON);
    let app = app.as_admin(&key).await;
    experiment(&db, json!([goal(json!({ "window_hours": 2 }))])).await;
    record(&app, vec![act("alice", "neon", "page_view"), act("bob", "neon", "page_view")]).await;
    hands.advance(Duration::minutes(119));
    record(&app, vec![act("alice", "neon", "click")]).await;
    hands.advance(Duration::minutes(2));
    record(&app, vec![act("bob", "neon", "click")]).await;
    assert_eq!(counts(&results(&app).await)[0], (2, 1));
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn a_late_goal_is_counted_from_the_events_behind_everything_else(db: PgPool) {
    let (app, _) = admin(&db).await;
    experiment(&db, json!([goal(json!({}))])).await;
    let mut bought = act("alice", "neon", "purchase");
    bought["metadata"] = json!({ "plan": "yearly" });
    record(
        &app,
        vec![
            act("alice", "neon", "page_view"),
            bought,
            act("bob", "neon", "page_view"),
            act("bob", "neon", "purchase"),
        ],
    )
    .await;
    results(&app).await;
    let late = goal(json!({ "id": LATE, "name": "Bought", "role": "secondary",
        "any_of": [{ "event_type": "purchase", "property": { "key": "plan", "value": "yearly" } }] }));
    change(&db, &format!("goals = goals || '{late}'::jsonb")).await;
    let of_late = format!("{}?goal={LATE}", path());
    assert_eq!(counts(&app.get(&of_late).await.expect(200))[0], (2, 0));
    // A step at a time, killed after each.
    assert_eq!(worker::step(&db, 1).await.unwrap(), Progress::Counted);
    assert_eq!(results(&app).await["other_goals"][0]["is_counting"], true);
    while worker::step(&db, 1).await.unwrap() != Progress::Done {}
    assert_eq!(counts(&app.get(&of_late).await.expect(200))[0], (2, 1));
    assert_eq!(results(&app).await["other_goals"][0]["is_counting"], false);
    assert!(verify(&db).await.unwrap().differences.is_empty());
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn revisions_are_compared_within_and_combined_across(db: PgPool) {
    let (app, _) = admin(&db).await;
    experiment(&db, json!([goal(json!({}))])).await;
    change(&db, "traffic_split = array [90, 10]::smallint[]").await;
    for event in visits("early", (360, 0), (40, 0)) {
        assign(&db, event["visitor_id"].as_str().unwrap(), event["variant"].as_str().unwrap(), 2).await;
    }
    record(&app, visits("early", (360, 72), (40, 8))).await;
    change(&db, "traffic_split = array [50, 50]::smallint[]").await;
    for event in visits("late", (200, 0), (200, 0)) {
        assign(&db, event["visitor_id"].as_str().unwrap(), event["variant"].as_str().unwrap(), 3).await;
    }
    record(&app, visits("late", (200, 20), (200, 20))).await;
    let found = results(&app).await;
    assert_eq!(counts(&found), [(560, 92), (240, 28)]);
    let one = &found["comparisons"][0];
    assert!(one["relative_lift"].as_f64().unwrap().abs() < 1e-12, "{one}");
    assert_eq!(found["traffic"]["status"], "ok");
    assert_eq!(found["timeline"]["revisions"].as_array().unwrap().len(), 3);
    assert!(found["notes"].as_array().unwrap().iter().any(|note| note["code"] == "weights_changed"));
    // Somebody new in a variant that nobody is to get any more.
    change(&db, "traffic_split = array [100, 0]::smallint[]").await;
    assign(&db, "impossible", "synthwave", 4).await;
    record(&app, vec![act("impossible", "synthwave", "page_view")]).await;
    let found = results(&app).await;
    assert_eq!(found["recommendation"]["phase"], "invalid");
    assert_eq!(found["traffic"]["impossible_assignment"], true);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn a_winner_is_called_after_a_week_and_then_stands(db: PgPool) {
    let (app, key, hands) = service_at(&db, NOON);
    let app = app.as_admin(&key).await;
    experiment(&db, json!([goal(json!({}))])).await;
    record(&app, visits("first", (400, 40), (400, 120))).await;
    let early = results(&app).await;
    assert_eq!(
        (&early["recommendation"]["state"], &early["recommendation"]["phase"]),
        (&json!("early_winner"), &json!("running"))
    );
    assert_eq!(early["timeline"]["step"], "hour");
    hands.advance(Duration::days(7));
    // Sessions last a shorter time than this.
    let app = app.as_admin(&key).await;
    let found = results(&app).await;
    assert_eq!(
        (&found["recommendation"]["state"], &found["recommendation"]["variant"]),
        (&json!("winner"), &json!("synthwave"))
    );
    assert_eq!(found["recommendation"]["headline"], "synthwave beats neon");
    assert_eq!(found["comparisons"][0]["always_valid"]["conclusive"], true);
    // Luck turns, and the verdict stands: it was allowed to be made.
    record(&app, visits("second", (800, 160), (800, 90))).await;
    let later = results(&app).await;
    assert!(later["comparisons"][0]["always_valid"]["p_value"].as_f64().unwrap() > 0.05);
    assert_eq!(later["recommendation"]["state"], "winner");
    let crossed = later["comparisons"][0]["always_valid"]["first_crossed_at"].as_str().unwrap();
    assert!(OffsetDateTime::parse(crossed, &Rfc3339).is_ok());
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn a_guardrail_that_is_harmed_comes_before_the_winner(db: PgPool) {
    let (app, _) = admin(&db).await;
    let guardrail = goal(json!({ "id": LATE, "name": "Complained", "role": "guardrail", "direction": "decrease",
        "any_of": [{ "event_type": "complaint" }] }));
    experiment(&db, json!([goal(json!({})), guardrail])).await;
    let mut events = visits("v", (300, 30), (300, 90));
    events.extend((0..90).map(|number| act(&format!("v-synthwave-{number}"), "synthwave", "complaint")));
    events.extend((0..20).map(|number| act(&format!("v-neon-{number}"), "neon", "complaint")));
    record(&app, events).await;
    let found = results(&app).await;
    assert_eq!(found["recommendation"]["state"], "guardrail_harmed");
    assert_eq!(found["other_goals"][0]["comparisons"][0]["is_harmful"], true);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn secondary_goals_are_corrected_together_and_guardrails_are_not(db: PgPool) {
    let (app, _) = admin(&db).await;
    let types = ["complaint", "signup", "share", "download"];
    let other = |(number, event_type): (usize, &&str)| {
        let role = if number == 0 { "guardrail" } else { "secondary" };
        goal(json!({ "id": Uuid::from_u128(number as u128 + 1), "name": event_type, "role": role,
            "any_of": [{ "event_type": event_type }] }))
    };
    let goals: Vec<Value> = [goal(json!({}))].into_iter().chain(types.iter().enumerate().map(other)).collect();
    experiment(&db, json!(goals)).await;
    let mut events = visits("v", (300, 30), (300, 45));
    for (event_type, variant) in types.into_iter().zip([70, 60, 75, 32]) {
        events.extend((0..30).map(|number| act(&format!("v-neon-{number}"), "neon", event_type)));
        events.extend((0..variant).map(|number| act(&format!("v-synthwave-{number}"), "synthwave", event_type)));
    }
    record(&app, events).await;
    let found = results(&app).await;
    let p = |goal: usize, which: &str| found["other_goals"][goal]["comparisons"][0][which].as_f64().unwrap();
    let [signup, share, download] = [1, 2, 3].map(|goal| p(goal, "p_value"));
    assert!(share < signup && signup < download, "{share}, {signup}, {download}");
    // Benjamini and Hochberg: the smallest of three thrice, the middle one by half as much again, the largest as it is.
    let middle = (1.5 * signup).min(download);
    let wanted = [p(0, "p_value"), middle, (3.0 * share).min(middle), download];
    for (goal, wanted) in wanted.into_iter().enumerate() {
        let adjusted = p(goal, "p_value_adjusted");
        assert!((adjusted - wanted).abs() <= 1e-12, "{}: {adjusted} is not {wanted}", types[goal]);
    }
    // Whoever looks at a secondary goal finds the primary one among the others: it decides by itself, there too.
    let signup = Uuid::from_u128(2);
    let found = app.get(&format!("{}?goal={signup}", path())).await.expect(200);
    let others = found["other_goals"].as_array().unwrap();
    let primary = &others.iter().find(|goal| goal["role"] == "primary").unwrap()["comparisons"][0];
    assert_eq!(primary["p_value_adjusted"], primary["p_value"]);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn a_guardrail_pauses_once_where_the_operator_chose_so(db: PgPool) {
    let (app, _) = admin(&db).await;
    let guardrail = |pauses| {
        goal(json!({ "id": LATE, "name": "Complained", "role": "guardrail", "direction": "decrease",
            "any_of": [{ "event_type": "complaint" }], "pause_on_harm": pauses }))
    };
    experiment(&db, json!([goal(json!({})), guardrail(false)])).await;
    let mut events = visits("v", (300, 30), (300, 30));
    events.extend((0..90).map(|number| act(&format!("v-synthwave-{number}"), "synthwave", "complaint")));
    events.extend((0..20).map(|number| act(&format!("v-neon-{number}"), "neon", "complaint")));
    record(&app, events).await;
    assert_eq!(results(&app).await["status"], "running");
    let later = OffsetDateTime::parse("2026-01-02T12:05:00Z", &Rfc3339).unwrap();
    assert!(check(&db, later).await.unwrap().is_empty());
    change(&db, &format!("goals = jsonb_build_array(goals -> 0, '{}'::jsonb)", guardrail(true))).await;
    assert_eq!(check(&db, later).await.unwrap(), [Uuid::parse_str(EXPERIMENT).unwrap()]);
    assert_eq!(results(&app).await["status"], "stopped");
    // Whoever activates it again has decided.
    change(&db, "is_active = true").await;
    assert!(check(&db, later).await.unwrap().is_empty());
    assert_eq!(results(&app).await["status"], "running");
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn results_are_for_the_admin_and_of_experiments_and_goals_that_exist(db: PgPool) {
    let (app, _) = admin(&db).await;
    app.get(&path()).await.refusal(404);
    experiment(&db, json!([goal(json!({}))])).await;
    app.as_nobody().get(&path()).await.refusal(401);
    app.get("/api/experiments/no-uuid/results").await.refusal(422);
    assert_eq!(app.get(&format!("{}?goal={LATE}", path())).await.refusal(422).1, ["/goal"]);
    let young = results(&app).await;
    assert_eq!(young["recommendation"]["state"], "not_started");
    assert_eq!(young["started_at"], Value::Null);
    // An experiment from before there were goals.
    change(&db, "goals = '[]'").await;
    app.get(&path()).await.refusal(422);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn an_answer_takes_as_many_statements_however_many_visitors(db: PgPool) {
    let (app, _) = admin(&db).await;
    experiment(&db, json!([goal(json!({}))])).await;
    record(&app, visits("few", (3, 1), (3, 1))).await;
    results(&app).await;
    record(&app, visits("many", (300, 30), (300, 40))).await;
    worker::catch_up(&db).await.unwrap();
    let (_, first) = count_statements(app.get(&path())).await;
    record(&app, visits("more", (30, 3), (30, 4))).await;
    worker::catch_up(&db).await.unwrap();
    let (_, second) = count_statements(app.get(&path())).await;
    assert_eq!(first, second);
    // Nothing changed: nothing is computed.
    let (_, again) = count_statements(app.get(&path())).await;
    assert!(again < second, "{again} {second}");
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn a_recount_notices_what_is_wrong_with_results(db: PgPool) {
    let (app, _) = admin(&db).await;
    experiment(&db, json!([goal(json!({}))])).await;
    record(&app, visits("v", (3, 1), (2, 1))).await;
    results(&app).await;
    while pushnami_metrics::rollups::worker::fold_once(&db, 100).await.unwrap()
        != pushnami_metrics::rollups::worker::Progress::Counted(0)
    {}
    assert!(verify(&db).await.unwrap().differences.is_empty());
    for (harm, cure) in [
        ("update result_hours set visitors = visitors + 1", "update result_hours set visitors = visitors - 1"),
        ("update result_marks set visitors = visitors + 1", "update result_marks set visitors = visitors - 1"),
        ("update exposures set saw_other = true", "update exposures set saw_other = false"),
        (
            "update conversions set converted_at = converted_at + interval '1 s'",
            "update conversions set converted_at = converted_at - interval '1 s'",
        ),
    ] {
        sqlx::query(harm).execute(&db).await.unwrap();
        assert!(!verify(&db).await.unwrap().differences.is_empty(), "{harm}");
        sqlx::query(cure).execute(&db).await.unwrap();
        assert!(verify(&db).await.unwrap().differences.is_empty(), "{cure}");
    }
}
