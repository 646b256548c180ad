//! Health, docs and counters, as far as they are metrics' own.

use pushnami_testkit::TestApp;
use serde_json::json;
use sqlx::{ConnectOptions, PgPool};

use crate::{BATCH, EVENTS, STATS, admin, event, service};

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn health_tells_whether_the_database_answers(db: PgPool) {
    let (app, _) = service(&db);
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(
        app.get("/health").await.expect(200),
        json!({ "status": "ok", "service": "metrics", "version": version })
    );
    db.close().await;
    let answer = app.get("/health").await;
    assert_eq!(answer.expect(503)["status"], "degraded");
    assert_eq!(answer.json()["failing"], "the database refuses");
    assert_eq!(answer.header("retry-after"), "1");
    assert_eq!(app.get("/livez").await.status, 200);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn while_the_database_is_away_nothing_is_taken_and_nothing_breaks(db: PgPool) {
    let (app, _) = admin(&db).await;
    db.close().await;
    for answer in [
        app.post(EVENTS, &event(json!({}))).await,
        app.post(BATCH, &json!([event(json!({}))])).await,
        app.get(EVENTS).await,
        app.get(STATS).await,
    ] {
        assert_eq!(answer.refusal(503).0, "the database is away");
        assert_eq!(answer.header("retry-after"), "1");
    }
    app.post(EVENTS, &json!({})).await.refusal(422);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn what_became_of_events_is_counted(db: PgPool) {
    let (app, _) = service(&db);
    let before = ingested(&app).await;
    let known = event(json!({ "id": "0198f000-0000-7000-8000-00000000000a" }));
    app.post(EVENTS, &known).await.expect(201);
    app.post(EVENTS, &known).await.expect(201);
    app.post(BATCH, &json!([known, event(json!({})), event(json!({}))])).await.expect(201);
    app.post(BATCH, &json!([{}, {}])).await.refusal(422);
    app.post_bytes(EVENTS, "text/html", Vec::new()).await.refusal(415);

    // Other tests of this process count on the same counter, so that it may have grown by more.
    let after = ingested(&app).await;
    let grown: Vec<_> = after.iter().zip(before).map(|(after, before)| after - before).collect();
    assert!(grown.iter().zip([3, 2, 2]).all(|(grown, least)| *grown >= least), "{grown:?}");
}

/// The counter's three outcomes: stored, duplicate, invalid.
async fn ingested(app: &TestApp) -> [u64; 3] {
    let counters = app.get("/metrics").await.text();
    ["stored", "duplicate", "invalid"].map(|outcome| {
        let name = format!("pushnami_events_ingested_total{{outcome=\"{outcome}\"}} ");
        let line = counters.lines().find_map(|line| line.strip_prefix(&name));
        line.unwrap_or_else(|| panic!("no {name} in {counters}")).parse().unwrap()
    })
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn docs_are_served(db: PgPool) {
    let (app, _) = service(&db);
    let document = app.get("/openapi.json").await.expect(200);
    assert_eq!((&document["openapi"], &document["info"]["title"]), (&json!("3.1.0"), &json!("Pushnami metrics")));
    assert_eq!(app.get("/docs/").await.status, 200);
}

/// Whoever goes away in the very moment of a `begin` leaves a transaction open; what the next one recorded on that
/// connection would be answered 201 and never be committed.
#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn a_connection_is_used_again_unless_a_transaction_was_left_open_on_it(db: PgPool) {
    let pool = pushnami_common::db::connect(db.connect_options().to_url_lossy().as_str(), "test").await.unwrap();
    let process = async |connection: &mut sqlx::PgConnection| -> i32 {
        sqlx::query_scalar("select pg_backend_pid()").fetch_one(connection).await.unwrap()
    };
    let mut first = pool.acquire().await.unwrap();
    let used = process(&mut first).await;
    first.return_to_pool().await;

    // The pool may open others meanwhile: those are held until the one given back comes.
    let mut others = Vec::new();
    let mut again = pool.acquire().await.unwrap();
    while process(&mut again).await != used {
        others.push(again);
        again = pool.acquire().await.expect("the one given back comes before the pool has no more");
    }
    sqlx::query("begin").execute(&mut *again).await.unwrap();
    again.return_to_pool().await;
    while others.len() < pool.options().get_max_connections() as usize {
        let mut another = pool.acquire().await.unwrap();
        assert_ne!(process(&mut another).await, used);
        others.push(another);
    }
}
