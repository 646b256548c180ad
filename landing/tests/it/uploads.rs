//! Uploads: an MP3 by content, name and declared type, whole or not at all.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::http::Method;
use http_body::Frame;
use pushnami_testkit::{Answer, TestApp, mp3};
use serde_json::json;

use crate::World;

const BOUNDARY: &str = "the-boundary-of-the-test";
const MB_20: usize = 20 * 1024 * 1024;

/// A multipart body with one part.
fn part(field: &str, filename: Option<&str>, content_type: Option<&str>, bytes: &[u8]) -> Vec<u8> {
    let filename = filename.map_or_else(String::new, |name| format!("; filename=\"{name}\""));
    let content_type = content_type.map_or_else(String::new, |media| format!("Content-Type: {media}\r\n"));
    let head =
        format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{field}\"{filename}\r\n{content_type}\r\n");
    [head.as_bytes(), bytes, format!("\r\n--{BOUNDARY}--\r\n").as_bytes()].concat()
}

async fn post(app: &TestApp, body: Vec<u8>) -> Answer {
    app.post_bytes("/api/tracks/upload", &format!("multipart/form-data; boundary={BOUNDARY}"), body).await
}

async fn upload(app: &TestApp, filename: &str, bytes: &[u8]) -> Answer {
    post(app, part("file", Some(filename), Some("audio/mpeg"), bytes)).await
}

#[tokio::test]
async fn an_mp3_becomes_a_track() {
    let world = World::new().await;
    let admin = world.admin().await;
    let bytes = mp3::tagged("A Title", "An Artist", 1);
    let track = upload(&admin, "my track.mp3", &bytes).await.expect(201);
    assert_eq!(track["name"], "A Title");
    assert_eq!(track["src"], "/music/my%20track.mp3");
    assert_eq!(track["filename"], "my track.mp3");
    assert_eq!(world.app.get("/api/tracks").await.expect(200), json!([track]));
    assert_eq!(world.app.get("/music/my%20track.mp3").await.body, bytes);
    assert_eq!(world.files(), ["my track.mp3"], "nothing unfinished is left");
}

#[tokio::test]
async fn other_parts_are_passed_over_and_a_part_without_a_type_is_judged_by_content() {
    let world = World::new().await;
    let admin = world.admin().await;
    let mut body = part("comment", None, None, b"hello");
    body.truncate(body.len() - format!("--{BOUNDARY}--\r\n").len());
    body.extend(part("file", Some("a.mp3"), None, &mp3::silence(1)));
    post(&admin, body).await.expect(201);
}

#[tokio::test]
async fn names_are_reduced_to_safe_ones() {
    let world = World::new().await;
    let admin = world.admin().await;
    for (given, kept) in [
        ("../../x.mp3", "x.mp3"),
        ("/etc/cron.d/y.mp3", "y.mp3"),
        ("C:\\\\Music\\\\z.MP3", "z.mp3"),
        ("..a..mp3", "a.mp3"),
        ("b<script>.mp3", "b-script.mp3"),
    ] {
        assert_eq!(upload(&admin, given, &mp3::silence(1)).await.expect(201)["filename"], kept, "{given}");
    }
    assert_eq!(world.files().len(), 5);
    assert!(!world.music.path().parent().unwrap().join("x.mp3").exists());
}

#[tokio::test]
async fn what_only_pretends_to_be_an_mp3_is_415() {
    let world = World::new().await;
    let admin = world.admin().await;
    let html = b"<!doctype html><script>alert(1)</script>".as_slice();
    let synced_html = [&[0xff, 0xfb, 0x90, 0x00], html.repeat(40).as_slice()].concat();
    let lone_tag = b"ID3\x04\x00\x00\x00\x00\x00\x00".to_vec();
    // MPEG-1 Layer II, 128 kbit/s, 44.1 kHz: the same length of frame, but an MP2.
    let mp2 = [&[0xff, 0xfd, 0x80, 0x00], [0; 413].as_slice()].concat().repeat(40);
    let mp3 = mp3::silence(1);
    for (filename, content_type, bytes) in [
        ("page.html", "audio/mpeg", html),
        ("page.html", "audio/mpeg", mp3.as_slice()),
        ("text.mp3", "audio/mpeg", b"just some text".as_slice()),
        ("html.mp3", "audio/mpeg", html),
        ("synced.mp3", "audio/mpeg", &synced_html),
        ("tag.mp3", "audio/mpeg", &lone_tag),
        ("layer-two.mp3", "audio/mpeg", &mp2),
        ("empty.mp3", "audio/mpeg", b"".as_slice()),
        ("zeros.mp3", "audio/mpeg", &[0; 5000]),
        ("png.mp3", "audio/mpeg", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".as_slice()),
        ("a.mp3", "text/html", mp3.as_slice()),
        ("a.mp3", "image/png", mp3.as_slice()),
        ("a.mp3", "application/octet-stream", mp3.as_slice()),
        ("a.wav", "audio/mpeg", mp3.as_slice()),
        ("a", "audio/mpeg", mp3.as_slice()),
        (".mp3", "audio/mpeg", mp3.as_slice()),
        ("", "audio/mpeg", mp3.as_slice()),
    ] {
        let answer = post(&admin, part("file", Some(filename), Some(content_type), bytes)).await;
        assert_eq!(answer.refusal(415).1, ["/file"], "{filename} {content_type}");
    }
    assert_eq!(world.files(), Vec::<String>::new());
}

#[tokio::test]
async fn twenty_megabytes_are_a_track_and_one_byte_more_is_not() {
    let world = World::new().await;
    let admin = world.admin().await;
    upload(&admin, "full.mp3", &mp3::silence_of(MB_20)).await.expect(201);
    assert_eq!(upload(&admin, "over.mp3", &mp3::silence_of(MB_20 + 1)).await.refusal(413).1, ["/file"]);
    assert_eq!(world.files(), ["full.mp3"]);
}

#[tokio::test]
async fn a_name_is_taken_once() {
    let world = World::new().await;
    let admin = world.admin().await;
    upload(&admin, "a.mp3", &mp3::silence(1)).await.expect(201);
    let (detail, pointers) = upload(&admin, "sub/a.mp3", &mp3::silence(2)).await.refusal(409);
    assert_eq!((detail.as_str(), pointers), ("a track called `a.mp3` exists", vec!["/file".to_owned()]));
    assert_eq!(world.app.get("/music/a.mp3").await.body, mp3::silence(1));
    assert_eq!(world.files(), ["a.mp3"]);
}

#[tokio::test]
async fn of_two_at_once_under_one_name_one_wins_whole() {
    let world = World::new().await;
    let admin = world.admin().await;
    let (short, long) = (mp3::silence(1), mp3::silence(300));
    let (one, other) = tokio::join!(upload(&admin, "a.mp3", &short), upload(&admin, "a.mp3", &long));
    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409]);
    let kept = world.app.get("/music/a.mp3").await.body;
    assert_eq!(kept, if one.status == 201 { short } else { long });
    assert_eq!(world.files(), ["a.mp3"]);
}

