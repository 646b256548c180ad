//! Pages without a hop: the configuration is here already, and a returning visitor brings the assignment along.

use std::path::PathBuf;

use axum::http::Method;
use pushnami_common::clock::Clock;
use pushnami_landing::app;
use pushnami_landing::state::AppState;
use pushnami_landing::tracks::library::Library;
use pushnami_testkit::{Answer, NOON, TestApp, allowed_origins};
use serde_json::{Value, json};
use wiremock::matchers::{method, path, query_param};
use wiremock::{Mock, ResponseTemplate};

use crate::World;
use crate::neighbours::{EXPERIMENT, assign_all, experiment, toggle};

const ALICE: &str = "01980000-0000-7000-8000-0000000000aa";
const BOB: &str = "01980000-0000-7000-8000-0000000000bb";

impl World {
    /// landing as a process runs it: following abtest, with a file that keeps what it was told.
    async fn following(&self) -> TestApp {
        let library = Library::open(self.music.path()).await.unwrap();
        let (clock, _) = Clock::stopped_at(NOON);
        let (abtest, metrics) = (self.abtest.uri(), self.metrics.uri());
        let state = AppState::new(&abtest, &metrics, library, clock, self.key.clone(), allowed_origins()).unwrap();
        state.abtest.follow(self.file()).await;
        // On a busy machine the first configuration may take longer than a start waits for it.
        while !self.file().exists() {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        TestApp::new(app(state))
    }

    fn file(&self) -> PathBuf {
        self.music.path().join("kept/configuration.json")
    }

    /// abtest tells this to whoever has another version, and answers nothing else any more, but assigns everybody to
    /// `variant`.
    async fn tell(&self, version: i64, revision: i32, toggles: Value, variant: &str) {
        self.abtest.reset().await;
        let _ = std::fs::remove_file(self.file());
        let mut listed = experiment(EXPERIMENT, &json!({ "neon": 50, "synthwave": 50 }), true);
        listed["revision"] = revision.into();
        let told = json!({ "version": version, "experiments": [listed], "toggles": toggles });
        let asked = || Mock::given(method("GET")).and(path("/api/configuration"));
        let up_to_date = asked().and(query_param("after", version.to_string()));
        up_to_date.respond_with(ResponseTemplate::new(503)).mount(&self.abtest).await;
        asked().respond_with(ResponseTemplate::new(200).set_body_json(told)).mount(&self.abtest).await;
        assign_all(&self.abtest, variant).await;
    }

    /// How often abtest was asked for an assignment, and for anything else but the whole configuration.
    async fn questions(&self) -> (usize, usize) {
        let requests = self.abtest.received_requests().await.unwrap();
        let of = |at: &str| requests.iter().filter(|request| request.url.path() == at).count();
        (of("/api/assign"), requests.len() - of("/api/assign") - of("/api/configuration"))
    }
}

async fn page(app: &TestApp, cookie: &str) -> Answer {
    let answer = app.send(Method::GET, "/", &[("cookie", cookie)], Vec::new()).await;
    assert_eq!(answer.status, 200);
    answer
}

/// What a browser would send back of the cookies that were set.
fn brought(page: &Answer) -> String {
    let set = page.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap());
    set.map(|cookie| cookie.split(';').next().unwrap()).collect::<Vec<_>>().join("; ")
}

fn variant(page: &Answer) -> &'static str {
    if page.text().contains("Begin Ascension") { "neon" } else { "synthwave" }
}

