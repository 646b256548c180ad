//! Answers from memory: no statement, never older than what this copy was told, and fresh on every other copy.

use std::future::Future;
use std::time::Duration;

use axum::http::Method;
use pushnami_abtest::app as service;
use pushnami_abtest::state::AppState;
use pushnami_common::clock::Clock;
use pushnami_testkit::{NOON, TestApp, admin_key, allowed_origins, count_statements};
use serde_json::{Value, json};
use sqlx::PgPool;

use crate::{create, path};

/// A copy of the service that follows changes, called by the admin.
pub async fn copy(db: &PgPool) -> TestApp {
    let (clock, _) = Clock::stopped_at(NOON);
    let key = admin_key(&clock);
    let state = AppState::new(db.clone(), clock, key.clone());
    state.snapshots.follow().await.unwrap();
    TestApp::new(service(state, allowed_origins())).as_admin(&key).await
}

/// Asks again until the answer is as it must become.
async fn until<F: Future<Output = bool>>(what: &str, is_so: impl Fn() -> F) {
    for _ in 0..3000 {
        if is_so().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("{what}: not within half a minute");
}

/// Whether the copy knows the toggle and has it on: another copy may not have been told of it yet.
async fn is_on(app: &TestApp, key: &str) -> bool {
    let answer = app.get(&format!("/api/toggles/{key}")).await;
    answer.status == 200 && answer.expect(200)["enabled"] == true
}

async fn switch(app: &TestApp, key: &str, enabled: bool) {
    app.put(&format!("/api/toggles/{key}"), &json!({ "enabled": enabled })).await.expect(200);
}

async fn toggle(app: &TestApp, key: &str) {
    app.post("/api/toggles", &json!({ "key": key, "name": key })).await.expect(201);
}

fn assign(visitor: &str, experiment: &Value) -> String {
    format!("/api/assign?visitor_id={visitor}&experiment_id={}", experiment["id"].as_str().unwrap())
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn what_is_known_is_answered_without_a_statement(db: PgPool) {
    let app = copy(&db).await;
    let experiment = create(&app, json!({})).await;
    toggle(&app, "a").await;
    let first = app.get(&assign("alice", &experiment)).await.expect(200);
    assert_eq!(first["is_new"], true);
    for known in
        ["/api/experiments", "/api/toggles", "/api/toggles/a", &path(&experiment), &assign("alice", &experiment)]
    {
        let (answer, statements) = count_statements(app.as_nobody().get(known)).await;
        answer.expect(200);
        assert_eq!(statements, 0, "{known}");
    }
    let again = app.get(&assign("alice", &experiment)).await.expect(200);
    assert_eq!((&again["variant"], &again["is_new"]), (&first["variant"], &json!(false)));
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn lists_are_tagged_and_known_states_are_304(db: PgPool) {
    let app = copy(&db).await;
    create(&app, json!({})).await;
    toggle(&app, "a").await;
    for list in ["/api/experiments", "/api/toggles"] {
        let answer = app.get(list).await;
        let tag = answer.header("etag").to_owned();
        assert_eq!(answer.header("content-type"), "application/json");
        let known = app.send(Method::GET, list, &[("if-none-match", &tag)], Vec::new()).await;
        assert_eq!((known.status, known.body.len(), known.header("etag")), (304, 0, tag.as_str()));
        switch(&app, "a", list == "/api/toggles").await;
        create(&app, json!({ "name": "another" })).await;
        let changed = app.send(Method::GET, list, &[("if-none-match", &tag)], Vec::new()).await;
        assert_eq!(changed.status, 200);
        assert_ne!(changed.header("etag"), tag);
    }
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn a_change_is_seen_at_once_here_and_soon_on_every_copy(db: PgPool) {
    let (here, there) = (copy(&db).await, copy(&db).await);
    toggle(&here, "a").await;
    let experiment = create(&here, json!({})).await;
    for enabled in [true, false, true] {
        switch(&here, "a", enabled).await;
        assert_eq!(is_on(&here, "a").await, enabled);
        until("the other copy is told", || async { is_on(&there, "a").await == enabled }).await;
    }
    here.put(&path(&experiment), &json!({ "name": "renamed" })).await.expect(200);
    assert_eq!(here.get(&path(&experiment)).await.expect(200)["name"], "renamed");
    until("the other copy is told", || async { there.get(&path(&experiment)).await.expect(200)["name"] == "renamed" })
        .await;
    here.delete("/api/toggles/a").await;
    assert_eq!(here.get("/api/toggles/a").await.status, 404);
    until("the other copy is told", || async { there.get("/api/toggles/a").await.status == 404 }).await;
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn a_change_is_seen_when_the_listening_connections_are_killed(db: PgPool) {
    let (here, there) = (copy(&db).await, copy(&db).await);
    toggle(&here, "a").await;
    for enabled in [true, false, true] {
        let killed: i64 = sqlx::query_scalar(
            "select count(pg_terminate_backend(pid)) from pg_stat_activity
             where datname = current_database() and pid <> pg_backend_pid() and query ilike 'listen %'",
        )
        .fetch_one(&db)
        .await
        .unwrap();
        assert!(killed > 0);
        switch(&here, "a", enabled).await;
        assert_eq!(is_on(&here, "a").await, enabled);
        until("the other copy finds out", || async { is_on(&there, "a").await == enabled }).await;
        until("somebody listens again", || async {
            let listening = sqlx::query_scalar::<_, i64>(
                "select count(*) from pg_stat_activity where datname = current_database() and query ilike 'listen %'",
            );
            listening.fetch_one(&db).await.unwrap() >= 2
        })
        .await;
    }
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn a_word_that_got_lost_is_missed(db: PgPool) {
    let app = copy(&db).await;
    toggle(&app, "a").await;
    assert!(!is_on(&app, "a").await);
    // A change that is counted but of which nobody is told.
    let silently = "alter table toggles disable trigger toggles_tell_change;
                    update toggles set enabled = true;
                    update configuration_versions set version = version + 1";
    sqlx::raw_sql(silently).execute(&db).await.unwrap();
    until("the version gives it away", || is_on(&app, "a")).await;
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn without_the_database_the_last_snapshot_serves(db: PgPool) {
    let app = copy(&db).await;
    let experiment = create(&app, json!({})).await;
    toggle(&app, "a").await;
    db.close().await;
    assert_eq!(app.get("/api/experiments").await.expect(200), json!([experiment]));
    assert!(!is_on(&app, "a").await);
    // What must be remembered cannot be.
    let answer = app.get(&assign("alice", &experiment)).await;
    answer.refusal(503);
    assert_eq!(answer.header("retry-after"), "1");
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn two_hundred_first_requests_over_two_copies_are_one_assignment(db: PgPool) {
    let copies = [copy(&db).await, copy(&db).await];
    let experiment = create(&copies[0], json!({})).await;
    let there = path(&experiment);
    until("the other copy is told", || async { copies[1].get(&there).await.status == 200 }).await;
    for visitor in ["alice", "bob", "carol"] {
        let requests = (0..200).map(|n| {
            let (app, path) = (copies[n % 2].as_nobody(), assign(visitor, &experiment));
            tokio::spawn(async move { app.get(&path).await.expect(200) })
        });
        let requests: Vec<_> = requests.collect();
        let (mut variants, mut new) = (Vec::new(), 0);
        for request in requests {
            let answer = request.await.unwrap();
            variants.push(answer["variant"].clone());
            new += usize::from(answer["is_new"] == true);
        }
        variants.dedup();
        let rows: Vec<(String, i32)> =
            sqlx::query_as("select variant, revision from assignments where visitor_id = $1")
                .bind(visitor)
                .fetch_all(&db)
                .await
                .unwrap();
        assert_eq!((variants.len(), new), (1, 1));
        assert_eq!(rows, [(variants[0].as_str().unwrap().to_owned(), 1)]);
    }
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn who_was_erased_is_new_again_on_every_copy(db: PgPool) {
    let copies = [copy(&db).await, copy(&db).await];
    let experiment = create(&copies[0], json!({})).await;
    let (there, path) = (path(&experiment), assign("alice", &experiment));
    until("the other copy is told", || async { copies[1].get(&there).await.status == 200 }).await;
    assert_eq!(copies[0].get(&path).await.expect(200)["is_new"], true);
    for app in &copies {
        assert_eq!(app.get(&path).await.expect(200)["is_new"], false);
    }
    for app in &copies {
        sqlx::query("select erase_assignments('alice')").execute(&db).await.unwrap();
        until("nobody remembers her", || async { app.get(&path).await.expect(200)["is_new"] == true }).await;
    }
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn what_is_remembered_gives_way_to_what_is_stored(db: PgPool) {
    let copies = [copy(&db).await, copy(&db).await];
    let about = json!({ "variants": ["a", "b"], "traffic_split": { "a": 100, "b": 0 } });
    let experiment = create(&copies[0], about).await;
    let (there, path) = (path(&experiment), assign("alice", &experiment));
    until("the other copy is told", || async { copies[1].get(&there).await.status == 200 }).await;
    for app in &copies {
        assert_eq!(app.get(&path).await.expect(200)["variant"], "a");
    }
    // While `a` is gone she is given `b`, and keeps it when `a` comes back: also where `a` was remembered.
    let gone = json!({ "variants": ["b", "c"], "traffic_split": { "b": 100, "c": 0 } });
    copies[0].put(&there, &gone).await.expect(200);
    assert_eq!(copies[0].get(&path).await.expect(200)["variant"], "b");
    let back = json!({ "variants": ["a", "b"], "traffic_split": { "a": 100, "b": 0 } });
    copies[0].put(&there, &back).await.expect(200);
    assert_eq!(copies[0].get(&path).await.expect(200)["variant"], "b");
    until("the other copy is told", || async { copies[1].get(&there).await.expect(200)["revision"] == 3 }).await;
    assert_eq!(copies[1].get(&path).await.expect(200)["variant"], "b");
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn the_whole_configuration_comes_as_soon_as_it_is_another(db: PgPool) {
    let (here, there) = (copy(&db).await, copy(&db).await);
    toggle(&here, "a").await;
    let experiment = create(&here, json!({})).await;
    let whole = here.as_nobody().get("/api/configuration").await.expect(200);
    assert_eq!(whole["experiments"], json!([experiment]));
    assert_eq!((&whole["toggles"][0]["key"], &whole["toggles"][0]["enabled"]), (&json!("a"), &json!(false)));

    let known = format!("/api/configuration?after={}", whole["version"]);
    until("the other copy has it", || async { there.get("/api/configuration").await.expect(200) == whole }).await;
    let (next, ()) = tokio::join!(there.get(&known), switch(&here, "a", true));
    let next = next.expect(200);
    assert_eq!(next["toggles"][0]["enabled"], true);
    assert!(next["version"].as_i64() > whole["version"].as_i64());
    here.get("/api/configuration?after=x").await.refusal(422);
    here.get("/api/configuration?follower=x").await.refusal(422);
}
