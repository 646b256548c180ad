//! The page: whose variant, by whom decided, whole whatever abtest does.

use axum::http::Method;
use pushnami_common::assignment::{TrafficSplit, bucket};
use pushnami_testkit::Answer;
use serde_json::{Value, json};
use time::Duration;
use wiremock::ResponseTemplate;

use crate::World;
use crate::neighbours::{
    EXPERIMENT, answer_all, answer_at, assign_all, both_variants, configure, experiment, hang, toggle,
};

const ALICE: &str = "01980000-0000-7000-8000-0000000000aa";

impl World {
    async fn page(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let answer = self.app.send(Method::GET, path, headers, Vec::new()).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        assert!(
            answer.text().ends_with("</html>\n") || answer.text().trim_end().ends_with("</html>"),
            "the page is whole"
        );
        answer
    }

    /// What the page tells its script.
    async fn facts(&self, path: &str, headers: &[(&str, &str)]) -> Value {
        facts(&self.page(path, headers).await)
    }

    async fn paths_asked(&self) -> Vec<String> {
        let mut paths: Vec<_> = self
            .abtest
            .received_requests()
            .await
            .unwrap()
            .iter()
            .map(|request| request.url.path().to_owned())
            .collect();
        paths.sort();
        paths
    }
}

fn facts(page: &Answer) -> Value {
    let text = page.text();
    let (_, rest) = text.split_once("id=\"page\"").expect("the page has its facts");
    let (_, json) = rest.split_once('>').unwrap();
    serde_json::from_str(json.split_once("</script>").unwrap().0).unwrap()
}

fn by_rule(visitor: &str, experiment: &str) -> String {
    let halves = [("neon".to_owned(), 50), ("synthwave".to_owned(), 50)];
    let split = TrafficSplit::new(&["neon".to_owned(), "synthwave".to_owned()], &halves.into()).unwrap();
    let experiment = pushnami_common::ids::ExperimentId(experiment.parse().unwrap());
    split.variant_of(bucket(&visitor.parse().unwrap(), experiment)).to_owned()
}

#[tokio::test]
async fn a_new_visitor_gets_a_cookie_and_a_variant() {
    let world = World::new().await;
    both_variants(&world.abtest, "synthwave").await;
    let page = world.page("/", &[]).await;
    let cookie = page.header("set-cookie");
    for part in ["visitor_id=", "HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=31536000"] {
        assert!(cookie.contains(part), "{part} in {cookie}");
    }
    let id = cookie.strip_prefix("visitor_id=").unwrap().split(';').next().unwrap();
    assert_eq!(&id[14..15], "7", "a UUID of version 7: {id}");
    assert_eq!(facts(&page)["variant"], "synthwave");
    assert_eq!(facts(&page)["experiment_id"], EXPERIMENT);
    assert_eq!((&facts(&page)["preview"], &facts(&page)["recording"]), (&json!(false), &json!(true)));
}

#[tokio::test]
async fn a_known_visitor_keeps_the_cookie_and_is_asked_for_by_its_id() {
    let world = World::new().await;
    both_variants(&world.abtest, "neon").await;
    let page = world.page("/", &[("cookie", &format!("visitor_id={ALICE}"))]).await;
    assert!(page.header("set-cookie").starts_with("assignment="), "the id stays, the assignment is new");
    let requests = world.abtest.received_requests().await.unwrap();
    let assign = requests.iter().find(|request| request.url.path() == "/api/assign").unwrap();
    let asked: Vec<_> = assign.url.query_pairs().map(|(_, value)| value.into_owned()).collect();
    assert_eq!(asked, [ALICE, EXPERIMENT]);
    assert!(assign.headers.contains_key("traceparent"));
}

