//! The page's events: handed on with what landing knows, kept by the page until metrics has them.

use axum::http::Method;
use pushnami_testkit::Answer;
use serde_json::{Value, json};
use wiremock::matchers::{method, path};
use wiremock::{Mock, ResponseTemplate};

use crate::World;
use crate::neighbours::{answer_all, hang};

const COOKIE: (&str, &str) = ("cookie", "visitor_id=01980000-0000-7000-8000-0000000000aa");
const JSON: (&str, &str) = ("content-type", "application/json");

fn event() -> Value {
    json!({
        "id": "01980000-0000-7000-8000-0000000000e1", "event_type": "click", "event_name": "cta_primary",
        "experiment_id": null, "variant": "neon", "metadata": { "element": "a" }, "page_url": "http://localhost:3000/",
    })
}

impl World {
    async fn collect(&self, headers: &[(&str, &str)], body: impl Into<Vec<u8>>) -> Answer {
        self.app.send(Method::POST, "/api/collect", headers, body.into()).await
    }

    async fn metrics_commits(&self) {
        let receipt = ResponseTemplate::new(201).set_body_json(json!({ "created": 1, "duplicates": 0 }));
        Mock::given(method("POST")).and(path("/api/events/batch")).respond_with(receipt).mount(&self.metrics).await;
    }

    async fn handed_on(&self) -> usize {
        self.metrics.received_requests().await.unwrap().len()
    }
}

#[tokio::test]
async fn events_are_handed_on_with_the_visitor_and_the_browser() {
    let world = World::new().await;
    world.metrics_commits().await;
    for content_type in ["application/json", "text/plain;charset=UTF-8"] {
        let headers = [COOKIE, ("content-type", content_type), ("user-agent", "Firefox"), ("traceparent", TRACE)];
        let answer = world.collect(&headers, json!([event()]).to_string()).await;
        assert_eq!(answer.expect(201), json!({ "created": 1, "duplicates": 0 }));
    }
    let requests = world.metrics.received_requests().await.unwrap();
    let mut expected = event();
    expected["visitor_id"] = "01980000-0000-7000-8000-0000000000aa".into();
    expected["user_agent"] = "Firefox".into();
    assert_eq!(requests[0].body_json::<Value>().unwrap(), json!([expected]));
    assert!(requests[0].headers["traceparent"].to_str().unwrap().starts_with(&TRACE[..36]));
}

const TRACE: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

#[tokio::test]
async fn a_visitor_in_the_body_is_not_believed() {
    let world = World::new().await;
    world.metrics_commits().await;
    let mut forged = event();
    forged["visitor_id"] = "somebody-else".into();
    forged["user_agent"] = "another".into();
    world.collect(&[COOKIE, JSON], json!([forged]).to_string()).await.expect(201);
    let sent = world.metrics.received_requests().await.unwrap()[0].body_json::<Value>().unwrap();
    assert_eq!(sent[0]["visitor_id"], "01980000-0000-7000-8000-0000000000aa");
    assert_eq!(sent[0]["user_agent"], Value::Null);
}

#[tokio::test]
async fn what_metrics_cannot_take_now_is_503_so_that_the_page_keeps_it() {
    let world = World::new().await;
    for failure in [
        ResponseTemplate::new(500),
        ResponseTemplate::new(503),
        ResponseTemplate::new(429),
        ResponseTemplate::new(404),
        ResponseTemplate::new(200),
        // Only 201 means committed, whatever stands in the body.
        ResponseTemplate::new(202).set_body_json(json!({ "created": 1, "duplicates": 0 })),
        ResponseTemplate::new(500).set_body_json(json!({ "created": 1, "duplicates": 0 })),
        ResponseTemplate::new(201).set_body_string("not a receipt"),
        ResponseTemplate::new(422).set_body_string("not a problem"),
    ] {
        answer_all(&world.metrics, failure).await;
        let answer = world.collect(&[COOKIE, JSON], json!([event()]).to_string()).await;
        answer.refusal(503);
        assert_eq!(answer.header("retry-after"), "2");
    }
}

