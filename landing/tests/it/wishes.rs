//! Visitors who ask not to be recorded, and what the operator may decide about that.

use axum::http::Method;
use pushnami_common::auth::seal::VOUCHED_CALLER;
use pushnami_common::privacy::{GpcMode, PrivacyPolicy};
use pushnami_landing::app;
use pushnami_landing::metrics::Metrics;
use pushnami_landing::state::AppState;
use pushnami_landing::tracks::library::Library;
use pushnami_landing::wishes::Untracked;
use pushnami_testkit::{Answer, NOON, TestApp, allowed_origins};
use serde_json::{Value, json};
use wiremock::matchers::{method, path};
use wiremock::{Mock, ResponseTemplate};

use crate::World;

const COOKIE: (&str, &str) = ("cookie", "visitor_id=01980000-0000-7000-8000-0000000000aa");
const GPC: (&str, &str) = ("sec-gpc", "1");
const DNT: (&str, &str) = ("dnt", "1");
const GPC_JSON: &str = "/.well-known/gpc.json";

impl World {
    /// The same world with an operator who decided this, and what landing has not told metrics yet.
    async fn with_policy(&self, privacy: PrivacyPolicy) -> (TestApp, Untracked) {
        let library = Library::open(self.music.path()).await.unwrap();
        let (clock, _) = pushnami_common::clock::Clock::stopped_at(NOON);
        let (abtest, metrics) = (self.abtest.uri(), self.metrics.uri());
        let state = AppState::new(&abtest, &metrics, library, clock, self.key.clone(), allowed_origins()).unwrap();
        let untracked = state.untracked.clone();
        (TestApp::new(app(state.answering_wishes(privacy))), untracked)
    }

    /// The numbers that metrics was told, each under a seal of ours.
    async fn counts_told(&self) -> Vec<Value> {
        let mut told = Vec::new();
        for request in self.metrics.received_requests().await.unwrap() {
            assert_eq!(request.url.path(), "/api/untracked");
            assert!(self.key.vouched_caller(&request.headers).await.is_some(), "{VOUCHED_CALLER}");
            told.push(request.body_json().unwrap());
        }
        told
    }
}

async fn page(app: &TestApp, headers: &[(&str, &str)]) -> Answer {
    let answer = app.send(Method::GET, "/", headers, Vec::new()).await;
    assert_eq!(answer.status, 200);
    assert!(answer.header("vary").contains("Sec-GPC, DNT"));
    answer
}

#[tokio::test]
async fn an_old_cookie_stays_unless_the_operator_wants_it_cleared() {
    let world = World::new().await;
    assert_eq!(page(&world.app, &[COOKIE, GPC]).await.header("set-cookie"), "");

    let (app, _) = world.with_policy(PrivacyPolicy { clear: true, ..PrivacyPolicy::default() }).await;
    for wish in [GPC, DNT] {
        let cleared = page(&app, &[COOKIE, wish]).await;
        assert_eq!(cleared.header("set-cookie"), "visitor_id=; Path=/; Max-Age=0; SameSite=Lax; HttpOnly");
    }
    assert_eq!(page(&app, &[GPC]).await.header("set-cookie"), "", "there is nothing to clear");
    assert_eq!(page(&app, &[COOKIE]).await.header("set-cookie"), "");
}

#[tokio::test]
async fn a_wish_that_the_operator_does_not_heed_changes_nothing() {
    let world = World::new().await;
    for gpc in [GpcMode::NoShare, GpcMode::Ignore] {
        let (app, _) = world.with_policy(PrivacyPolicy { gpc, ..PrivacyPolicy::default() }).await;
        assert!(page(&app, &[GPC]).await.header("set-cookie").starts_with("visitor_id="));
        assert_eq!(page(&app, &[DNT]).await.header("set-cookie"), "");
    }
    let (app, _) = world.with_policy(PrivacyPolicy { respect_dnt: false, ..PrivacyPolicy::default() }).await;
    assert!(page(&app, &[DNT]).await.header("set-cookie").starts_with("visitor_id="));
    assert_eq!(page(&app, &[GPC]).await.header("set-cookie"), "");
}

#[tokio::test]
async fn the_site_says_how_it_answers_global_privacy_control() {
    let world = World::new().await;
    let answer = world.app.get(GPC_JSON).await;
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.expect(200), json!({ "gpc": true, "lastUpdate": "2026-11-23" }));
    let (app, _) = world.with_policy(PrivacyPolicy { gpc: GpcMode::Ignore, ..PrivacyPolicy::default() }).await;
    assert_eq!(app.get(GPC_JSON).await.expect(200)["gpc"], false);
}

#[tokio::test]
async fn metrics_hears_how_much_was_not_recorded_and_nothing_else() {
    let world = World::new().await;
    let (app, untracked) = world.with_policy(PrivacyPolicy::default()).await;
    let metrics = Metrics::new(&world.metrics.uri()).unwrap();
    page(&app, &[GPC]).await;
    page(&app, &[COOKIE, DNT]).await;
    page(&app, &[COOKIE]).await;
    let event = json!({ "id": "01980000-0000-7000-8000-0000000000e1", "event_type": "click" });
    let headers = [COOKIE, GPC, ("content-type", "application/json")];
    let dropped = app.send(Method::POST, "/api/collect", &headers, json!([event]).to_string()).await;
    assert_eq!(dropped.status, 204);

    // A metrics that is away hears it later.
    assert!(!untracked.tell(&metrics, &world.key).await);
    world.metrics.reset().await;
    let heard = ResponseTemplate::new(204);
    Mock::given(method("POST")).and(path("/api/untracked")).respond_with(heard).mount(&world.metrics).await;
    assert!(untracked.tell(&metrics, &world.key).await);
    assert!(untracked.tell(&metrics, &world.key).await);
    assert_eq!(world.counts_told().await, [json!({ "events": 3 })]);
}
