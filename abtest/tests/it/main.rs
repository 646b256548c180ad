//! abtest at its edge: every test calls the real router over a database of its own.

mod assignments;
mod attacks;
mod audit;
mod conditions;
mod earlier;
mod experiments;
mod explanations;
mod frame;
mod goals;
mod ofrep;
mod plans;
mod revisions;
mod sessions;
mod snapshot;
mod toggles;
mod wishes;

use pushnami_abtest::app;
use pushnami_abtest::state::AppState;
use pushnami_common::clock::{Clock, Hands};
use pushnami_testkit::{NOON, TestApp, admin_key, allowed_origins};
use serde_json::{Value, json};
use sqlx::PgPool;

/// The service over this database, called by nobody in particular, and the hands of its clock.
fn service(db: &PgPool) -> (TestApp, Hands) {
    let (clock, hands) = Clock::stopped_at(NOON);
    let state = AppState::new(db.clone(), clock.clone(), admin_key(&clock));
    (TestApp::new(app(state, allowed_origins())), hands)
}

/// The service over this database, called by the admin.
async fn admin(db: &PgPool) -> (TestApp, Hands) {
    let (clock, hands) = Clock::stopped_at(NOON);
    let key = admin_key(&clock);
    let state = AppState::new(db.clone(), clock, key.clone());
    (TestApp::new(app(state, allowed_origins())).as_admin(&key).await, hands)
}

/// Creates an experiment from what the test is about; everything else is valid by default.
async fn create(app: &TestApp, about: Value) -> Value {
    let mut body = json!({ "name": "An experiment" });
    body.as_object_mut().unwrap().extend(about.as_object().unwrap().clone());
    app.post("/api/experiments", &body).await.expect(201)
}

/// The path of an experiment.
fn path(experiment: &Value) -> String {
    format!("/api/experiments/{}", experiment["id"].as_str().unwrap())
}
