//! Logging in and out over HTTP.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, StatusCode};
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use garde::Validate;
use pushnami_common::auth::{Admin, AdminKey, SESSION_COOKIE, SESSION_LIFETIME};
use pushnami_common::caller::caller;
use pushnami_common::clock::Clock;
use pushnami_common::error::Problem;
use pushnami_common::extract::Json;
use pushnami_common::openapi::{AdminProblems, BodyProblems, InputProblems, OftenProblem};
use pushnami_common::protection::came_by_tls;
use pushnami_common::{ApiError, ApiResult, text};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::ToSchema;

use super::model::FailedLogins;

/// What opens a session.
#[derive(Deserialize, Validate, ToSchema)]
pub struct Login {
    /// The admin's password.
    #[garde(custom(text::sized(1, 1024)))]
    #[schema(format = Password, min_length = 1, max_length = 1024)]
    password: String,
}

/// An open session.
#[derive(Debug, Serialize, ToSchema)]
pub struct OpenSession {
    /// Send it as `Authorization: Bearer …`; browsers keep it as a cookie.
    token: String,
    /// When it ends.
    #[serde(with = "time::serde::rfc3339")]
    expires_at: OffsetDateTime,
}

/// How the caller stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionState {
    /// `on`, or `off` when the operator has opened the admin to everybody.
    auth: &'static str,
    /// When the session ends; absent while `auth` is `off`.
    #[serde(with = "time::serde::rfc3339::option", skip_serializing_if = "Option::is_none")]
    expires_at: Option<OffsetDateTime>,
}

/// Logs the admin in, for 12 hours.
#[utoipa::path(post, path = "/api/auth/login", tag = "sessions", request_body = Login,
    responses(InputProblems, BodyProblems, (status = 200, description = "The session, also set as a cookie", body = OpenSession),
        (status = 401, description = "The password is wrong", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "Too many wrong passwords; `Retry-After` says when to try again", body = Problem, content_type = "application/problem+json"),
        ))]
pub async fn open_session(
    State(admin): State<AdminKey>,
    State(failed): State<Arc<FailedLogins>>,
    State(clock): State<Clock>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    jar: CookieJar,
    Json(login): Json<Login>,
) -> ApiResult<(CookieJar, Json<OpenSession>)> {
    let address = caller(peer.ip(), &headers);
    if let Some(seconds) = failed.seconds_to_wait(address, clock.now()) {
        return Err(ApiError::too_many_requests(
            format!("too many wrong passwords; try again in {seconds} s"),
            seconds,
        ));
    }
    let Some(session) = admin.open_session(&login.password).await else {
        failed.record(address, clock.now());
        return Err(ApiError::unauthorized("the password is wrong").with_field("/password", "is wrong"));
    };
    failed.forget(address, clock.now());
    let mut cookie = cookie(session.token.clone(), &headers);
    cookie.set_max_age(SESSION_LIFETIME);
    Ok((jar.add(cookie), Json(OpenSession { token: session.token, expires_at: session.expires_at })))
}

/// Says whether the caller is logged in, and until when.
#[utoipa::path(get, path = "/api/auth/session", tag = "sessions",
    responses((status = 200, description = "Logged in", body = SessionState), AdminProblems),
    security(("bearer" = []), ("cookie" = [])))]
pub async fn find_session(session: Admin) -> Json<SessionState> {
    let auth = if session.expires_at.is_some() { "on" } else { "off" };
    Json(SessionState { auth, expires_at: session.expires_at })
}

/// Logs out: the browser forgets its cookie.
#[utoipa::path(post, path = "/api/auth/logout", tag = "sessions", responses((status = 204, description = "Logged out"), OftenProblem))]
pub async fn close_session(headers: HeaderMap, jar: CookieJar) -> (StatusCode, CookieJar) {
    (StatusCode::NO_CONTENT, jar.add(expired(&headers)))
}

fn cookie(token: String, headers: &HeaderMap) -> Cookie<'static> {
    // `Secure` only where the browser came by TLS: on plain http some browsers would drop the cookie.
    let cookie = Cookie::build((SESSION_COOKIE, token)).path("/").http_only(true).same_site(SameSite::Strict);
    cookie.secure(came_by_tls(headers)).build()
}

fn expired(headers: &HeaderMap) -> Cookie<'static> {
    let mut cookie = cookie(String::new(), headers);
    cookie.set_max_age(time::Duration::ZERO);
    cookie
}
