//! The extractor that guards admin calls.

use axum::extract::{FromRef, FromRequestParts};
use axum::http::header::{AUTHORIZATION, HOST, ORIGIN};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode};
use axum_extra::extract::CookieJar;
use time::OffsetDateTime;

use super::AdminKey;
use crate::error::ApiError;

/// The cookie that keeps a session.
pub const SESSION_COOKIE: &str = "pushnami_session";

/// Proof that the admin is asking. Name it first among a handler's arguments: nobody else's body is even read.
#[derive(Clone, Copy, Debug)]
pub struct Admin {
    /// When the session ends; `None` while `ADMIN_AUTH=off`.
    pub expires_at: Option<OffsetDateTime>,
}

impl<S> FromRequestParts<S> for Admin
where
    S: Send + Sync,
    AdminKey: FromRef<S>,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let key = AdminKey::from_ref(state);
        if !key.is_on() {
            // Without a session to steal, another site could still make a visitor's browser send the call.
            refuse_other_sites(parts, &key.0.allowed_origins)?;
            return Ok(Self { expires_at: None });
        }
        if let Some(token) = bearer(&parts.headers) {
            let expires_at = key.check_session(token).await.ok_or_else(over)?;
            return Ok(Self { expires_at: Some(expires_at) });
        }
        let jar = CookieJar::from_headers(&parts.headers);
        let cookie = jar.get(SESSION_COOKIE).ok_or_else(|| ApiError::unauthorized("log in to do this"))?;
        let expires_at = key.check_session(cookie.value()).await.ok_or_else(over)?;
        refuse_other_sites(parts, &key.0.allowed_origins)?;
        Ok(Self { expires_at: Some(expires_at) })
    }
}

fn over() -> ApiError {
    ApiError::unauthorized("the session is over; log in again")
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// A browser sends the cookie by itself, so an unsafe call must come from a page of ours (cross-site request forgery).
/// Browsers name the `Origin` of every unsafe call; a program that has the cookie but sends none is not a browser.
fn refuse_other_sites(parts: &Parts, allowed: &[String]) -> Result<(), ApiError> {
    let safe = matches!(parts.method, Method::GET | Method::HEAD | Method::OPTIONS);
    if safe || is_same_origin(&parts.headers, allowed) {
        return Ok(());
    }
    Err(ApiError::new(StatusCode::FORBIDDEN, "the call comes from a page of another origin"))
}

/// Whether the headers name no foreign page: no `Origin`, the service's own, or an allowed one.
pub fn is_same_origin(headers: &HeaderMap, allowed: &[String]) -> bool {
    let Some(origin) = headers.get(ORIGIN) else {
        return true;
    };
    let Ok(origin) = origin.to_str() else {
        return false;
    };
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    let own = origin.split_once("://").is_some_and(|(_, authority)| Some(authority) == host);
    own || allowed.iter().any(|known| known == origin)
}