#[tokio::test]
async fn odd_cookies_and_queries_never_disturb_the_page() {
    let world = World::new().await;
    both_variants(&world.abtest, "neon").await;
    for cookie in ["visitor_id=<script>alert(1)</script>", "visitor_id=", "=;;=", "visitor_id=%00", "\u{fc}=\u{fc}"] {
        let page = world.page("/", &[("cookie", cookie)]).await;
        assert!(page.header("set-cookie").starts_with("visitor_id="), "{cookie}");
        assert!(!page.text().contains("alert(1)"));
    }
    for query in ["?variant=", "?variant=%00", "?variant=%3Cb%3E", "?variant=%FF%FE", "?&&=&", "?variant=Neon", "?%"] {
        assert_eq!(world.facts(&format!("/{query}"), &[]).await["preview"], false, "{query}");
    }
}

#[tokio::test]
async fn a_forced_variant_is_a_preview_and_assigns_nobody() {
    let world = World::new().await;
    both_variants(&world.abtest, "neon").await;
    for variant in ["neon", "synthwave"] {
        let facts = world.facts(&format!("/?variant={variant}"), &[]).await;
        assert_eq!((&facts["variant"], &facts["preview"]), (&json!(variant), &json!(true)));
        assert_eq!(facts["experiment_id"], Value::Null);
    }
    assert!(!world.paths_asked().await.contains(&"/api/assign".to_owned()));
}

#[tokio::test]
async fn who_asks_not_to_be_recorded_gets_the_page_and_nothing_else() {
    let world = World::new().await;
    both_variants(&world.abtest, "synthwave").await;
    for header in [("sec-gpc", "1"), ("dnt", "1")] {
        let page = world.page("/", &[header]).await;
        assert_eq!(page.header("set-cookie"), "");
        assert_eq!((&facts(&page)["recording"], &facts(&page)["experiment_id"]), (&json!(false), &Value::Null));
        assert_eq!(facts(&page)["variant"], "neon", "everybody of them sees the control");
        assert!(page.header("vary").contains("Sec-GPC"));
    }
    assert!(!world.paths_asked().await.contains(&"/api/assign".to_owned()));
    assert_eq!(world.facts("/", &[("sec-gpc", "0")]).await["recording"], true);
}

#[tokio::test]
async fn toggles_change_the_very_next_page() {
    let world = World::new().await;
    both_variants(&world.abtest, "neon").await;
    let whole = world.page("/", &[]).await.text();
    for part in ["id=\"testimonials\"", "id=\"player\"", "id=\"temple\"", "data-glitch"] {
        assert!(whole.contains(part), "{part}: a toggle that nobody knows counts as on");
    }
    let off = ["show_testimonials", "show_music_player", "show_scroll_temple", "matrix_rain", "hero_glitch"];
    let off: Vec<_> = off.iter().map(|key| toggle(key, false, &json!({}))).collect();
    let halves = json!({ "neon": 50, "synthwave": 50 });
    configure(&world.abtest, json!([experiment(EXPERIMENT, &halves, true)]), json!(off)).await;
    assign_all(&world.abtest, "neon").await;
    let bare = world.page("/", &[]).await;
    for part in ["id=\"testimonials\"", "#testimonials", "id=\"player\"", "id=\"temple\"", "data-glitch"] {
        assert!(!bare.text().contains(part), "{part}");
    }
    assert_eq!((&facts(&bare)["matrix_rain"], &facts(&bare)["hero_glitch"]), (&Value::Null, &Value::Null));

    let slow = toggle("matrix_rain", true, &json!({ "speed": 0.5 }));
    configure(&world.abtest, json!([]), json!([slow])).await;
    assert_eq!(world.facts("/", &[]).await["matrix_rain"], json!({ "speed": 0.5, "density": 1.0 }));
}

