//! Attacks on every call of landing that its document names.

use axum::http::Method;
use pushnami_common::program::Service;
use pushnami_landing::Landing;
use pushnami_testkit::attacks::{look_at_headers, pose_as_admin, public_changes, write_hostile_text};
use pushnami_testkit::mp3;
use serde_json::Value;

use crate::World;

fn document() -> Value {
    serde_json::to_value(Landing::document()).unwrap()
}

#[test]
fn what_everybody_may_change_is_this_and_nothing_else() {
    let open = public_changes(&document());
    assert_eq!(open.iter().map(String::as_str).collect::<Vec<_>>(), ["POST /api/collect", "POST /contact"]);
}

#[tokio::test]
async fn nobody_passes_for_the_admin() {
    let world = World::new().await;
    let made = pose_as_admin(&world.app, &document(), &world.clock, &world.key).await;
    println!("landing: {made} requests, pose_as_admin");
    assert!(made > 50, "{made} requests");
    assert_eq!(world.files(), Vec::<String>::new());
}

#[tokio::test]
async fn hostile_text_is_text_wherever_it_stands() {
    let world = World::new().await;
    let made = write_hostile_text(&world.admin().await, &document()).await;
    println!("landing: {made} requests, write_hostile_text");
    assert!(made > 200, "{made} requests");
    assert_eq!(world.files(), Vec::<String>::new());
}

#[tokio::test]
async fn no_other_site_reports_or_writes_for_a_visitor() {
    let world = World::new().await;
    for (path, media) in [("/api/collect", "text/plain"), ("/contact", "application/x-www-form-urlencoded")] {
        for origin in ["https://evil.example", "null", "http://localhost:3000.evil.example", ""] {
            let headers = [("origin", origin), ("content-type", media)];
            world.app.send(Method::POST, path, &headers, "[]").await.refusal(403);
        }
    }
}

#[tokio::test]
async fn one_network_does_not_write_without_end() {
    let world = World::new().await;
    // The proxy appends who called; what he claims before that makes nobody else of him.
    let write = async |number: u32, client: &str| {
        let named = format!("198.51.100.{}, {client}", number % 250);
        let headers = [("x-forwarded-for", named.as_str()), ("content-type", "application/json")];
        world.app.send(Method::POST, "/api/collect", &headers, "[]").await
    };
    for number in 0..2_000 {
        assert_ne!(write(number, "192.0.2.7").await.status, 429, "{number}");
    }
    let refused = write(0, "192.0.2.7").await;
    assert!(refused.refusal(429).0.starts_with("too many calls from this address"));
    assert_eq!(refused.header("retry-after"), "1");
    assert_ne!(write(0, "192.0.2.8").await.status, 429);
}

#[tokio::test]
async fn tags_of_a_track_are_data_in_json() {
    let world = World::new().await;
    let evil = "</script><script>alert(1)</script>";
    std::fs::write(world.music.path().join("evil.mp3"), mp3::tagged(evil, evil, 2)).unwrap();
    let answer = world.app.get("/api/tracks").await;
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert_eq!(answer.expect(200)[0]["title"], evil);
    // The page asks for tracks by script, and holds none of their text itself.
    assert!(!world.app.get("/").await.text().contains("alert(1)"));
}

#[tokio::test]
async fn nobody_is_sent_to_another_site() {
    let world = World::new().await;
    for path in ["//evil.example", "/%2f%2fevil.example", "/contact?next=//evil.example", "/?sent=//evil.example"] {
        let headers = [("host", "evil.example"), ("x-forwarded-host", "evil.example")];
        let answer = world.app.send(Method::GET, path, &headers, "").await;
        assert!(!answer.header("location").contains("evil.example"), "{path}");
        assert!(!answer.text().contains("evil.example"), "{path} repeats whom it was asked as");
    }
}

#[tokio::test]
async fn every_answer_tells_browsers_what_not_to_do() {
    let world = World::new().await;
    std::fs::write(world.music.path().join("a.mp3"), mp3::silence(1)).unwrap();
    let page = world.app.get("/").await.text();
    let assets = page
        .split(['"', ' ', ',', '\'', ')'])
        .filter(|text| text.starts_with("/assets/") || text.starts_with("/favicon"));
    let own =
        ["/", "/?variant=neon", "/?sent=1", "/contact", "/robots.txt", "/sitemap.xml", "/music/a.mp3", "/music/b.mp3"];
    let common =
        ["/health", "/livez", "/metrics", "/docs", "/docs/", "/docs/swagger-ui.css", "/openapi.json", "/nowhere"];
    let paths: Vec<_> = assets.chain(own).chain(common).collect();
    for app in [world.app.clone(), world.admin().await] {
        assert!(look_at_headers(&app, &document(), &paths).await > 40);
    }
}
