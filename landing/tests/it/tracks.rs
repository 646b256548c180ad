//! The music library: listed, ordered, played, deleted, and never left.

use axum::http::Method;
use pushnami_landing::tracks::library::Library;
use pushnami_testkit::mp3;
use serde_json::{Value, json};

use crate::World;

impl World {
    fn put(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.music.path().join(name), bytes).unwrap();
    }

    async fn listed(&self) -> Vec<String> {
        let tracks = self.app.get("/api/tracks").await.expect(200);
        tracks.as_array().unwrap().iter().map(|track| track["filename"].as_str().unwrap().to_owned()).collect()
    }
}

#[tokio::test]
async fn a_listed_track_tells_what_its_tag_and_its_frames_say() {
    let world = World::new().await;
    let tagged = mp3::tagged("Ωδή", "The Muses", 2);
    world.put("b one.mp3", &tagged);
    world.put("02-dusk_in-corinth.mp3", &mp3::silence(1));
    let tracks = world.app.get("/api/tracks").await.expect(200);
    assert_eq!(tracks[1]["name"], "Ωδή");
    assert_eq!(tracks[1]["src"], "/music/b%20one.mp3");
    assert_eq!(tracks[1]["filename"], "b one.mp3");
    assert_eq!((&tracks[1]["title"], &tracks[1]["artist"]), (&json!("Ωδή"), &json!("The Muses")));
    assert_eq!(tracks[1]["size_bytes"], tagged.len());
    assert!((1.9..2.2).contains(&tracks[1]["duration_seconds"].as_f64().unwrap()), "{}", tracks[1]);
    assert_eq!(tracks[0]["name"], "Dusk In Corinth");
    assert_eq!(tracks[0]["title"], Value::Null);
}

#[tokio::test]
async fn a_changed_file_is_read_again() {
    let world = World::new().await;
    world.put("a.mp3", &mp3::tagged("old", "x", 1));
    assert_eq!(world.app.get("/api/tracks").await.expect(200)[0]["name"], "old");
    world.put("a.mp3", &mp3::tagged("newer", "x", 2));
    assert_eq!(world.app.get("/api/tracks").await.expect(200)[0]["name"], "newer");
}

#[tokio::test]
async fn tracks_come_in_the_saved_order_and_new_ones_last() {
    let world = World::new().await;
    for name in ["a.mp3", "b.mp3", "c.mp3"] {
        world.put(name, &mp3::silence(1));
    }
    assert_eq!(world.listed().await, ["a.mp3", "b.mp3", "c.mp3"]);
    let admin = world.admin().await;
    let saved = admin.put("/api/tracks/order", &json!({ "order": ["c.mp3", "a.mp3"] })).await;
    assert_eq!(saved.expect(200), json!({ "ok": true }));
    world.put("0.mp3", &mp3::silence(1));
    assert_eq!(world.listed().await, ["c.mp3", "a.mp3", "0.mp3", "b.mp3"]);
    admin.delete("/api/tracks/c.mp3").await;
    assert_eq!(world.listed().await, ["a.mp3", "0.mp3", "b.mp3"]);
}

#[tokio::test]
async fn an_order_names_tracks_each_once() {
    let world = World::new().await;
    world.put("a.mp3", &mp3::silence(1));
    let admin = world.admin().await;
    for (body, pointer) in [
        (json!({ "order": ["a.mp3", "none.mp3"] }), "/order/1"),
        (json!({ "order": ["a.mp3", "a.mp3"] }), "/order/1"),
        (json!({ "order": ["../a.mp3"] }), "/order/0"),
        (json!({ "order": [".order.json"] }), "/order/0"),
        (json!({ "order": ["\0.mp3"] }), "/order/0"),
        (json!({ "order": [7] }), "/order/0"),
        (json!({ "order": "a.mp3" }), "/order"),
        (json!({ "order": null }), "/order"),
        (json!({}), "/order"),
        (json!({ "order": vec!["x"; 10_001] }), "/order"),
    ] {
        let (detail, pointers) = admin.put("/api/tracks/order", &body).await.refusal(422);
        assert_eq!(pointers, [pointer], "{detail}");
    }
    assert_eq!(world.files(), ["a.mp3"], "nothing was saved, nothing left lying about");
}

#[tokio::test]
async fn a_broken_order_file_is_ignored() {
    let world = World::new().await;
    world.put("a.mp3", &mp3::silence(1));
    world.put(".order.json", b"{");
    assert_eq!(world.listed().await, ["a.mp3"]);
}

#[tokio::test]
async fn what_an_interrupted_upload_left_behind_goes_at_the_next_start() {
    let world = World::new().await;
    for name in [".unfinished-old", ".unfinished-young"] {
        world.put(name, b"half a track");
    }
    let old = std::fs::File::options().write(true).open(world.music.path().join(".unfinished-old")).unwrap();
    old.set_modified(std::time::UNIX_EPOCH).unwrap();
    Library::open(world.music.path()).await.unwrap();
    assert_eq!(world.files(), [".unfinished-young"], "another copy of the service may be writing that one");
}