#[tokio::test]
async fn an_experiment_that_the_page_cannot_draw_does_not_drive_it() {
    let world = World::new().await;
    let newer = experiment("22222222-2222-4222-8222-222222222222", &json!({ "control": 50, "variant": 50 }), true);
    let drawable = experiment(EXPERIMENT, &json!({ "neon": 50, "synthwave": 50 }), true);
    configure(&world.abtest, json!([newer, drawable]), json!([])).await;
    assign_all(&world.abtest, "synthwave").await;
    let facts = world.facts("/", &[]).await;
    assert_eq!((&facts["experiment_id"], &facts["variant"]), (&json!(EXPERIMENT), &json!("synthwave")));

    let stopped = experiment(EXPERIMENT, &json!({ "neon": 50, "synthwave": 50 }), false);
    configure(&world.abtest, json!([stopped]), json!([])).await;
    assert_eq!(world.facts("/", &[]).await["experiment_id"], Value::Null);
}

#[tokio::test]
async fn when_abtest_fails_visitors_keep_what_the_rule_gives_them() {
    let world = World::new().await;
    let cookie = format!("visitor_id={ALICE}");
    both_variants(&world.abtest, &by_rule(ALICE, EXPERIMENT)).await;
    let before = world.facts("/", &[("cookie", &cookie)]).await;
    for failure in [
        ResponseTemplate::new(500),
        ResponseTemplate::new(503),
        ResponseTemplate::new(200).set_body_string("{"),
        ResponseTemplate::new(200).set_body_json(json!({ "not": "a list" })),
        ResponseTemplate::new(404),
    ] {
        answer_all(&world.abtest, failure).await;
        assert_eq!(world.facts("/", &[("cookie", &cookie)]).await, before);
        world.hands.advance(Duration::seconds(2));
    }
    hang(&world.abtest).await;
    assert_eq!(world.facts("/", &[("cookie", &cookie)]).await, before);
}

#[tokio::test]
async fn a_slow_abtest_is_waited_for_no_longer_than_the_budget() {
    let world = World::new().await;
    hang(&world.abtest).await;
    let cookie = [("cookie", &*format!("visitor_id={ALICE}"))];
    let page = tokio::time::timeout(std::time::Duration::from_secs(2), world.facts("/", &cookie)).await;
    assert_eq!(page.expect("a page in time")["variant"], by_rule(ALICE, "01980000-0000-7000-8000-000000000001"));
}

#[tokio::test]
async fn a_change_is_obeyed_also_while_assigning_fails() {
    let world = World::new().await;
    both_variants(&world.abtest, "neon").await;
    world.facts("/", &[]).await;
    let halves = json!({ "neon": 50, "synthwave": 50 });
    let off = json!([toggle("matrix_rain", false, &json!({}))]);
    for trouble in [
        ResponseTemplate::new(503),
        ResponseTemplate::new(200).set_body_string("["),
        ResponseTemplate::new(200).set_delay(std::time::Duration::from_secs(3600)),
    ] {
        configure(&world.abtest, json!([experiment(EXPERIMENT, &halves, true)]), off.clone()).await;
        answer_at(&world.abtest, "/api/assign", trouble).await;
        world.hands.advance(Duration::seconds(2));
        let facts = world.facts("/", &[("cookie", &format!("visitor_id={ALICE}"))]).await;
        assert_eq!(facts["matrix_rain"], Value::Null);
        assert_eq!(
            (&facts["variant"], &facts["experiment_id"]),
            (&json!(by_rule(ALICE, EXPERIMENT)), &json!(EXPERIMENT))
        );

        both_variants(&world.abtest, "neon").await;
        world.hands.advance(Duration::seconds(2));
        assert_ne!(world.facts("/", &[]).await["matrix_rain"], Value::Null);
    }
}

#[tokio::test]
async fn a_newer_experiment_drives_the_very_next_page() {
    let world = World::new().await;
    both_variants(&world.abtest, "neon").await;
    assert_eq!(world.facts("/", &[]).await["variant"], "neon");
    let newer = "33333333-3333-4333-8333-333333333333";
    let halves = json!({ "neon": 50, "synthwave": 50 });
    let listed = json!([experiment(newer, &halves, true), experiment(EXPERIMENT, &halves, true)]);
    configure(&world.abtest, listed, json!([])).await;
    assign_all(&world.abtest, "synthwave").await;
    let facts = world.facts("/", &[]).await;
    assert_eq!((&facts["experiment_id"], &facts["variant"]), (&json!(newer), &json!("synthwave")));
    let requests = world.abtest.received_requests().await.unwrap();
    let assigned_in = |id: &str| requests.iter().any(|request| request.url.query().unwrap_or_default().contains(id));
    assert!(assigned_in(newer));
}

