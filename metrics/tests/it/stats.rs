//! The counts: what they mean, and that they agree with each other.

use pushnami_metrics::exposures::worker as exposures;
use pushnami_metrics::retention::delete_old;
use pushnami_metrics::rollups::worker::{FOLD_EVENTS, Progress, fold_once};
use pushnami_testkit::{TestApp, count_statements};
use serde_json::{Value, json};
use sqlx::PgPool;
use time::macros::datetime;

use crate::{BATCH, EVENTS, EXPERIMENT, STATS, admin, admin_at, event};

/// Posts (visitor, variant, event type) each as one event of the experiment.
async fn post(app: &TestApp, acts: &[(&str, Option<&str>, &str)]) {
    let batch: Value = acts
        .iter()
        .map(|(visitor, variant, act)| {
            json!({ "visitor_id": visitor, "variant": variant, "event_type": act, "experiment_id": EXPERIMENT })
        })
        .collect();
    app.post(BATCH, &batch).await.expect(201);
}

const NEON: Option<&str> = Some("neon");
const SYNTHWAVE: Option<&str> = Some("synthwave");

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn without_events_every_part_is_there_and_empty(db: PgPool) {
    let (app, _) = admin(&db).await;
    let nothing = json!({
        "total_events": 0, "unique_visitors": 0, "events_by_type": {}, "events_by_variant": {}, "variant_breakdown": [],
        "conversion_by_variant": {}, "timeline": [], "music": { "total": 0, "by_action": {}, "by_track": {} },
        "excluded": { "preview": 0, "robot": 0, "no_track": 0 }, "erased": { "visitors": 0, "events": 0 }
    });
    assert_eq!(app.get(STATS).await.expect(200), nothing);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn events_are_counted_and_visitors_convert(db: PgPool) {
    let (app, _) = admin(&db).await;
    post(
        &app,
        &[
            ("alice", NEON, "page_view"),
            ("alice", NEON, "page_view"),
            ("alice", NEON, "click"),
            ("alice", NEON, "click"),
            ("bob", NEON, "page_view"),
            ("carol", NEON, "page_view"),
            ("carol", NEON, "form_submit"),
            ("dave", SYNTHWAVE, "click"),
            ("alice", None, "page_view"),
            ("erin", None, "scroll"),
        ],
    )
    .await;
    let expected = json!({
        "total_events": 10,
        "unique_visitors": 5,
        "events_by_type": { "page_view": 5, "click": 3, "form_submit": 1, "scroll": 1 },
        "events_by_variant": { "neon": 7, "synthwave": 1 },
        "variant_breakdown": [
            { "variant": "neon", "event_type": "click", "count": 2 },
            { "variant": "neon", "event_type": "form_submit", "count": 1 },
            { "variant": "neon", "event_type": "page_view", "count": 4 },
            { "variant": "synthwave", "event_type": "click", "count": 1 },
        ],
        "conversion_by_variant": {
            "neon": { "views": 3, "clicks": 1, "submissions": 1, "click_rate": 33.3, "submit_rate": 33.3 },
            "synthwave": { "views": 0, "clicks": 1, "submissions": 0, "click_rate": 0.0, "submit_rate": 0.0 },
        },
        "timeline": [
            { "hour": "2026-01-02T12:00:00Z", "variant": "neon", "event_type": "click", "count": 2 },
            { "hour": "2026-01-02T12:00:00Z", "variant": "neon", "event_type": "form_submit", "count": 1 },
            { "hour": "2026-01-02T12:00:00Z", "variant": "neon", "event_type": "page_view", "count": 4 },
            { "hour": "2026-01-02T12:00:00Z", "variant": "synthwave", "event_type": "click", "count": 1 },
            { "hour": "2026-01-02T12:00:00Z", "variant": null, "event_type": "page_view", "count": 1 },
            { "hour": "2026-01-02T12:00:00Z", "variant": null, "event_type": "scroll", "count": 1 },
        ],
        "music": { "total": 0, "by_action": {}, "by_track": {} },
        "excluded": { "preview": 0, "robot": 0, "no_track": 0 },
        "erased": { "visitors": 0, "events": 0 },
    });
    assert_eq!(app.get(STATS).await.expect(200), expected);
    assert_eq!(app.get(&format!("{STATS}?experiment_id={EXPERIMENT}")).await.expect(200), expected);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn every_part_obeys_the_experiment(db: PgPool) {
    let (app, _) = admin(&db).await;
    let mut alone = event(json!({
        "visitor_id": "zoe", "event_type": "click", "event_name": "music_play", "metadata": { "track": "Temple Bells" },
        "variant": "neon", "experiment_id": "99999999-9999-4999-8999-999999999999"
    }));
    app.post(EVENTS, &alone).await.expect(201);
    let before = app.get(&format!("{STATS}?experiment_id=99999999-9999-4999-8999-999999999999")).await.expect(200);

    post(&app, &[("alice", NEON, "page_view"), ("bob", SYNTHWAVE, "click"), ("carol", None, "scroll")]).await;
    alone["experiment_id"] = Value::Null;
    app.post(EVENTS, &alone).await.expect(201);
    let after = app.get(&format!("{STATS}?experiment_id=99999999-9999-4999-8999-999999999999")).await.expect(200);
    assert_eq!(before, after);
    assert_eq!((&after["total_events"], &after["music"]["total"]), (&json!(1), &json!(1)));
    assert_eq!(app.get(STATS).await.expect(200)["total_events"], 5);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn a_duplicate_counts_once(db: PgPool) {
    let (app, _) = admin(&db).await;
    let again = event(json!({ "id": "0198f000-0000-7000-8000-00000000000a", "variant": "neon" }));
    for _ in 0..3 {
        app.post(EVENTS, &again).await.expect(201);
        app.post(BATCH, &json!([again, again])).await.expect(201);
    }
    let stats = app.get(STATS).await.expect(200);
    assert_eq!((&stats["total_events"], &stats["events_by_variant"]), (&json!(1), &json!({ "neon": 1 })));
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn the_timeline_is_the_last_24_hours(db: PgPool) {
    for (visitor, moment) in [("alice", "12:30:00"), ("bob", "12:59:59.999999"), ("carol", "13:00:00")] {
        let app = admin_at(&db, &format!("2026-01-02T{moment}Z")).await;
        post(&app, &[(visitor, NEON, "click")]).await;
    }
    let (noon, one) = ("2026-01-02T12:00:00Z", "2026-01-02T13:00:00Z");
    for (moment, expected) in [
        ("2026-01-02T13:00:00Z", vec![(noon, 2), (one, 1)]),
        // The hour of 24 hours ago is cut at the minute.
        ("2026-01-03T12:30:00Z", vec![(noon, 1), (one, 1)]),
        ("2026-01-03T12:59:59.999999Z", vec![(one, 1)]),
        ("2026-01-03T13:00:00Z", vec![]),
    ] {
        let stats = admin_at(&db, moment).await.get(STATS).await.expect(200);
        let hours = stats["timeline"].as_array().unwrap().iter();
        let hours: Vec<_> =
            hours.map(|hour| (hour["hour"].as_str().unwrap(), hour["count"].as_i64().unwrap())).collect();
        assert_eq!(hours, expected, "{moment}");
        assert_eq!(stats["total_events"], 3, "the totals keep what left the timeline");
    }
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn a_day_is_as_long_as_its_time_zone_makes_it(db: PgPool) {
    // In Athens clocks go forward at 01:00 UTC on 2026-03-29 and back at 01:00 UTC on 2026-10-25.
    let (before, after) = ("2026-03-29T00:30:00Z", "2026-03-29T20:30:00Z");
    for moment in [before, after, "2026-03-29T21:00:00Z", "2026-10-24T21:00:00Z", "2026-10-25T21:59:59Z"] {
        post(&admin_at(&db, moment).await, &[("alice", NEON, "click")]).await;
    }
    let app = admin_at(&db, "2026-11-01T00:00:00Z").await;
    let days = async |from: &str, to: &str, zone: &str| {
        let stats = app.get(&format!("{STATS}?from={from}&to={to}&tz={zone}&interval=day")).await.expect(200);
        let steps = stats["timeline"].as_array().unwrap().iter();
        steps
            .map(|step| (step["hour"].as_str().unwrap().to_owned(), step["count"].as_i64().unwrap()))
            .collect::<Vec<_>>()
    };
    let day = |start: &str, count| (start.to_owned(), count);
    let spring = days("2026-03-28T22:00:00Z", "2026-03-30T21:00:00Z", "Europe/Athens").await;
    assert_eq!(spring, [day("2026-03-28T22:00:00Z", 2), day("2026-03-29T21:00:00Z", 1)], "23 hours, then 24");
    let autumn = days("2026-10-24T21:00:00Z", "2026-10-25T22:00:00Z", "Europe/Athens").await;
    assert_eq!(autumn, [day("2026-10-24T21:00:00Z", 2)], "25 hours");
    let elsewhere = days("2026-03-29T00:00:00Z", "2026-03-30T00:00:00Z", "UTC").await;
    assert_eq!(elsewhere, [day("2026-03-29T00:00:00Z", 3)]);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn what_retention_deletes_stays_counted(db: PgPool) {
    for day in 1..=5 {
        let moment = format!("2026-01-0{day}T10:20:00Z");
        post(&admin_at(&db, &moment).await, &[("alice", NEON, "page_view"), ("bob", NEON, "click")]).await;
    }
    let app = admin_at(&db, "2026-01-05T12:00:00Z").await;
    let before = app.get(STATS).await.expect(200);
    assert_eq!(fold_once(&db, FOLD_EVENTS).await.unwrap(), Progress::Counted(10));
    // What results have not counted yet stays.
    assert_eq!(delete_old(&db, datetime!(2026-01-04 10:59 UTC)).await.unwrap(), 0);
    exposures::fold_once(&db, FOLD_EVENTS).await.unwrap();
    assert_eq!(delete_old(&db, datetime!(2026-01-04 10:59 UTC)).await.unwrap(), 6);
    assert_eq!(app.get(&format!("{EVENTS}?limit=100")).await.expect(200).as_array().unwrap().len(), 4);
    assert_eq!(app.get(STATS).await.expect(200), before);
    let of_three_days =
        app.get(&format!("{STATS}?from=2026-01-01T00:00:00Z&to=2026-01-04T00:00:00Z")).await.expect(200);
    assert_eq!((&of_three_days["total_events"], &of_three_days["unique_visitors"]), (&json!(6), &json!(2)));
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn music_is_counted_by_action_and_track(db: PgPool) {
    let (app, _) = admin(&db).await;
    let click = |name, metadata| event(json!({ "event_type": "click", "event_name": name, "metadata": metadata }));
    let batch = json!([
        click("music_play", json!({ "track": "Temple Bells" })),
        click("music_play", json!({ "track": "Agora Nights" })),
        click("music_track_select", json!({ "track": "Temple Bells" })),
        click("music_pause", json!({})),
        click("music_next", json!({ "track": null })),
        click("music_prev", json!({ "track": { "odd": 1 } })),
        click("cta_primary", json!({ "track": "Temple Bells" })),
        click("musical", json!({})),
        event(json!({ "event_type": "engagement", "event_name": "music_play", "metadata": { "track": "x" } })),
        event(json!({ "event_type": "click" })),
    ]);
    app.post(BATCH, &batch).await.expect(201);
    let expected = json!({
        "total": 6,
        "by_action": { "play": 2, "track_select": 1, "pause": 1, "next": 1, "prev": 1 },
        "by_track": { "Temple Bells": 2, "Agora Nights": 1 },
    });
    assert_eq!(app.get(STATS).await.expect(200)["music"], expected);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn however_many_events_there_are_the_statements_are_the_same(db: PgPool) {
    let (app, _) = admin(&db).await;
    post(&app, &[("alice", NEON, "click"); 10]).await;
    let (_, of_few) = count_statements(app.get(STATS)).await;
    post(&app, &[("alice", NEON, "click"); 900]).await;
    let (answer, of_many) = count_statements(app.get(STATS)).await;
    assert_eq!((answer.status, of_many), (200, of_few));
    let (answer, unchanged) = count_statements(app.get(STATS)).await;
    assert_eq!((answer.status, unchanged), (200, 1), "one statement tells that the last answer still holds");
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn what_enters_no_result_is_counted_and_shown_apart(db: PgPool) {
    let (app, _) = admin(&db).await;
    let batch = json!([
        event(json!({ "metadata": { "preview": true } })),
        event(json!({ "user_agent": "Googlebot/2.1 (+http://www.google.com/bot.html)" })),
        event(json!({ "user_agent": "Googlebot/2.1 (+http://www.google.com/bot.html)" })),
        event(json!({})),
    ]);
    app.post(BATCH, &batch).await.expect(201);
    let unwilling = [("sec-gpc", "1"), ("content-type", "application/json")];
    let body = json!([event(json!({}))]).to_string().into_bytes();
    assert_eq!(app.send(axum::http::Method::POST, BATCH, &unwilling, body).await.status, 204);
    let stats = app.get(STATS).await.expect(200);
    assert_eq!(
        (&stats["total_events"], &stats["excluded"]),
        (&json!(4), &json!({ "preview": 1, "robot": 2, "no_track": 1 }))
    );
}