#[tokio::test]
async fn unreadable_uploads_never_earn_a_5xx() {
    let world = World::new().await;
    let admin = world.admin().await;
    let whole = part("file", Some("a.mp3"), Some("audio/mpeg"), &mp3::silence(1));
    let form = format!("multipart/form-data; boundary={BOUNDARY}");
    for (content_type, body, status) in [
        (form.as_str(), whole[..whole.len() / 2].to_vec(), 400),
        (form.as_str(), Vec::new(), 400),
        (form.as_str(), b"garbage".to_vec(), 400),
        (form.as_str(), part("other", Some("a.mp3"), Some("audio/mpeg"), &mp3::silence(1)), 400),
        (form.as_str(), part("file", None, Some("audio/mpeg"), &mp3::silence(1)), 415),
        ("multipart/form-data", whole.clone(), 415),
        ("multipart/form-data; boundary=another", whole.clone(), 400),
        ("application/json", b"{}".to_vec(), 415),
        ("audio/mpeg", mp3::silence(1), 415),
    ] {
        let answer = admin.post_bytes("/api/tracks/upload", content_type, body).await;
        assert_eq!(answer.status, status, "{content_type}: {}", answer.text());
        answer.refusal(status);
    }
    let none = post(&admin, format!("--{BOUNDARY}--\r\n").into_bytes()).await;
    assert_eq!(none.refusal(400).0, "No file uploaded");
    assert_eq!(world.files(), Vec::<String>::new());
}

/// A body of which the beginning arrives, and then nothing more.
struct Stalled(Option<Bytes>);

impl HttpBody for Stalled {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.0.take().map_or(Poll::Pending, |bytes| Poll::Ready(Some(Ok(Frame::data(bytes)))))
    }
}

#[tokio::test]
async fn who_goes_away_in_the_middle_leaves_nothing_behind() {
    let world = World::new().await;
    let admin = world.admin().await;
    let whole = part("file", Some("a.mp3"), Some("audio/mpeg"), &mp3::silence(60));
    let body = Body::new(Stalled(Some(Bytes::from(whole[..whole.len() / 2].to_vec()))));
    let form = format!("multipart/form-data; boundary={BOUNDARY}");
    let headers = [("content-type", form.as_str())];
    let mut sending = Box::pin(admin.send(Method::POST, "/api/tracks/upload", &headers, body));
    while world.files().is_empty() {
        tokio::select! {
            answer = &mut sending => panic!("half an upload was answered: {}", answer.text()),
            () = tokio::task::yield_now() => {}
        }
    }
    assert!(world.files()[0].starts_with(".unfinished-"), "not under its name while it is not whole");
    assert_eq!(world.app.get("/api/tracks").await.expect(200), json!([]));
    drop(sending);
    let gone = async {
        while !world.files().is_empty() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), gone).await.expect("nothing stays");
}

#[tokio::test]
async fn uploading_needs_the_admin() {
    let world = World::new().await;
    upload(&world.app, "a.mp3", &mp3::silence(1)).await.refusal(401);
    assert_eq!(world.files(), Vec::<String>::new());
}

#[tokio::test]
async fn the_library_holds_no_more_than_it_may_and_nothing_is_left_of_what_was_refused() {
    let track = mp3::silence(2);
    let size = track.len() as u64;
    let world = World::with_quota(size * 5 / 2).await;
    let app = world.admin().await;
    assert_eq!(upload(&app, "a.mp3", &track).await.status, 201);
    assert_eq!(upload(&app, "b.mp3", &track).await.status, 201);
    let (sentence, _) = upload(&app, "c.mp3", &track).await.refusal(507);
    assert!(sentence.contains("holds as much as it may"), "{sentence}");
    assert_eq!(world.files(), ["a.mp3", "b.mp3"]);
    assert_eq!(app.delete("/api/tracks/a.mp3").await.status, 204);
    assert_eq!(upload(&app, "c.mp3", &track).await.status, 201);
}