#[tokio::test]
async fn a_failing_abtest_is_left_alone_for_a_second() {
    let world = World::new().await;
    answer_all(&world.abtest, ResponseTemplate::new(500)).await;
    world.facts("/", &[]).await;
    let asked = world.paths_asked().await.len();
    world.facts("/", &[]).await;
    assert_eq!(world.paths_asked().await.len(), asked);
    world.hands.advance(Duration::milliseconds(1001));
    world.facts("/", &[]).await;
    assert!(world.paths_asked().await.len() > asked);
}

#[tokio::test]
async fn before_abtest_was_ever_reached_the_page_is_whole_and_names_no_experiment() {
    let world = World::new().await;
    answer_all(&world.abtest, ResponseTemplate::new(500)).await;
    let cookie = format!("visitor_id={ALICE}");
    let facts = world.facts("/", &[("cookie", &cookie)]).await;
    assert_eq!(facts["experiment_id"], Value::Null);
    assert_eq!(facts["variant"], by_rule(ALICE, "01980000-0000-7000-8000-000000000001"));
    assert_eq!(facts["recording"], true);
}

#[tokio::test]
async fn an_assignment_refused_as_no_longer_active_is_an_answer() {
    let world = World::new().await;
    let halves = json!({ "neon": 50, "synthwave": 50 });
    configure(&world.abtest, json!([experiment(EXPERIMENT, &halves, true)]), json!([])).await;
    let cookie = format!("visitor_id={ALICE}");
    let facts = world.facts("/", &[("cookie", &cookie)]).await;
    assert_eq!(facts["variant"], by_rule(ALICE, EXPERIMENT));
    assert!(!world.paths_asked().await.is_empty());
}

#[tokio::test]
async fn the_page_is_closed_to_other_hosts_and_to_caches() {
    let world = World::new().await;
    both_variants(&world.abtest, "neon").await;
    let page = world.page("/", &[]).await;
    let policy = page.header("content-security-policy").to_owned();
    assert!(policy.starts_with("default-src 'none'; script-src 'self' 'nonce-"), "{policy}");
    assert!(!policy.contains("unsafe") && policy.contains("frame-ancestors 'self' http://localhost:3000"), "{policy}");
    let nonce = policy.split("'nonce-").nth(1).unwrap().split('\'').next().unwrap();
    assert!(page.text().contains(&format!("nonce=\"{nonce}\"")));
    assert_ne!(world.page("/", &[]).await.header("content-security-policy"), policy, "a nonce is used once");
    assert_eq!(page.header("x-frame-options"), "", "it would shut out the admin's preview, which the policy lets in");
    assert_eq!(page.header("cache-control"), "private, no-store");
    assert!(page.header("content-type").starts_with("text/html"));

    let zipped = world.app.send(Method::GET, "/", &[("accept-encoding", "gzip")], Vec::new()).await;
    assert_eq!(zipped.header("content-encoding"), "gzip");
    assert!(zipped.body.len() < page.body.len() / 2);
    let head = world.app.send(Method::HEAD, "/", &[], Vec::new()).await;
    assert_eq!((head.status, head.body.len()), (200, 0));
}

#[tokio::test]
async fn behind_tls_the_cookie_is_secure() {
    let world = World::new().await;
    both_variants(&world.abtest, "neon").await;
    let secure = world.page("/", &[("x-forwarded-proto", "https")]).await;
    assert!(secure.header("set-cookie").contains("Secure"));
    assert!(!world.page("/", &[]).await.header("set-cookie").contains("Secure"));
}