#[tokio::test]
async fn a_returning_visitor_costs_no_call() {
    let world = World::new().await;
    world.tell(1, 1, json!([]), "synthwave").await;
    let app = world.following().await;
    let first = page(&app, "").await;
    let cookies = brought(&first);
    assert!(cookies.starts_with("visitor_id=") && cookies.contains("; assignment="), "{cookies}");
    for part in ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=31536000"] {
        assert!(first.headers.get_all("set-cookie").iter().all(|line| line.to_str().unwrap().contains(part)), "{part}");
    }
    assert_eq!((variant(&first), world.questions().await), ("synthwave", (1, 0)));
    for _ in 0..3 {
        let again = page(&app, &cookies).await;
        assert_eq!((variant(&again), brought(&again).as_str()), ("synthwave", ""));
    }
    assert_eq!(world.questions().await, (1, 0));
    // A preview and a visitor who is not recorded ask nobody either.
    app.send(Method::GET, "/?variant=neon", &[], Vec::new()).await.body.clear();
    app.send(Method::GET, "/", &[("dnt", "1")], Vec::new()).await.body.clear();
    assert_eq!(world.questions().await, (1, 0));
}

#[tokio::test]
async fn an_assignment_that_is_not_the_visitors_own_counts_for_nothing() {
    let world = World::new().await;
    world.tell(1, 1, json!([]), "synthwave").await;
    let app = world.following().await;
    let own = brought(&page(&app, &format!("visitor_id={ALICE}")).await);
    let signed = own.strip_prefix("assignment=").unwrap();
    let (claim, signature) = signed.split_once('.').unwrap();
    for forged in [
        format!("visitor_id={BOB}; {own}"),
        format!("visitor_id={ALICE}; assignment={}.{signature}", claim.replace("synthwave", "neon")),
        format!("visitor_id={ALICE}; assignment={claim}"),
        format!("visitor_id={ALICE}; assignment={claim}."),
        format!("visitor_id={ALICE}; assignment="),
        format!("visitor_id={ALICE}; assignment=%00.\u{fc}"),
    ] {
        let before = world.questions().await.0;
        assert_eq!(variant(&page(&app, &forged).await), "synthwave", "{forged}");
        assert_eq!(world.questions().await.0, before + 1, "{forged}");
    }
}

#[tokio::test]
async fn after_a_new_revision_abtest_is_asked_once_more() {
    let world = World::new().await;
    world.tell(1, 1, json!([]), "synthwave").await;
    let old = brought(&page(&world.following().await, &format!("visitor_id={ALICE}")).await);
    world.tell(2, 2, json!([]), "synthwave").await;
    let app = world.following().await;
    let renewed = page(&app, &format!("visitor_id={ALICE}; {old}")).await;
    assert_eq!(world.questions().await.0, 1);
    page(&app, &format!("visitor_id={ALICE}; {}", brought(&renewed))).await;
    assert_eq!(world.questions().await.0, 1);
}

#[tokio::test]
async fn what_was_told_last_serves_while_abtest_is_away_also_after_a_restart() {
    let world = World::new().await;
    world.tell(1, 1, json!([toggle("show_testimonials", false, &json!({}))]), "synthwave").await;
    let app = world.following().await;
    let cookies = format!("visitor_id={ALICE}; {}", brought(&page(&app, &format!("visitor_id={ALICE}")).await));
    world.abtest.reset().await;
    let restarted = world.following().await;
    for app in [app, restarted] {
        let answer = page(&app, &cookies).await;
        assert_eq!(variant(&answer), "synthwave");
        assert!(answer.text().contains(EXPERIMENT) && !answer.text().contains("id=\"testimonials\""));
        // Somebody new is given what the rule says, and asked for again the next time.
        assert!(!brought(&page(&app, "").await).contains("assignment="));
    }
    // A file that somebody has spoilt is no reason not to start.
    std::fs::write(world.file(), "{").unwrap();
    page(&world.following().await, &cookies).await;
}

#[tokio::test]
async fn a_change_reaches_the_page_by_itself() {
    let world = World::new().await;
    world.tell(1, 1, json!([]), "neon").await;
    let app = world.following().await;
    assert!(page(&app, "").await.text().contains("id=\"testimonials\""));
    world.tell(2, 1, json!([toggle("show_testimonials", false, &json!({}))]), "neon").await;
    for _ in 0..3000 {
        if !page(&app, "").await.text().contains("id=\"testimonials\"") {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("not within half a minute");
}
