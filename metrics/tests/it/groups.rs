//! Group commit: what waits together is committed together, nobody pays for a neighbour, and what was let in is kept.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

use pushnami_common::clock::Clock;
use pushnami_common::error::ApiResult;
use pushnami_metrics::events::model::{NewEvent, Recording};
use pushnami_metrics::events::recorder::{Recorder, WAITING_BYTES, WAITING_EVENTS};
use pushnami_testkit::NOON;
use serde_json::{Value, json};
use sqlx::{PgPool, Postgres, Transaction};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::{BATCH, EVENTS, commits, event, service, stored};

type Waiting = Pin<Box<dyn Future<Output = ApiResult<Vec<Uuid>>> + Send>>;

/// Holds every commit of events back until it ends.
async fn hold_back(db: &PgPool) -> Transaction<'static, Postgres> {
    let mut rival = db.begin().await.unwrap();
    sqlx::query("lock table events in exclusive mode").execute(&mut *rival).await.unwrap();
    rival
}

/// Returns when a writer of this database waits for a lock.
async fn writer_waits(db: &PgPool) {
    let question = "
        select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')";
    let wait = async {
        while !sqlx::query_scalar::<_, bool>(question).fetch_one(db).await.unwrap() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), wait).await.expect("a writer waits");
}

fn recording(about: Value) -> Recording {
    let (clock, _) = Clock::stopped_at(NOON);
    let new: NewEvent = serde_json::from_value(event(about)).unwrap();
    Recording::of(new, clock.now())
}