#[tokio::test]
async fn a_hanging_metrics_is_not_waited_for() {
    let world = World::new().await;
    hang(&world.metrics).await;
    world.collect(&[COOKIE, JSON], json!([event()]).to_string()).await.refusal(503);
}

#[tokio::test]
async fn what_metrics_refuses_is_refused_with_its_own_words() {
    let world = World::new().await;
    let problem = json!({
        "type": "about:blank", "title": "Unprocessable Content", "status": 422, "detail": "`0/event_type` must not be empty",
        "errors": [{ "pointer": "/0/event_type", "detail": "must not be empty" }],
    });
    answer_all(&world.metrics, ResponseTemplate::new(422).set_body_json(problem)).await;
    let refusal = world.collect(&[COOKIE, JSON], json!([event()]).to_string()).await.refusal(422);
    assert_eq!(refusal, ("`0/event_type` must not be empty".to_owned(), vec!["/0/event_type".to_owned()]));
}

#[tokio::test]
async fn bad_input_is_refused_and_handed_to_nobody() {
    let world = World::new().await;
    world.metrics_commits().await;
    let one = json!([event()]).to_string();
    let mut no_id = event();
    no_id.as_object_mut().unwrap().remove("id");
    for (headers, body, status) in [
        (vec![JSON], one.clone(), 400),
        (vec![("cookie", "visitor_id=alice"), JSON], one.clone(), 400),
        (vec![COOKIE, JSON], "[".to_owned(), 422),
        (vec![COOKIE, JSON], event().to_string(), 422),
        (vec![COOKIE, JSON], json!([no_id]).to_string(), 422),
        (vec![COOKIE, JSON], json!([[1, 2]]).to_string(), 422),
        (vec![COOKIE, JSON], json!(vec![event(); 101]).to_string(), 422),
        (
            vec![COOKIE, JSON],
            r#"[{"id": "01980000-0000-7000-8000-0000000000e1", "event_type": "\ud800"}]"#.to_owned(),
            422,
        ),
        (vec![COOKIE, JSON], one.replace(r#"{"element":"a"}"#, r#"{"n":1e400}"#), 422),
        (vec![COOKIE, JSON], one.replace(r#"{"element":"a"}"#, &"[".repeat(10_000)), 422),
        (vec![COOKIE, JSON], one.replace("cta_primary", "\0"), 422),
        (vec![COOKIE, JSON], one[..one.len() - 1].to_owned(), 422),
        (vec![COOKIE, JSON], String::new(), 422),
        (vec![COOKIE, ("content-type", "text/html")], one.clone(), 415),
        (vec![COOKIE, JSON], " ".repeat(64 * 1024 + 1), 413),
        (vec![COOKIE, JSON, ("origin", "https://evil.example"), ("host", "localhost:3000")], one.clone(), 403),
        (vec![COOKIE, JSON, ("origin", "null"), ("host", "localhost:3000")], one.clone(), 403),
    ] {
        let answer = world.collect(&headers, body).await;
        assert_eq!(answer.status, status, "{headers:?}: {}", answer.text());
        answer.refusal(status);
    }
    world.collect(&[COOKIE, JSON], vec![b'"', 0xff, b'"']).await.refusal(400);
    assert_eq!(world.handed_on().await, 0);
}

#[tokio::test]
async fn events_of_somebody_who_asked_not_to_be_recorded_are_dropped() {
    let world = World::new().await;
    world.metrics_commits().await;
    for header in [("sec-gpc", "1"), ("dnt", "1")] {
        assert_eq!(world.collect(&[COOKIE, JSON, header], json!([event()]).to_string()).await.status, 204);
    }
    assert_eq!(world.handed_on().await, 0);
}
