//! The stream of what is new: everything once and in order, also for those who were away.

use pushnami_testkit::Messages;
use serde_json::{Value, json};
use sqlx::PgPool;

use crate::{BATCH, EVENTS, STATS, admin, admin_at, each, event, service};

const LIVE: &str = "/api/live";

async fn names(messages: &mut Messages, count: usize) -> Vec<String> {
    let mut names = Vec::new();
    while names.len() < count {
        names.push(messages.next_of("event").await.json()["event_name"].as_str().unwrap().to_owned());
    }
    names
}

fn named(names: &[&str]) -> Value {
    names.iter().map(|name| event(json!({ "event_name": name }))).collect()
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn a_new_event_is_sent_as_the_log_lists_it_and_the_counts_follow(db: PgPool) {
    let (app, _) = admin(&db).await;
    app.post(BATCH, &named(&["before"])).await.expect(201);
    let mut messages = app.listen(LIVE, &[]).await;
    let start = messages.next().await.unwrap();
    assert_eq!((start.event.as_str(), start.data.as_str()), ("", ""), "nothing that is known already");
    let new =
        event(json!({ "event_name": "line\nbreak", "metadata": { "text": "a\nb \u{2028} Ω" }, "variant": "neon" }));
    app.post(EVENTS, &new).await.expect(201);
    // Whichever comes first: counts that hold the event may go out just before it.
    let (mut sent, mut counts) = (None, Value::Null);
    while sent.is_none() || counts["total_events"] != 2 {
        let message = messages.next().await.expect("the stream goes on");
        match message.event.as_str() {
            "event" => sent = Some(message),
            _ => counts = message.json(),
        }
    }
    let sent = sent.unwrap();
    assert_eq!(sent.json(), app.get(&format!("{EVENTS}?limit=1")).await.expect(200)[0]);
    assert!(sent.id.parse::<i64>().unwrap() > start.id.parse().unwrap());
    assert_eq!(counts, app.get(STATS).await.expect(200));
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn everybody_gets_what_any_copy_of_the_service_stores(db: PgPool) {
    let (app, _) = admin(&db).await;
    let (other, _) = service(&db);
    let (mut first, mut second) = (app.listen(LIVE, &[]).await, app.listen(LIVE, &[]).await);
    other.post(BATCH, &named(&["a", "b"])).await.expect(201);
    app.post(BATCH, &named(&["c"])).await.expect(201);
    let mut expected = ["a", "b", "c"];
    for messages in [&mut first, &mut second] {
        let mut got = names(messages, 3).await;
        got.sort();
        expected.sort();
        assert_eq!(got, expected);
    }
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn whoever_was_away_gets_what_was_missed_and_nothing_twice(db: PgPool) {
    let (app, _) = admin(&db).await;
    let mut messages = app.listen(LIVE, &[]).await;
    // Cut off before anything was said: the place is known all the same.
    let start = messages.next().await.unwrap().id;
    drop(messages);
    app.post(BATCH, &named(&["a", "b"])).await.expect(201);
    let mut messages = app.listen(LIVE, &[("last-event-id", &start)]).await;
    assert_eq!(names(&mut messages, 1).await, ["a"]);
    let second = messages.next_of("event").await;
    drop(messages);
    app.post(BATCH, &named(&["c"])).await.expect(201);
    let mut messages = app.listen(LIVE, &[("last-event-id", &second.id)]).await;
    assert_eq!(names(&mut messages, 1).await, ["c"]);
    app.post(BATCH, &named(&["d"])).await.expect(201);
    assert_eq!(names(&mut messages, 1).await, ["d"]);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn whoever_missed_very_much_is_told_to_read_anew(db: PgPool) {
    let (app, _) = admin(&db).await;
    let start = app.listen(LIVE, &[]).await.next().await.unwrap().id;
    app.post(BATCH, &named(&["missed"; 1000])).await.expect(201);
    let mut all = app.listen(LIVE, &[("last-event-id", &start)]).await;
    assert_eq!(names(&mut all, 1000).await, vec!["missed"; 1000]);
    // Who begins to listen while nobody else does begins at the very end.
    drop(all);
    app.post(BATCH, &named(&["one more"])).await.expect(201);
    let mut messages = app.listen(LIVE, &[("last-event-id", &start)]).await;
    assert_eq!(messages.next().await.unwrap().event, "reset");
    app.post(BATCH, &named(&["new"])).await.expect(201);
    assert_eq!(names(&mut messages, 1).await, ["new"]);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn who_does_not_read_is_cut_off_and_finds_everything_afterwards(db: PgPool) {
    let (app, _) = admin(&db).await;
    let (mut slow, mut quick) = (app.listen(LIVE, &[]).await, app.listen(LIVE, &[]).await);
    let start = slow.next().await.unwrap().id;
    for _ in 0..20 {
        app.post(BATCH, &named(&["flood"; 1000])).await.expect(201);
        // Read all the time: this one is never behind.
        names(&mut quick, 1000).await;
    }
    let mut read = 0;
    let mut last = start;
    while let Some(message) = slow.next().await {
        read += usize::from(message.event == "event");
        last = message.id;
    }
    assert!(read < 20_000, "everything was kept for a listener that does not read");
    let mut back = app.listen(LIVE, &[("last-event-id", &last)]).await;
    assert_eq!(back.next().await.unwrap().event, "reset");
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn only_the_admin_listens_and_from_a_place_that_can_be(db: PgPool) {
    let app = admin_at(&db, "2026-01-02T12:00:00Z").await;
    assert_eq!(app.as_nobody().get(LIVE).await.status, 401);
    for wrong in ["", "abc", "-1", "1.5", "99999999999999999999"] {
        let refused = app.send(axum::http::Method::GET, LIVE, &[("last-event-id", wrong)], Vec::new()).await;
        assert_eq!(refused.refusal(422).1, ["Last-Event-ID"], "{wrong}");
    }
    // From beyond the end: as from now on.
    let mut messages = app.listen(LIVE, &[("last-event-id", "9223372036854775807")]).await;
    app.post(BATCH, &named(&["now"])).await.expect(201);
    assert_eq!(names(&mut messages, 1).await, ["now"]);
    assert_eq!(each(&app.get(EVENTS).await.expect(200), "event_name"), ["now"]);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn counts_that_change_without_an_event_are_sent_too(db: PgPool) {
    let (app, _) = admin(&db).await;
    app.post(BATCH, &named(&["a"])).await.expect(201);
    let mut messages = app.listen(LIVE, &[]).await;
    app.delete("/api/visitors/alice").await.expect(200);
    while messages.next_of("stats").await.json()["erased"]["events"] != 1 {}
    let headers = [("sec-gpc", "1"), ("content-type", "application/json")];
    let dropped = app.send(axum::http::Method::POST, BATCH, &headers, named(&["b"]).to_string()).await;
    assert_eq!(dropped.status, 204);
    while messages.next_of("stats").await.json()["excluded"]["no_track"] != 1 {}
}
