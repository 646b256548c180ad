//! Events that enter no result are stored with the reason.

use serde_json::json;
use sqlx::PgPool;

use crate::{BATCH, EVENTS, event, service};

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn previews_and_robots_are_marked(db: PgPool) {
    let (app, _) = service(&db);
    let robot = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";
    let batch = json!([
        event(
            json!({ "event_name": "a person", "user_agent": "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0" })
        ),
        event(json!({ "event_name": "a preview", "metadata": { "preview": true } })),
        event(json!({ "event_name": "a robot", "user_agent": robot })),
        event(json!({ "event_name": "a robot's preview", "user_agent": robot, "metadata": { "preview": true } })),
    ]);
    app.post(BATCH, &batch).await.expect(201);
    app.post(EVENTS, &event(json!({ "event_name": "a single robot", "user_agent": robot }))).await.expect(201);

    let marks: Vec<(String, Option<String>)> =
        sqlx::query_as("select event_name, excluded from events order by event_name").fetch_all(&db).await.unwrap();
    let marks: Vec<_> = marks.iter().map(|(name, excluded)| (name.as_str(), excluded.as_deref())).collect();
    assert_eq!(
        marks,
        [
            ("a person", None),
            ("a preview", Some("preview")),
            ("a robot", Some("robot")),
            ("a robot's preview", Some("preview")),
            ("a single robot", Some("robot")),
        ]
    );
}
