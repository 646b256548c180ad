//! The document on file is what the code says, and what the code does.

use pushnami_common::program::{Service, document_text};
use pushnami_metrics::Metrics;
use pushnami_testkit::check_file;
use serde_json::{Value, json};
use sqlx::PgPool;

use crate::{BATCH, EVENTS, event, service};

#[test]
fn the_document_on_file_is_current() {
    check_file(concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.json"), &document_text(&Metrics::document()));
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn the_limits_in_the_document_are_those_that_hold(db: PgPool) {
    let (app, _) = service(&db);
    let document = serde_json::to_value(Metrics::document()).unwrap();
    let schemas = &document["components"]["schemas"];
    let fields = schemas["NewEvent"]["properties"].as_object().unwrap();
    let limited: Vec<_> =
        fields.iter().filter_map(|(name, field)| Some((name, field["maxLength"].as_u64()?))).collect();
    assert_eq!(limited.len(), 4);
    for (name, most) in limited {
        let text = |length: u64| event(json!({ name.as_str(): "Ω".repeat(length as usize) }));
        app.post(EVENTS, &text(most)).await.expect(201);
        assert_eq!(app.post(EVENTS, &text(most + 1)).await.refusal(422).1, [format!("/{name}")]);
    }
    let most = schemas["Batch"]["maxItems"].as_u64().unwrap() as usize;
    app.post(BATCH, &Value::from(vec![event(json!({})); most])).await.expect(201);
    app.post(BATCH, &Value::from(vec![event(json!({})); most + 1])).await.refusal(422);
    let example = schemas["NewEvent"]["example"].clone();
    app.post(EVENTS, &example).await.expect(201);
}
