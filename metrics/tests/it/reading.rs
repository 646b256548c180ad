//! The admin reads the log: order, filters, pages.

use pushnami_metrics::exposures::worker as exposures;
use pushnami_metrics::retention::delete_old;
use pushnami_metrics::rollups::worker::fold_once;
use pushnami_testkit::{NOON, TestApp, count_statements};
use serde_json::{Value, json};
use sqlx::PgPool;
use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};

use crate::{BATCH, EVENTS, EXPERIMENT, admin, each, event};

/// The names of the events that a query finds.
async fn found(app: &TestApp, query: &str) -> Vec<Value> {
    each(&app.get(&format!("{EVENTS}?{query}")).await.expect(200), "event_name")
}

async fn post_names(app: &TestApp, count: usize) {
    let batch: Value = (0..count).map(|number| event(json!({ "event_name": number.to_string() }))).collect();
    app.post(BATCH, &batch).await.expect(201);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn a_log_without_events_is_empty(db: PgPool) {
    let (app, _) = admin(&db).await;
    assert_eq!(app.get(EVENTS).await.expect(200), json!([]));
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn a_page_has_a_hundred_events_unless_told_otherwise(db: PgPool) {
    let (app, _) = admin(&db).await;
    post_names(&app, 150).await;
    assert_eq!(found(&app, "").await.len(), 100);
    assert_eq!(found(&app, "limit=1000").await.len(), 150);
    assert_eq!(found(&app, "limit=2").await, ["149", "148"]);
    assert_eq!(found(&app, "limit=2&offset=3").await, ["146", "145"]);
    assert_eq!(found(&app, "offset=149").await, ["0"]);
    for beyond in ["offset=150", "offset=9223372036854775807", "limit=1000&offset=9223372036854775807"] {
        assert_eq!(found(&app, beyond).await, Vec::<Value>::new(), "{beyond}");
    }
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn filters_narrow_each_other(db: PgPool) {
    let (app, _) = admin(&db).await;
    let batch = json!([
        event(json!({ "event_name": "a", "variant": "neon", "experiment_id": EXPERIMENT })),
        event(json!({ "event_name": "b", "variant": "neon", "event_type": "click" })),
        event(json!({ "event_name": "c", "variant": "synth wave & co", "visitor_id": "Ω&b" })),
        event(json!({})),
    ]);
    app.post(BATCH, &batch).await.expect(201);
    for (query, expected) in [
        ("variant=neon", vec!["b", "a"]),
        ("variant=neon&event_type=page_view", vec!["a"]),
        ("variant=synth%20wave+%26%20co", vec!["c"]),
        ("variant=nobody", vec![]),
        ("event_type=click", vec!["b"]),
        ("event_name=a", vec!["a"]),
        ("visitor_id=%CE%A9%26b", vec!["c"]),
        (&format!("experiment_id={EXPERIMENT}"), vec!["a"]),
        (&format!("experiment_id={}", EXPERIMENT.replace('-', "")), vec!["a"]),
        ("experiment_id=99999999-9999-4999-8999-999999999999", vec![]),
        ("unknown=parameter&event_name=b", vec!["b"]),
    ] {
        assert_eq!(found(&app, query).await, expected, "{query}");
    }
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn from_is_included_and_to_is_not(db: PgPool) {
    let (app, hands) = admin(&db).await;
    for name in ["noon", "one", "two"] {
        app.post(EVENTS, &event(json!({ "event_name": name }))).await.expect(201);
        hands.advance(Duration::hours(1));
    }
    for (query, expected) in [
        ("from=2026-01-02T13:00:00Z", vec!["two", "one"]),
        ("from=2026-01-02T13:00:00.000001Z", vec!["two"]),
        ("to=2026-01-02T13:00:00Z", vec!["noon"]),
        ("from=2026-01-02T12:00:00Z&to=2026-01-02T14:00:00Z", vec!["one", "noon"]),
        ("from=2026-01-02T14:00:00%2B01:00&to=2026-01-02T15:00:00%2B01:00", vec!["one"]),
        ("from=2026-01-02T14:00:00Z&to=2026-01-02T12:00:00Z", vec![]),
        ("from=0000-01-01T00:00:00%2B23:59&to=9999-12-31T23:59:59Z", vec!["two", "one", "noon"]),
    ] {
        assert_eq!(found(&app, query).await, expected, "{query}");
    }
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn before_pages_through_the_log_while_new_events_arrive(db: PgPool) {
    let (app, hands) = admin(&db).await;
    post_names(&app, 5).await;
    let first = app.get(&format!("{EVENTS}?limit=2")).await.expect(200);
    assert_eq!(each(&first, "event_name"), ["4", "3"]);

    hands.advance(Duration::seconds(1));
    app.post(EVENTS, &event(json!({ "event_name": "new" }))).await.expect(201);
    let last = first[1]["id"].as_str().unwrap();
    let next = format!("limit=2&before={last}");
    assert_eq!(found(&app, &next).await, ["2", "1"]);
    assert_eq!(found(&app, &format!("before={last}&event_name=0")).await, ["0"]);
    assert_eq!(found(&app, &format!("before={last}&offset=2")).await, ["0"]);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn pages_split_events_of_one_moment_without_loss(db: PgPool) {
    let (app, _) = admin(&db).await;
    // Single events under a clock that stands still: only their ids tell them apart.
    for number in 0..7 {
        app.post(EVENTS, &event(json!({ "event_name": number.to_string() }))).await.expect(201);
    }
    let (mut seen, mut query) = (Vec::new(), "limit=3".to_owned());
    loop {
        let page = app.get(&format!("{EVENTS}?{query}")).await.expect(200);
        seen.extend(each(&page, "event_name"));
        let Some(last) = page.as_array().unwrap().last() else { break };
        query = format!("limit=3&before={}", last["id"].as_str().unwrap());
    }
    assert_eq!(seen, ["6", "5", "4", "3", "2", "1", "0"]);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn a_page_is_one_statement(db: PgPool) {
    let (app, _) = admin(&db).await;
    post_names(&app, 20).await;
    let (answer, statements) = count_statements(app.get(EVENTS)).await;
    assert_eq!((answer.expect(200).as_array().unwrap().len(), statements), (20, 1));
    let last = app.get(EVENTS).await.expect(200)[9]["id"].clone();
    let next = format!("{EVENTS}?before={}", last.as_str().unwrap());
    let (answer, statements) = count_statements(app.get(&next)).await;
    assert_eq!(
        (answer.expect(200).as_array().unwrap().len(), statements),
        (10, 2),
        "one finds where the page before ended"
    );
}

/// Deep pages step over whole hours by the rollups: they must show what skipping one by one shows.
#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn a_deep_page_is_the_one_that_skipping_one_by_one_leads_to(db: PgPool) {
    let (app, hands) = admin(&db).await;
    let mut number = 0;
    for size in [700, 3, 450, 0, 0, 800, 1, 900] {
        let batch: Value = (0..size)
            .map(|place| {
                number += 1;
                let variant = ["neon", "synthwave"][place % 3 / 2];
                let act = ["page_view", "click"][place % 2];
                event(json!({ "event_name": number.to_string(), "variant": variant, "event_type": act }))
            })
            .collect();
        if size > 0 {
            app.post(BATCH, &batch).await.expect(201);
        }
        hands.advance(Duration::minutes(47));
    }
    let last_hour = OffsetDateTime::parse(NOON, &Rfc3339).unwrap() + Duration::hours(2);
    // Nothing is counted yet, some of it, all of it, and at last the oldest events are gone.
    for counted in ["nothing", "some", "all", "half of the oldest gone", "without the oldest"] {
        match counted {
            "some" => drop(fold_once(&db, 1500).await.unwrap()),
            "all" => drop(fold_once(&db, 5000).await.unwrap()),
            "half of the oldest gone" => {
                // What an interrupted retention leaves behind.
                sqlx::query("update rollup_state set kept_from = $1").bind(last_hour).execute(&db).await.unwrap();
                let half =
                    "delete from events where created_at between '2026-01-02T13:00:00Z' and '2026-01-02T13:59:59Z'";
                assert_eq!(sqlx::query(half).execute(&db).await.unwrap().rows_affected(), 450);
            }
            "without the oldest" => {
                while exposures::step(&db, 5000).await.unwrap() != exposures::Progress::Done {}
                assert_eq!(delete_old(&db, last_hour).await.unwrap(), 703);
            }
            _ => {}
        }
        for filter in [
            "",
            "&variant=neon",
            "&event_type=click&variant=synthwave",
            "&from=2026-01-02T13:10:00Z",
            "&to=2026-01-02T17:20:00Z",
        ] {
            let all = names_in_order(&db, filter).await;
            for offset in [0, 2, 701, 1000, 1001, 1150, 1700, 2400, 2853, 2854, 9000] {
                let page = found(&app, &format!("limit=3&offset={offset}{filter}")).await;
                let expected: Vec<String> = all.iter().skip(offset).take(3).cloned().collect();
                assert_eq!(page, expected, "{counted} counted, offset {offset}{filter}");
            }
        }
        let third = app.get(&format!("{EVENTS}?limit=3")).await.expect(200)[2]["id"].as_str().unwrap().to_owned();
        let expected: Vec<String> = names_in_order(&db, "").await.into_iter().skip(1003).take(2).collect();
        assert_eq!(found(&app, &format!("limit=2&offset=1000&before={third}")).await, expected, "{counted} counted");
    }
}

/// The names of all events of a filter in the order of the log, as plain SQL tells them.
async fn names_in_order(db: &PgPool, filter: &str) -> Vec<String> {
    let condition = match filter {
        "" => "true",
        "&variant=neon" => "variant = 'neon'",
        "&event_type=click&variant=synthwave" => "event_type = 'click' and variant = 'synthwave'",
        "&from=2026-01-02T13:10:00Z" => "created_at >= '2026-01-02T13:10:00Z'",
        "&to=2026-01-02T17:20:00Z" => "created_at < '2026-01-02T17:20:00Z'",
        other => panic!("{other} has no counterpart"),
    };
    let sql = format!("select event_name from events where {condition} order by created_at desc, seq desc");
    sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_all(db).await.unwrap()
}