#[tokio::test]
async fn only_tracks_are_listed_and_links_lead_nowhere() {
    let world = World::new().await;
    let elsewhere = tempfile::tempdir().unwrap();
    std::fs::write(elsewhere.path().join("secret.mp3"), b"secret").unwrap();
    std::os::unix::fs::symlink(elsewhere.path().join("secret.mp3"), world.music.path().join("link.mp3")).unwrap();
    std::fs::create_dir(world.music.path().join("folder.mp3")).unwrap();
    world.put("notes.txt", b"x");
    world.put(".hidden.mp3", &mp3::silence(1));
    assert_eq!(world.listed().await, Vec::<String>::new());
    let admin = world.admin().await;
    for name in ["link.mp3", "folder.mp3", ".hidden.mp3", "notes.txt"] {
        assert_eq!(admin.delete(&format!("/api/tracks/{name}")).await.refusal(404).0, "Track not found");
        admin.get(&format!("/music/{name}")).await.refusal(404);
    }
    assert!(elsewhere.path().join("secret.mp3").exists());
    assert_eq!(world.files().len(), 4);
}

#[tokio::test]
async fn no_name_reaches_outside_the_folder() {
    let world = World::new().await;
    let outside = world.music.path().parent().unwrap().join("outside-of-the-library.mp3");
    std::fs::write(&outside, b"x").unwrap();
    let admin = world.admin().await;
    for name in [
        "..%2Foutside-of-the-library.mp3",
        "%2e%2e%2foutside-of-the-library.mp3",
        "..%5Coutside-of-the-library.mp3",
        "%2Fetc%2Fpasswd",
        "a%00.mp3",
        "%00",
        ".mp3",
        "..",
        &format!("{}.mp3", "x".repeat(5000)),
    ] {
        admin.delete(&format!("/api/tracks/{name}")).await.refusal(404);
        admin.get(&format!("/music/{name}")).await.refusal(404);
    }
    admin.delete("/api/tracks/../outside-of-the-library.mp3").await.refusal(404);
    assert!(outside.exists());
    std::fs::remove_file(outside).unwrap();
}

#[tokio::test]
async fn a_track_is_played_whole_by_ranges_and_from_memory() {
    let world = World::new().await;
    let bytes = mp3::tagged("t", "a", 1);
    world.put("a.mp3", &bytes);
    let whole = world.app.get("/music/a.mp3").await;
    assert_eq!((whole.status, &whole.body), (200, &bytes));
    assert_eq!(whole.header("content-type"), "audio/mpeg");
    assert_eq!(whole.header("accept-ranges"), "bytes");
    assert_eq!(whole.header("x-content-type-options"), "nosniff");
    let etag = whole.header("etag").to_owned();
    assert!(etag.starts_with('"'), "{etag}");

    let ask = async |header: (&str, &str)| world.app.send(Method::GET, "/music/a.mp3", &[header], Vec::new()).await;
    let part = ask(("range", "bytes=3-9")).await;
    assert_eq!((part.status, part.body.as_slice()), (206, &bytes[3..=9]));
    assert_eq!(part.header("content-range"), format!("bytes 3-9/{}", bytes.len()));
    assert_eq!(ask(("range", "bytes=9999999-")).await.status, 416);
    assert_eq!(ask(("if-none-match", &etag)).await.status, 304);
}

#[tokio::test]
async fn deleting_needs_the_admin_and_a_track() {
    let world = World::new().await;
    world.put("a b.mp3", &mp3::silence(1));
    world.app.delete("/api/tracks/a%20b.mp3").await.refusal(401);
    world.app.put("/api/tracks/order", &json!({ "order": [] })).await.refusal(401);
    let admin = world.admin().await;
    assert_eq!(admin.delete("/api/tracks/a%20b.mp3").await.status, 204);
    assert_eq!(admin.delete("/api/tracks/a%20b.mp3").await.refusal(404).0, "Track not found");
    assert_eq!(world.files(), Vec::<String>::new());
}

#[tokio::test]
async fn three_tracks_are_there_on_first_start_and_a_deleted_one_stays_deleted() {
    let world = World::new().await;
    let library = Library::open(world.music.path()).await.unwrap();
    library.seed().await.unwrap();
    let tracks = world.app.get("/api/tracks").await.expect(200);
    let names: Vec<_> = tracks.as_array().unwrap().iter().map(|track| track["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["Neon Oracle", "Colonnade at Dusk", "Lotus Arcade"]);
    for track in tracks.as_array().unwrap() {
        assert!((60.0..120.0).contains(&track["duration_seconds"].as_f64().unwrap()), "{track}");
        assert_eq!(track["artist"], "Pushnami Muses");
    }
    let first = tracks[0]["filename"].as_str().unwrap();
    world.admin().await.delete(&format!("/api/tracks/{first}")).await;
    library.seed().await.unwrap();
    assert_eq!(world.listed().await.len(), 2);
}
