//! Lists as they go out: written once for each snapshot, tagged, and sent without being copied.

use axum::body::Bytes;
use axum::http::header::{CONTENT_TYPE, ETAG};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum_extra::headers::{ETag, Header};
use pushnami_common::conditional::{Known, tag_of};
use serde::Serialize;

/// A JSON answer with its tag.
#[derive(Clone, Debug)]
pub struct Listing {
    bytes: Bytes,
    tag: ETag,
    tag_value: HeaderValue,
}

impl Listing {
    /// Writes a list.
    pub fn of(list: &impl Serialize) -> Self {
        let bytes = serde_json::to_vec(list).expect("what is answered as JSON can be written as JSON");
        let tag = tag_of(&bytes);
        let mut values = Vec::with_capacity(1);
        tag.encode(&mut values);
        let tag_value = values.pop().expect("a tag is one value");
        Self { bytes: bytes.into(), tag, tag_value }
    }

    /// The list as JSON.
    pub(super) fn text(&self) -> &str {
        std::str::from_utf8(&self.bytes).expect("JSON is written in UTF-8")
    }

    /// The list, or 304 when the reader holds it.
    pub fn answer(&self, known: &Known) -> Response {
        if known.holds(&self.tag) {
            return (StatusCode::NOT_MODIFIED, [(ETAG, self.tag_value.clone())]).into_response();
        }
        let json = HeaderValue::from_static("application/json");
        ([(CONTENT_TYPE, json), (ETAG, self.tag_value.clone())], self.bytes.clone()).into_response()
    }
}