#[tokio::test]
async fn crawlers_find_the_page_at_its_public_address() {
    let world = World::new().await;
    let page = world.page("/", &[]).await.text();
    for line in [
        "<link rel=\"canonical\" href=\"http://localhost:3000/\">",
        "<meta property=\"og:url\" content=\"http://localhost:3000/\">",
        "<meta property=\"og:image\" content=\"http://localhost:3000/open-graph.jpg\">",
    ] {
        assert!(page.contains(line), "{line}");
    }
    let robots = world.app.send(Method::GET, "/robots.txt", &[], Vec::new()).await;
    assert_eq!((robots.status, robots.header("content-type")), (200, "text/plain; charset=utf-8"));
    assert!(robots.text().contains("Sitemap: http://localhost:3000/sitemap.xml"));
    let sitemap = world.app.send(Method::GET, "/sitemap.xml", &[], Vec::new()).await;
    assert_eq!(sitemap.header("content-type"), "application/xml; charset=utf-8");
    assert!(sitemap.text().contains("<loc>http://localhost:3000/</loc>"));
}

#[tokio::test]
async fn a_third_variant_is_on_the_page_as_soon_as_it_is_configured() {
    let world = World::new().await;
    let content = json!({ "muses": { "headline": "MEET THE\nMUSES", "cta_primary": "Listen", "palette": "ember" } });
    let mut third = experiment(EXPERIMENT, &json!({ "neon": 0, "synthwave": 0, "muses": 100 }), true);
    third["variant_content"] = content;
    configure(&world.abtest, json!([third]), json!([])).await;
    assign_all(&world.abtest, "muses").await;
    let page = world.page("/", &[]).await;
    assert_eq!((&facts(&page)["variant"], &facts(&page)["look"]), (&json!("muses"), &json!("neon")));
    for part in ["class=\"neon ember\"", ">MUSES<", ">Listen<", "<title>MEET THE MUSES"] {
        assert!(page.text().contains(part), "`{part}` is missing");
    }
    let forced = world.facts("/?variant=muses", &[]).await;
    assert_eq!((&forced["variant"], &forced["experiment_id"]), (&json!("muses"), &json!(null)));
}

#[tokio::test]
async fn a_draft_is_shown_to_whoever_has_its_seal_for_an_hour_and_to_nobody_else() {
    let world = World::new().await;
    both_variants(&world.abtest, "neon").await;
    let draft = json!({ "variant": "muses", "content": { "headline": "MEET THE\nMUSES", "palette": "aurora" } });
    world.app.post("/api/previews", &draft).await.refusal(401);
    let preview = world.app.as_admin(&world.key).await.post("/api/previews", &draft).await.expect(201);
    let path = preview["path"].as_str().unwrap();
    let page = world.page(path, &[]).await;
    assert!(page.text().contains(">MUSES<") && page.text().contains("synthwave aurora"));
    let told = facts(&page);
    assert_eq!(
        (&told["preview"], &told["experiment_id"], &told["variant"]),
        (&json!(true), &json!(null), &json!("muses"))
    );
    assert_eq!(told["recording"], json!(false));
    for forged in [path.replace("draft=", "draft=a"), format!("{path}a"), "/?draft=".into(), "/?draft=..".into()] {
        assert_eq!(world.facts(&forged, &[]).await["preview"], json!(false), "{forged}");
    }
    world.hands.advance(Duration::hours(1));
    assert_eq!(world.facts(path, &[]).await["preview"], json!(false));
}

#[tokio::test]
async fn a_draft_that_breaks_a_rule_names_its_place() {
    let world = World::new().await;
    for (draft, place) in [
        (json!({ "variant": "", "content": {} }), "/variant"),
        (json!({ "variant": "a", "content": { "headline": "a\nb\nc" } }), "/content/headline"),
        (json!({ "variant": "a", "content": { "palette": "beige" } }), "/content/palette"),
        (json!({ "variant": "a", "content": [null, null] }), "/content"),
    ] {
        let (_, places) = world.app.as_admin(&world.key).await.post("/api/previews", &draft).await.refusal(422);
        assert_eq!(places, [place]);
    }
}
