//! What landing has around its own calls, as far as it differs from the other services.

use std::path::Path;

use axum::http::Method;
use pushnami_common::program::{Service, document_text};
use pushnami_landing::Landing;
use pushnami_landing::tracks::library::Library;
use pushnami_testkit::check_file;
use serde_json::json;

use crate::World;

#[test]
fn the_document_on_file_is_current() {
    check_file(concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.json"), &document_text(&Landing::document()));
}

#[tokio::test]
async fn health_is_about_the_music_folder_and_not_about_the_neighbours() {
    let world = World::new().await;
    assert_eq!(world.app.get("/health").await.expect(200)["service"], "landing");
    std::fs::remove_dir_all(world.music.path()).unwrap();
    let degraded = world.app.get("/health").await.expect(503);
    assert_eq!(degraded["status"], "degraded");
    assert!(degraded["failing"].as_str().unwrap().starts_with("the music folder cannot be"), "{degraded}");
    assert_eq!(world.app.get("/livez").await.status, 200);
}

#[tokio::test]
async fn a_music_folder_that_takes_no_files_degrades_health() {
    // Readable by everybody, writable by nobody, not even by root, as whom containers run tests.
    let library = Library::open(Path::new("/proc")).await.unwrap();
    assert!(library.check().await.unwrap_err().starts_with("the music folder cannot be written"));
}

#[tokio::test]
async fn only_the_page_lets_the_admin_frame_it() {
    let world = World::new().await;
    for path in ["/api/tracks", "/health", "/api/none"] {
        assert_eq!(world.app.get(path).await.header("x-frame-options"), "DENY", "{path}");
    }
}

#[tokio::test]
async fn what_is_not_there_is_a_problem() {
    let world = World::new().await;
    for path in ["/nowhere", "/assets/none.js", "/assets/..%2f.vite/manifest.json", "/music/none.mp3", "/api/none"] {
        world.app.get(path).await.refusal(404);
    }
    world.app.send(Method::DELETE, "/", &[], Vec::new()).await.refusal(405);
    let answer = world.app.post("/api/tracks", &json!({})).await;
    answer.refusal(405);
    assert_eq!(answer.header("allow"), "GET,HEAD");
}
