//! abtest and metrics as a test wants them.

use std::time::Duration;

use serde_json::{Value, json};
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

/// The experiment that drives the page.
pub const EXPERIMENT: &str = "11111111-1111-4111-8111-111111111111";

/// An experiment as abtest lists it.
pub fn experiment(id: &str, percents: &Value, is_active: bool) -> Value {
    let variants: Vec<_> = percents.as_object().unwrap().keys().collect();
    json!({
        "id": id, "key": "x", "name": "x", "description": "", "variants": variants, "traffic_split": percents, "is_active": is_active,
        "revision": 1, "goals": [],
        "created_at": "2026-01-01T00:00:00Z", "updated_at": "2026-01-01T00:00:00Z",
    })
}

/// A toggle as abtest lists it.
pub fn toggle(key: &str, enabled: bool, config: &Value) -> Value {
    json!({
        "id": EXPERIMENT, "key": key, "name": key, "description": "", "enabled": enabled, "config": config,
        "created_at": "2026-01-01T00:00:00Z", "updated_at": "2026-01-01T00:00:00Z",
    })
}

/// abtest lists these from now on.
pub async fn configure(abtest: &MockServer, experiments: Value, toggles: Value) {
    abtest.reset().await;
    for (at, body) in [("/api/experiments", experiments), ("/api/toggles", toggles)] {
        Mock::given(method("GET"))
            .and(path(at))
            .respond_with(ResponseTemplate::new(200).set_body_json(body))
            .mount(abtest)
            .await;
    }
}

/// abtest assigns everybody to this variant from now on.
pub async fn assign_all(abtest: &MockServer, variant: &str) {
    let assignment = json!({ "visitor_id": "x", "experiment_id": EXPERIMENT, "variant": variant, "is_new": false });
    let answer = ResponseTemplate::new(200).set_body_json(assignment);
    Mock::given(method("GET")).and(path("/api/assign")).respond_with(answer).mount(abtest).await;
}

/// abtest with one experiment over both variants, which assigns everybody to `variant`.
pub async fn both_variants(abtest: &MockServer, variant: &str) {
    let halves = json!({ "neon": 50, "synthwave": 50 });
    configure(abtest, json!([experiment(EXPERIMENT, &halves, true)]), json!([])).await;
    assign_all(abtest, variant).await;
}

/// What the neighbour is asked at this path, it answers so from now on.
pub async fn answer_at(neighbour: &MockServer, at: &str, answer: ResponseTemplate) {
    Mock::given(path(at)).respond_with(answer).mount(neighbour).await;
}

/// Whatever it is asked, the neighbour answers this from now on.
pub async fn answer_all(neighbour: &MockServer, answer: ResponseTemplate) {
    neighbour.reset().await;
    Mock::given(wiremock::matchers::any()).respond_with(answer).mount(neighbour).await;
}

/// The neighbour takes everything and answers nothing.
pub async fn hang(neighbour: &MockServer) {
    answer_all(neighbour, ResponseTemplate::new(200).set_delay(Duration::from_secs(3600))).await;
}
