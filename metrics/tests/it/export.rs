//! The log as a file: all of it, in the log's order, however many pages it is written in.

use pushnami_testkit::TestApp;
use serde_json::{Value, json};
use sqlx::PgPool;
use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};

use crate::{BATCH, EXPERIMENT, admin, event, service};

const EXPORT: &str = "/api/events/export";

async fn lines(app: &TestApp, query: &str) -> Vec<Value> {
    let answer = app.get(&format!("{EXPORT}?format=ndjson&{query}")).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.header("content-type"), "application/x-ndjson");
    answer.text().lines().map(|line| serde_json::from_str(line).expect("a line is JSON")).collect()
}

fn names(events: &[Value]) -> Vec<&str> {
    events.iter().map(|event| event["event_name"].as_str().unwrap()).collect()
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn a_line_holds_what_the_log_shows_and_why_it_enters_no_result(db: PgPool) {
    let (app, _) = admin(&db).await;
    let whole = json!({
        "id": "01980000-0000-7000-8000-0000000000e1", "visitor_id": "alice", "experiment_id": EXPERIMENT,
        "variant": "neon", "event_type": "click", "event_name": "cta", "page_url": "http://localhost:3000/",
        "metadata": { "preview": true, "text": "Ω \"x\",\n" }, "user_agent": "Firefox",
    });
    app.post(BATCH, &json!([whole])).await.expect(201);
    let mut expected = app.get("/api/events").await.expect(200)[0].clone();
    expected["excluded"] = "preview".into();
    assert_eq!(lines(&app, "").await, [expected]);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn a_csv_file_has_a_head_and_computes_nothing_that_a_stranger_wrote(db: PgPool) {
    let (app, _) = admin(&db).await;
    let head =
        "\u{feff}created_at,id,visitor_id,experiment_id,variant,event_type,event_name,metadata,page_url,excluded\r\n";
    let empty = app.get(EXPORT).await;
    assert_eq!((empty.status, empty.text()), (200, head.to_owned()));
    assert_eq!(empty.header("content-type"), "text/csv; charset=utf-8; header=present");
    assert_eq!(empty.header("content-disposition"), "attachment; filename=\"events-2026-01-02.csv\"");

    let hostile = json!({
        "id": "01980000-0000-7000-8000-0000000000e1", "visitor_id": "=1+1", "event_type": "@x",
        "event_name": "a,\"b\"\nc", "metadata": { "a": 1 }, "user_agent": "curl/8",
    });
    app.post(BATCH, &json!([hostile])).await.expect(201);
    let row = "2026-01-02T12:00:00Z,01980000-0000-7000-8000-0000000000e1,'=1+1,,,'@x,\"a,\"\"b\"\"\nc\",\"{\"\"a\"\": 1}\",,robot\r\n";
    assert_eq!(app.get(&format!("{EXPORT}?format=csv")).await.text(), format!("{head}{row}"));
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn a_file_of_many_pages_misses_nothing_and_repeats_nothing(db: PgPool) {
    let (app, _) = admin(&db).await;
    // Heavy rows make small pages; that they share their moments makes the page's ends hard to find.
    for part in 0..3 {
        let batch: Value = (0..250)
            .map(|number| {
                event(json!({ "event_name": (part * 250 + number).to_string(), "metadata": { "x": "y".repeat(3000) } }))
            })
            .collect();
        app.post(BATCH, &batch).await.expect(201);
    }
    let found = lines(&app, "").await;
    let mut numbers: Vec<u32> = names(&found).iter().map(|name| name.parse().unwrap()).collect();
    let moment = |line: &Value| OffsetDateTime::parse(line["created_at"].as_str().unwrap(), &Rfc3339).unwrap();
    let moments: Vec<_> = found.iter().map(moment).collect();
    assert!(moments.is_sorted_by(|newer, older| newer >= older));
    numbers.sort_unstable();
    assert_eq!(numbers, (0..750).collect::<Vec<_>>());
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn the_filters_of_the_list_serve_here_too(db: PgPool) {
    let (app, hands) = admin(&db).await;
    for (name, about) in [
        ("a", json!({ "variant": "neon", "experiment_id": EXPERIMENT })),
        ("b", json!({ "variant": "neon", "event_type": "click" })),
        ("c", json!({ "visitor_id": "Ω&b" })),
    ] {
        let mut one = event(about);
        one["event_name"] = name.into();
        app.post(BATCH, &json!([one])).await.expect(201);
        hands.advance(Duration::hours(1));
    }
    for (query, expected) in [
        ("", vec!["c", "b", "a"]),
        ("variant=neon", vec!["b", "a"]),
        ("event_type=click", vec!["b"]),
        ("event_name=a", vec!["a"]),
        ("visitor_id=%CE%A9%26b", vec!["c"]),
        ("visitor_id=alice&from=2026-01-02T13:00:00Z", vec!["b"]),
        (&format!("experiment_id={EXPERIMENT}"), vec!["a"]),
        ("from=2026-01-02T13:00:00Z", vec!["c", "b"]),
        ("to=2026-01-02T13:00:00Z", vec!["a"]),
    ] {
        assert_eq!(names(&lines(&app, query).await), expected, "{query}");
    }
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn what_cannot_be_meant_is_refused(db: PgPool) {
    let (app, _) = admin(&db).await;
    for (query, pointer) in [
        ("format=xml", "/format"),
        ("experiment_id=x", "/experiment_id"),
        ("from=yesterday", "/from"),
        ("visitor_id=", "/visitor_id"),
        ("event_type=%00", "/event_type"),
    ] {
        let (_, pointers) = app.get(&format!("{EXPORT}?{query}")).await.refusal(422);
        assert_eq!(pointers, [pointer], "{query}");
    }
    service(&db).0.get(EXPORT).await.refusal(401);
}
