//! Properties of whatever reads data from outside: any bytes at all are read or refused, never a failure of ours.
//!
//! Each property holds for 1,000 inputs a run, what needs a file or a call for 200; half of them are good ones with damage.

use axum::http::{HeaderMap, HeaderValue, Method};
use proptest::collection::vec;
use proptest::prelude::*;
use pushnami_common::clock::Clock;
use pushnami_common::extract::parse_json;
use pushnami_landing::collect::model::PageEvents;
use pushnami_landing::contact::model::ContactPost;
use pushnami_landing::page::ranges::{Wanted, wanted};
use pushnami_landing::tracks::mp3 as reader;
use pushnami_landing::visitor;
use pushnami_testkit::{NOON, mp3};

use crate::World;

/// A good text in which some bytes are others, or one that was never good.
fn damaged(good: &'static [u8]) -> impl Strategy<Value = Vec<u8>> {
    let hits = vec((any::<prop::sample::Index>(), any::<u8>()), 0..6);
    let cut = (hits, any::<prop::sample::Index>()).prop_map(move |(hits, end)| {
        let mut bytes = good.to_vec();
        hits.iter().for_each(|(place, byte)| bytes[place.index(good.len())] = *byte);
        bytes.truncate(end.index(good.len() + 1).max(good.len() / 2));
        bytes
    });
    prop_oneof![cut, vec(any::<u8>(), 0..400)]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, ..ProptestConfig::default() })]

    #[test]
    fn any_body_is_a_batch_or_a_refusal(
        body in damaged(br#"[{"id":"01980000-0000-7000-8000-0000000000e1","event_type":"click","metadata":{"a":[1,"b"]}}]"#)
    ) {
        match parse_json::<PageEvents>(&body) {
            Ok(events) => prop_assert!(events.0.len() <= 100),
            Err(refusal) => prop_assert!(refusal.status().is_client_error(), "{refusal:?}"),
        }
    }

    #[test]
    fn any_body_is_a_form(body in damaged(b"email=daphne%40example.com&message=a%0D%0Ab&form=1&preview=true&variant=neon")) {
        let post = ContactPost::parse(&body);
        prop_assert!(post.lead(None).experiment_id.is_none());
    }

    #[test]
    fn any_cookie_is_a_visitor_or_nobody(cookie in damaged(b"a=b; visitor_id=01980000-0000-7000-8000-0000000000aa; c")) {
        let Ok(value) = HeaderValue::from_bytes(&cookie) else { return Ok(()) };
        let headers = HeaderMap::from_iter([(axum::http::header::COOKIE, value)]);
        if let Some(id) = visitor::known(&headers) {
            prop_assert!(id.to_string().bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-'));
        }
        let now = Clock::stopped_at(NOON).0.now();
        prop_assert!(visitor::Visitor::of(&headers, now).id().is_some());
    }

    #[test]
    fn any_range_stays_within_the_file(range in damaged(b"bytes=10-200,300-,-5"), length in 0_u64..1_000) {
        let Ok(value) = HeaderValue::from_bytes(&range) else { return Ok(()) };
        let headers = HeaderMap::from_iter([(axum::http::header::RANGE, value)]);
        if let Wanted::Part(part) = wanted(&headers, b"\"a\"", length) {
            prop_assert!(part.start() <= part.end() && *part.end() < length, "{part:?} of {length}");
        }
    }
}

/// A short track with a tag, once.
fn track() -> &'static [u8] {
    static TRACK: std::sync::LazyLock<Vec<u8>> = std::sync::LazyLock::new(|| mp3::tagged("a", "b", 1));
    &TRACK
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn any_file_is_an_mp3_or_none(bytes in damaged(track())) {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), bytes).unwrap();
        // A reader that panics is answered as one that finds no MP3.
        let read = std::panic::catch_unwind(|| reader::read(file.path()));
        if let Ok(Ok(Some(facts))) = read {
            prop_assert!(facts.duration_seconds > 0.0 && facts.duration_seconds.is_finite());
        }
    }

    #[test]
    fn any_upload_is_refused_or_a_track(
        body in damaged(
            b"--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"x.mp3\"\r\ncontent-type: audio/mpeg\r\n\r\nxx\r\n--b--\r\n"
        )
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let world = World::new().await;
            let app = world.admin().await;
            let media = [("content-type", "multipart/form-data; boundary=b")];
            let answer = app.send(Method::POST, "/api/tracks/upload", &media, body).await;
            assert!((400..500).contains(&answer.status), "{}", answer.text());
            assert_eq!(world.files(), Vec::<String>::new());
        });
    }
}