/// A recording that stands in the queue, or was refused at its door.
async fn queue(recorder: &Recorder, recordings: Vec<Recording>) -> Waiting {
    let recorder = recorder.clone();
    let room = recorder.reserve(recordings.len()).unwrap();
    let mut waiting: Waiting = Box::pin(async move { recorder.record(recordings, room).await });
    // Asked once, it is in. The answer, should there be one already, is not lost.
    match poll_fn(|context| Poll::Ready(waiting.as_mut().poll(context))).await {
        Poll::Pending => waiting,
        Poll::Ready(answer) => Box::pin(async move { answer }),
    }
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn what_waits_together_is_one_commit(db: PgPool) {
    let recorder = Recorder::start(db.clone());
    let rival = hold_back(&db).await;
    let first = queue(&recorder, vec![recording(json!({}))]).await;
    writer_waits(&db).await;
    let mut others = Vec::new();
    for _ in 0..50 {
        others.push(queue(&recorder, vec![recording(json!({})), recording(json!({}))]).await);
    }
    rival.commit().await.unwrap();
    for answer in [first].into_iter().chain(others) {
        assert!(answer.await.unwrap().is_empty());
    }
    assert_eq!((stored(&db).await, commits(&db).await), (101, 2));
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn within_a_group_the_first_of_an_id_counts(db: PgPool) {
    let recorder = Recorder::start(db.clone());
    let rival = hold_back(&db).await;
    let (one, two) = (Uuid::from_u128(1), Uuid::from_u128(2));
    let first = queue(&recorder, vec![recording(json!({}))]).await;
    writer_waits(&db).await;
    let alice = queue(&recorder, vec![recording(json!({ "id": one, "visitor_id": "alice" }))]).await;
    let bob =
        queue(&recorder, vec![recording(json!({ "id": one, "visitor_id": "bob" })), recording(json!({ "id": two }))]);
    let bob = bob.await;
    rival.commit().await.unwrap();
    assert_eq!((first.await.unwrap(), alice.await.unwrap(), bob.await.unwrap()), (vec![], vec![], vec![one]));
    let visitor: String =
        sqlx::query_scalar("select visitor_id from events where id = $1").bind(one).fetch_one(&db).await.unwrap();
    assert_eq!((stored(&db).await, visitor.as_str()), (3, "alice"));
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn whoever_is_refused_fails_alone(db: PgPool) {
    let recorder = Recorder::start(db.clone());
    let rival = hold_back(&db).await;
    let first = queue(&recorder, vec![recording(json!({}))]).await;
    writer_waits(&db).await;
    // The door lets no such text in; should it ever, then the database refuses it.
    let mut unstorable = recording(json!({}));
    unstorable.event.variant = Some("\0".to_owned());
    let good = queue(&recorder, vec![recording(json!({}))]).await;
    let bad = queue(&recorder, vec![recording(json!({})), unstorable]).await;
    let better = queue(&recorder, vec![recording(json!({}))]).await;
    rival.commit().await.unwrap();
    for answer in [first, good, better] {
        assert!(answer.await.unwrap().is_empty());
    }
    assert_eq!(bad.await.unwrap_err().status(), 422);
    assert_eq!(stored(&db).await, 3);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn who_goes_away_is_recorded_and_takes_nobody_along(db: PgPool) {
    let recorder = Recorder::start(db.clone());
    let rival = hold_back(&db).await;
    let first = queue(&recorder, vec![recording(json!({}))]).await;
    writer_waits(&db).await;
    drop(queue(&recorder, vec![recording(json!({}))]).await);
    let last = queue(&recorder, vec![recording(json!({}))]).await;
    // Whoever made the recorder may be gone too: what was let in is written before the writer ends.
    drop((first, recorder));
    rival.commit().await.unwrap();
    assert!(last.await.unwrap().is_empty());
    assert_eq!(stored(&db).await, 3);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn when_the_queue_is_full_more_is_sent_away_and_nothing_is_lost(db: PgPool) {
    let (app, _) = service(&db);
    let rival = hold_back(&db).await;
    let batch: Value = vec![event(json!({})); 1000].into();
    let mut posts = JoinSet::new();
    // One more than has room: a group that is being committed still takes its places.
    for _ in 0..=WAITING_EVENTS / 1000 {
        let (app, batch) = (app.clone(), batch.clone());
        posts.spawn(async move { app.post(BATCH, &batch).await });
    }
    let refused = posts.join_next().await.unwrap().unwrap();
    assert_eq!(refused.refusal(503).0, "more events wait than can be recorded now; send them again");
    assert_eq!(refused.header("retry-after"), "1");
    writer_waits(&db).await;
    // Not even a body that makes no sense is read now.
    assert_eq!(app.post_bytes(EVENTS, "text/html", b"{".to_vec()).await.status, 503);

    rival.commit().await.unwrap();
    for answer in posts.join_all().await {
        assert_eq!(answer.expect(201)["created"], 1000);
    }
    assert_eq!(stored(&db).await as usize, WAITING_EVENTS);
    app.post(EVENTS, &event(json!({}))).await.expect(201);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn what_is_too_large_for_the_room_that_is_left_is_refused_before_it_is_parsed(db: PgPool) {
    let (app, _) = service(&db);
    let rival = hold_back(&db).await;
    let heavy: Value = vec![event(json!({ "metadata": { "text": "x".repeat(16_000) } })); 37].into();
    assert!(heavy.to_string().len() > WAITING_BYTES * 9 / 10);
    let first = tokio::spawn({
        let app = app.clone();
        async move { app.post(BATCH, &heavy).await }
    });
    writer_waits(&db).await;
    let nonsense = vec![b'{'; WAITING_BYTES / 4];
    assert_eq!(app.post_bytes(BATCH, "application/json", nonsense.clone()).await.status, 503);
    // Something small still fits in.
    let small = tokio::spawn({
        let app = app.clone();
        async move { app.post(EVENTS, &event(json!({}))).await }
    });

    rival.commit().await.unwrap();
    first.await.unwrap().expect(201);
    small.await.unwrap().expect(201);
    assert_eq!(app.post_bytes(BATCH, "application/json", nonsense).await.status, 422);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn cut_connections_lose_nothing_and_double_nothing(db: PgPool) {
    let (app, _) = service(&db);
    let mut posts = JoinSet::new();
    for number in 0..40u128 {
        let app = app.clone();
        let batch: Value = (0..20).map(|one| event(json!({ "id": Uuid::from_u128(number * 20 + one + 1) }))).collect();
        posts.spawn(async move {
            while app.post(BATCH, &batch).await.status != 201 {
                tokio::task::yield_now().await;
            }
        });
    }
    let mut answered = 0;
    while posts.join_next().await.is_some() {
        answered += 1;
        if answered % 10 == 0 {
            let cut = "select count(pg_terminate_backend(pid)) from pg_stat_activity
                       where datname = current_database() and pid <> pg_backend_pid() and query like '%record_events%'";
            sqlx::query(cut).execute(&db).await.unwrap();
        }
    }
    assert_eq!((answered, stored(&db).await), (40, 800));
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn numbers_follow_the_order_of_commits_over_two_copies(db: PgPool) {
    let (one, two) = (Recorder::start(db.clone()), Recorder::start(db.clone()));
    let mut recordings = JoinSet::new();
    for number in 0..200 {
        let recorder = if number % 2 == 0 { one.clone() } else { two.clone() };
        let room = recorder.reserve(1).unwrap();
        recordings.spawn(async move { recorder.record(vec![recording(json!({}))], room).await.unwrap() });
    }
    // A follower that trusts the numbers misses nobody.
    let (mut followed, mut seen) = (0i64, 0);
    while seen < 200 {
        let news: Vec<i64> = sqlx::query_scalar("select seq from events where seq > $1 order by seq")
            .bind(followed)
            .fetch_all(&db)
            .await
            .unwrap();
        seen += news.len();
        followed = news.last().copied().unwrap_or(followed);
        if recordings.is_empty() {
            assert_eq!(seen, 200, "every event was seen once");
        }
        while recordings.try_join_next().is_some() {}
    }
}
