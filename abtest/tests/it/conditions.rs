//! Two people edit the same thing: the second is told and shown what it has become, and nothing is overwritten.

use axum::http::Method;
use pushnami_testkit::{Answer, TestApp};
use serde_json::{Value, json};
use sqlx::PgPool;
use time::Duration;

use crate::{admin, create, path};

/// Where an experiment and a toggle stand, and a change of each.
async fn both(app: &TestApp) -> [(String, Value); 2] {
    let experiment = create(app, json!({})).await;
    app.post("/api/toggles", &json!({ "key": "rain", "name": "Rain" })).await.expect(201);
    [(path(&experiment), json!({ "name": "Mine" })), ("/api/toggles/rain".to_owned(), json!({ "name": "Mine" }))]
}

async fn put_if(app: &TestApp, path: &str, tags: &str, change: &Value) -> Answer {
    let headers = [("content-type", "application/json"), ("if-match", tags)];
    app.send(Method::PUT, path, &headers, change.to_string().into_bytes()).await
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn a_stale_change_is_refused_with_what_it_has_become(db: PgPool) {
    let (app, hands) = admin(&db).await;
    for (path, change) in both(&app).await {
        let read = app.get(&path).await.header("etag").to_owned();
        hands.advance(Duration::seconds(1));
        app.put(&path, &json!({ "description": "theirs" })).await.expect(200);

        let refused = put_if(&app, &path, &read, &change).await;
        let now = app.get(&path).await;
        assert_eq!((refused.status, refused.header("etag")), (412, now.header("etag")));
        let problem: Value = serde_json::from_slice(&refused.body).unwrap();
        let current: Value = serde_json::from_slice(&now.body).unwrap();
        assert_eq!((&problem["current"], &current["description"]), (&current, &json!("theirs")));
        assert_ne!(current["name"], "Mine", "a refused change changes nothing");

        let deleted = app.send(Method::DELETE, &path, &[("if-match", &read)], Vec::new()).await;
        assert_eq!(deleted.status, 412);
        app.get(&path).await.expect(200);
    }
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn a_change_of_the_state_that_was_read_goes_through_and_answers_the_next_tag(db: PgPool) {
    let (app, hands) = admin(&db).await;
    for (path, change) in both(&app).await {
        let read = app.get(&path).await.header("etag").to_owned();
        assert!(read.starts_with('"'), "a strong tag in quotes: {read}");
        hands.advance(Duration::seconds(1));
        let changed = put_if(&app, &path, &format!("\"other\", {read}"), &change).await;
        assert_eq!(changed.status, 200);
        assert_ne!(changed.header("etag"), read);
        assert_eq!(changed.header("etag"), app.get(&path).await.header("etag"));
        assert_eq!(put_if(&app, &path, "*", &json!({ "name": "Anyone's" })).await.status, 200);
        let tag = app.get(&path).await.header("etag").to_owned();
        assert_eq!(app.send(Method::DELETE, &path, &[("if-match", &tag)], Vec::new()).await.status, 204);
        assert_eq!(put_if(&app, &path, "*", &change).await.status, 404);
    }
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn a_weak_tag_and_an_unreadable_one_match_nothing(db: PgPool) {
    let (app, _) = admin(&db).await;
    for (path, change) in both(&app).await {
        let read = app.get(&path).await.header("etag").to_owned();
        assert_eq!(put_if(&app, &path, &format!("W/{read}"), &change).await.status, 412);
        assert_eq!(put_if(&app, &path, "not in quotes", &change).await.status, 412);
    }
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn who_holds_the_state_already_gets_no_body(db: PgPool) {
    let (app, _) = admin(&db).await;
    for (path, change) in both(&app).await {
        let read = app.get(&path).await.header("etag").to_owned();
        let again = app.send(Method::GET, &path, &[("if-none-match", &read)], Vec::new()).await;
        assert_eq!((again.status, again.header("etag"), again.body.len()), (304, read.as_str(), 0));
        app.put(&path, &change).await.expect(200);
        assert_eq!(app.send(Method::GET, &path, &[("if-none-match", &read)], Vec::new()).await.status, 200);
    }
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn of_many_changes_of_one_state_one_goes_through(db: PgPool) {
    let (app, hands) = admin(&db).await;
    for (path, _) in both(&app).await {
        let read = app.get(&path).await.header("etag").to_owned();
        hands.advance(Duration::seconds(1));
        let mut tasks = tokio::task::JoinSet::new();
        for editor in 0..20 {
            let (app, path, read) = (app.clone(), path.clone(), read.clone());
            tasks.spawn(async move {
                put_if(&app, &path, &read, &json!({ "name": format!("editor {editor}") })).await.status
            });
        }
        let mut statuses = tasks.join_all().await;
        statuses.sort_unstable();
        assert_eq!(statuses[..2], [200, 412]);
    }
}
