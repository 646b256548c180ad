//! Several at once: held back by a rival transaction until all of them wait, then let go.

use std::time::Duration;

use serde_json::{Value, json};
use sqlx::{PgConnection, PgPool};
use tokio::task::{JoinHandle, JoinSet};
use uuid::Uuid;

use crate::{BATCH, EVENTS, event, service, stored};

const ID: &str = "0198f000-0000-7000-8000-00000000000a";

/// Returns as soon as this many others wait for a lock in this database.
async fn others_wait(rival: &mut PgConnection, others: i64) {
    let question = "
        select count(distinct waiting.pid) from pg_locks as waiting join pg_locks as held using (pid)
        where not waiting.granted and held.database = (select oid from pg_database where datname = current_database())";
    let all_wait = async {
        while sqlx::query_scalar::<_, i64>(question).fetch_one(&mut *rival).await.unwrap() < others {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), all_wait).await.expect("the others wait");
}

/// An event that the rival stores and has not committed yet.
async fn insert(rival: &mut PgConnection, id: Uuid) {
    sqlx::query(
        "insert into events (id, visitor_id, event_type, event_name, created_at) values ($1, 'alice', 'click', 'rival', now())",
    )
    .bind(id)
    .execute(rival)
    .await
    .unwrap();
}

fn post(db: &PgPool, path: &'static str, body: Value) -> JoinHandle<Value> {
    let (app, _) = service(db);
    tokio::spawn(async move { app.post(path, &body).await.expect(201) })
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn the_answer_waits_for_the_commit(db: PgPool) {
    for (path, body) in [(EVENTS, event(json!({}))), (BATCH, json!([event(json!({}))]))] {
        let before = stored(&db).await;
        let mut rival = db.begin().await.unwrap();
        sqlx::query("lock table events in exclusive mode").execute(&mut *rival).await.unwrap();
        let post = post(&db, path, body);
        others_wait(&mut rival, 1).await;
        assert!(!post.is_finished());

        rival.commit().await.unwrap();
        post.await.unwrap();
        assert_eq!(stored(&db).await, before + 1);
    }
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn whoever_commits_first_under_an_id_is_the_event(db: PgPool) {
    let mut rival = db.begin().await.unwrap();
    insert(&mut rival, ID.parse().unwrap()).await;
    let single = post(&db, EVENTS, event(json!({ "id": ID, "event_name": "late" })));
    let batch = post(&db, BATCH, json!([event(json!({ "id": ID })), event(json!({}))]));
    others_wait(&mut rival, 2).await;

    rival.commit().await.unwrap();
    assert_eq!(single.await.unwrap()["event_name"], "rival");
    assert_eq!(batch.await.unwrap(), json!({ "created": 1, "duplicates": 1 }));
    assert_eq!(stored(&db).await, 2);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn a_rival_that_gives_up_leaves_the_id_to_the_next(db: PgPool) {
    let mut rival = db.begin().await.unwrap();
    insert(&mut rival, ID.parse().unwrap()).await;
    let single = post(&db, EVENTS, event(json!({ "id": ID, "event_name": "late" })));
    others_wait(&mut rival, 1).await;

    rival.rollback().await.unwrap();
    assert_eq!(single.await.unwrap()["event_name"], "late");
    assert_eq!(stored(&db).await, 1);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn fifty_at_once_under_one_id_are_one_event(db: PgPool) {
    let (app, _) = service(&db);
    let mut rival = db.begin().await.unwrap();
    sqlx::query("lock table events in exclusive mode").execute(&mut *rival).await.unwrap();
    let mut posts = JoinSet::new();
    for number in 0..50 {
        let app = app.clone();
        posts.spawn(
            async move { app.post(EVENTS, &event(json!({ "id": ID, "event_name": number.to_string() }))).await },
        );
    }
    others_wait(&mut rival, 1).await;
    rival.commit().await.unwrap();

    let answers: Vec<Value> = posts.join_all().await.iter().map(|answer| answer.expect(201)).collect();
    assert_eq!(stored(&db).await, 1);
    assert!(answers.iter().all(|answer| *answer == answers[0]), "all answer with the one that was stored");
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn batches_of_the_same_ids_in_any_order_do_not_lock_each_other_out(db: PgPool) {
    let ascending: Vec<Value> = (1..=9).map(|number| event(json!({ "id": Uuid::from_u128(number) }))).collect();
    let descending: Vec<Value> = ascending.iter().rev().cloned().collect();
    let mut rival = db.begin().await.unwrap();
    // The one in the middle: taken in the order they came, each batch would by now hold what the other needs next.
    insert(&mut rival, Uuid::from_u128(5)).await;
    let batches = [post(&db, BATCH, ascending.into()), post(&db, BATCH, descending.into())];
    others_wait(&mut rival, 2).await;
    rival.rollback().await.unwrap();

    let mut created = Vec::new();
    for batch in batches {
        created.push(batch.await.unwrap()["created"].as_u64().unwrap());
    }
    created.sort_unstable();
    assert_eq!((created, stored(&db).await), (vec![0, 9], 9));
}
