//! Goals: what counts as success in an experiment, and what is refused.

use serde_json::{Value, json};
use sqlx::PgPool;

use crate::{admin, create, path};

fn goal(about: Value) -> Value {
    let mut goal = json!({ "name": "Bought", "role": "primary", "any_of": [{ "event_type": "purchase" }] });
    goal.as_object_mut().unwrap().extend(about.as_object().unwrap().clone());
    goal
}

fn measure(about: Value) -> Value {
    let mut measure = json!({ "property": "seconds", "fold": "sum", "cap": 1800, "absent_is_zero": false });
    measure.as_object_mut().unwrap().extend(about.as_object().unwrap().clone());
    measure
}

fn measured(about: Value) -> Value {
    goal(json!({ "name": "Time", "role": "secondary", "measure": measure(about) }))
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn what_is_measured_is_part_of_what_a_goal_is(db: PgPool) {
    let (app, _) = admin(&db).await;
    let created = create(&app, json!({ "goals": [goal(json!({})), measured(json!({}))] })).await;
    assert_eq!(created["goals"][1]["measure"], measure(json!({})));
    assert!(created["goals"][0].get("measure").is_none());
    let other = json!({ "goals": [goal(json!({})), measured(json!({ "cap": 60 }))] });
    let changed = app.put(&path(&created), &other).await.expect(200);
    assert_eq!(changed["goals"][0]["id"], created["goals"][0]["id"]);
    assert_ne!(changed["goals"][1]["id"], created["goals"][1]["id"], "another cap is another number");
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn goals_are_kept_as_they_are_given(db: PgPool) {
    let (app, _) = admin(&db).await;
    let property = json!({ "key": "plan", "value": "yearly" });
    let goals = json!([
        goal(json!({ "window_hours": 24, "any_of": [
            { "event_type": "click", "event_name": "buy", "property": property }, { "event_type": "purchase" },
        ] })),
        goal(json!({ "name": "Complained", "role": "guardrail", "direction": "decrease", "pause_on_harm": true })),
    ]);
    let created = create(&app, json!({ "goals": goals })).await;
    let found = app.as_nobody().get(&path(&created)).await.expect(200);
    assert_eq!(found["goals"][0]["any_of"], goals[0]["any_of"]);
    assert_eq!(found["goals"][0]["window_hours"], 24);
    assert_eq!(found["goals"][1]["direction"], "decrease");
    assert_eq!(found["goals"][1]["pause_on_harm"], true);
    // Goals do not open revisions: they change nothing for visitors.
    let changed = app.put(&path(&created), &json!({ "goals": [goal(json!({}))] })).await.expect(200);
    assert_eq!(changed["revision"], 1);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn a_goal_that_counts_the_same_is_the_same_goal(db: PgPool) {
    let (app, _) = admin(&db).await;
    let created = create(&app, json!({ "goals": [goal(json!({}))] })).await;
    let id = &created["goals"][0]["id"];
    // What a reader was given is taken back, renamed or moved.
    let mut given = created["goals"].as_array().unwrap().clone();
    given[0]["name"] = json!("Purchased");
    given.insert(0, goal(json!({ "role": "secondary", "any_of": [{ "event_type": "click" }] })));
    let changed = app.put(&path(&created), &json!({ "goals": given })).await.expect(200);
    assert_eq!(&changed["goals"][1]["id"], id);
    assert_eq!(changed["goals"][1]["name"], "Purchased");
    let changed = app.put(&path(&created), &json!({ "goals": [goal(json!({ "window_hours": 1 }))] })).await.expect(200);
    assert_ne!(&changed["goals"][0]["id"], id);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn what_is_no_goal_is_refused_by_its_field(db: PgPool) {
    let (app, _) = admin(&db).await;
    let second = goal(json!({ "name": "Other", "role": "secondary" }));
    for (goals, pointer) in [
        (json!([]), "/goals"),
        (json!([second]), "/goals"),
        (json!([goal(json!({})), goal(json!({ "name": "Other" }))]), "/goals"),
        (json!([goal(json!({})), goal(json!({ "role": "secondary" }))]), "/goals"),
        (json!([goal(json!({ "pause_on_harm": true }))]), "/goals"),
        (json!([goal(json!({ "name": " " }))]), "/goals/0/name"),
        (json!([goal(json!({ "any_of": [] }))]), "/goals/0/any_of"),
        (json!([goal(json!({ "any_of": [{ "event_type": "" }] }))]), "/goals/0/any_of/0"),
        (json!([goal(json!({ "any_of": [{ "event_type": "a\0" }] }))]), "/goals/0/any_of/0"),
        (
            json!([goal(json!({ "any_of": [{ "event_type": "a", "property": { "key": "k", "value": [] } }] }))]),
            "/goals/0/any_of/0",
        ),
        (json!([goal(json!({ "window_hours": 0 }))]), "/goals/0/window_hours"),
        (json!([goal(json!({ "window_hours": 9000 }))]), "/goals/0/window_hours"),
        (json!([goal(json!({ "role": "hope" }))]), "/goals/0/role"),
        (json!([goal(json!({ "measure": measure(json!({})) }))]), "/goals"),
        (json!([goal(json!({})), measured(json!({ "property": "" }))]), "/goals/1/measure"),
        (json!([goal(json!({})), measured(json!({ "cap": 0 }))]), "/goals/1/measure"),
        (json!([goal(json!({})), measured(json!({ "fold": "mean" }))]), "/goals/1/measure/fold"),
        (json!("none"), "/goals"),
    ] {
        let answer = app.post("/api/experiments", &json!({ "name": "x", "goals": goals })).await;
        assert_eq!(answer.refusal(422).1, [pointer], "{goals}");
    }
    assert_eq!(app.get("/api/experiments").await.expect(200), json!([]));
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn the_first_experiment_asks_for_calls_to_action_and_not_for_music(db: PgPool) {
    pushnami_abtest::seed::run_once(&db).await.unwrap();
    let (app, _) = admin(&db).await;
    let goals = &app.get("/api/experiments").await.expect(200)[0]["goals"];
    assert_eq!(goals[0]["role"], "primary");
    assert_eq!(
        goals[0]["any_of"],
        json!([{ "event_type": "click", "event_name": "cta_primary" }, { "event_type": "click", "event_name": "cta_secondary" }])
    );
    let measured = goals.as_array().unwrap().iter().filter(|goal| goal["measure"].is_object());
    assert_eq!(measured.map(|goal| &goal["measure"]["property"]).collect::<Vec<_>>(), ["seconds", "percent"]);
    // What was read is taken back: it is as good as if it had been typed.
    let change = json!({ "goals": goals });
    let path = "/api/experiments/01980000-0000-7000-8000-000000000001";
    assert_eq!(app.put(path, &change).await.expect(200)["goals"], *goals);
}
