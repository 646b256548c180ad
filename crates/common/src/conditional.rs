//! Requests with a condition (RFC 9110, section 13): what was read is tagged, and who changes it may say which state is
//! meant. Of two people who edit the same thing the second is told, and shown what it has become.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum_extra::headers::{ETag, Header, HeaderMapExt, IfMatch, IfNoneMatch};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::error::{ApiError, ApiResult};
use crate::extract::Json;

/// A thing with its tag: the answer of whoever reads, creates or changes it.
#[derive(Clone, Copy, Debug)]
pub struct Tagged<T>(pub T);

/// The state that a change is meant for; without `If-Match`, whichever it finds.
#[derive(Clone, Debug)]
pub struct Precondition(Option<IfMatch>);

/// The states that the reader holds already, by `If-None-Match`.
#[derive(Clone, Debug)]
pub struct Known(Option<IfNoneMatch>);

/// The tag of a state: strong, because it is a digest of all that a reader sees of it. Whoever changes a thing back has
/// the old state again, and with it the old tag.
pub fn tag(state: &impl Serialize) -> ETag {
    tag_of(&serde_json::to_vec(state).expect("what is answered as JSON can be written as JSON"))
}

/// The tag of a state that is written already.
pub fn tag_of(bytes: &[u8]) -> ETag {
    let digest = Sha256::digest(bytes);
    let text: String = digest[..16].iter().map(|byte| format!("{byte:02x}")).collect();
    format!("\"{text}\"").parse().expect("hexadecimal digits between quotes are a tag")
}

impl Precondition {
    /// Whether `current` is the state that the change is meant for.
    ///
    /// # Errors
    /// 412 with the current state and its tag when it is another.
    pub fn check(&self, current: &impl Serialize) -> ApiResult<()> {
        let tag = tag(current);
        match &self.0 {
            Some(wanted) if !wanted.precondition_passes(&tag) => Err(stale(current, &tag)),
            _ => Ok(()),
        }
    }
}

fn stale(current: &impl Serialize, tag: &ETag) -> ApiError {
    let detail = "it was changed meanwhile; `current` is what it has become, and `ETag` names that state";
    let mut value = Vec::new();
    tag.encode(&mut value);
    let current = serde_json::to_value(current).expect("what is answered as JSON can be written as JSON");
    let refusal = ApiError::new(StatusCode::PRECONDITION_FAILED, detail).with_member("current", current);
    value.into_iter().fold(refusal, |refusal, value| refusal.with_header(header::ETAG, value))
}

impl<T: Serialize> IntoResponse for Tagged<T> {
    fn into_response(self) -> Response {
        let tag = tag(&self.0);
        let mut response = Json(self.0).into_response();
        response.headers_mut().typed_insert(tag);
        response
    }
}

impl Known {
    /// Whether the reader holds the state of this tag.
    pub fn holds(&self, tag: &ETag) -> bool {
        self.0.as_ref().is_some_and(|known| !known.precondition_passes(tag))
    }

    /// The thing, or 304 when the reader holds this state.
    pub fn answer(&self, state: impl Serialize) -> Response {
        let tag = tag(&state);
        if !self.holds(&tag) {
            return Tagged(state).into_response();
        }
        let mut response = StatusCode::NOT_MODIFIED.into_response();
        response.headers_mut().typed_insert(tag);
        response
    }
}

impl<S: Sync> FromRequestParts<S> for Precondition {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> ApiResult<Self> {
        condition(parts, "If-Match").map(Self)
    }
}

impl<S: Sync> FromRequestParts<S> for Known {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> ApiResult<Self> {
        condition(parts, "If-None-Match").map(Self)
    }
}

fn condition<H: Header>(parts: &Parts, name: &str) -> ApiResult<Option<H>> {
    parts
        .headers
        .typed_try_get()
        .map_err(|_| ApiError::bad_request(format!("the header {name} must hold tags in quotes, or `*`")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_states_have_equal_tags_and_others_do_not() {
        assert_eq!(tag(&("a", 1)), tag(&("a", 1)));
        assert_ne!(tag(&("a", 1)), tag(&("a", 2)));
    }
}
