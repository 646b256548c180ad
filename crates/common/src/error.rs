//! One error at the edge: what the client may know (a [`Problem`], RFC 9457) and what only the log may know (its source).

use std::fmt::Display;

use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// What a handler answers.
pub type ApiResult<T> = Result<T, ApiError>;

/// The media type of every refusal.
pub const PROBLEM_JSON: &str = "application/problem+json";

/// Why a request was refused (RFC 9457 problem details).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// What kind of problem; `about:blank` means no more than the status says.
    #[schema(example = "about:blank")]
    pub r#type: String,
    /// The status in words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// A sentence a person can act on.
    pub detail: String,
    /// Which parts of the input were refused, and why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
}

/// One refused part of the input.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FieldError {
    /// Where: a JSON pointer (RFC 6901) into the body, or `/name` of a parameter.
    #[schema(example = "/traffic_split")]
    pub pointer: String,
    /// What is wrong with it.
    #[schema(example = "must total 100, got 99")]
    pub detail: String,
}

impl FieldError {
    /// Joins a pointer with what is wrong there.
    pub fn new(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), detail: detail.into() }
    }
}

/// A refusal on its way out.
#[derive(Debug)]
pub struct ApiError {
    status: StatusCode,
    detail: String,
    errors: Vec<FieldError>,
    headers: Box<HeaderMap>,
    members: Map<String, Value>,
    source: Option<anyhow::Error>,
}

impl ApiError {
    /// A refusal with a status and a sentence.
    pub fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self {
            status,
            detail: detail.into(),
            errors: Vec::new(),
            headers: Box::default(),
            members: Map::new(),
            source: None,
        }
    }

    /// 400: a business rule is broken, or the bytes cannot be read.
    pub fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, detail)
    }

    /// 422: the shape, type, length or range of some fields is wrong.
    pub fn invalid(errors: Vec<FieldError>) -> Self {
        let detail = match errors.as_slice() {
            [one] if one.pointer.is_empty() => one.detail.clone(),
            [one] => format!("`{}` {}", one.pointer.trim_start_matches('/'), one.detail),
            several => format!("{} fields are not valid", several.len()),
        };
        Self { errors, ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, detail) }
    }

    /// 404.
    pub fn not_found(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, detail)
    }

    /// 409: it exists already.
    pub fn conflict(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, detail)
    }

    /// 413.
    pub fn too_large(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, detail)
    }

    /// 415.
    pub fn unsupported(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail)
    }

    /// 401: the admin's password is needed.
    pub fn unauthorized(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, detail)
            .with_header(axum::http::header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))
    }

    /// 429, with the seconds to wait.
    pub fn too_many_requests(detail: impl Into<String>, retry_after_seconds: u64) -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, detail).with_header(RETRY_AFTER, retry_after_seconds.into())
    }

    /// 503, with the seconds to wait: something this service needs is away.
    pub fn unavailable(detail: impl Into<String>, retry_after_seconds: u64) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, detail).with_header(RETRY_AFTER, retry_after_seconds.into())
    }

    /// 500: ours to mend. The client learns nothing but that.
    pub fn internal(source: impl Into<anyhow::Error>) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "something went wrong on our side").with_source(source)
    }

    /// Names a refused part of the input.
    #[must_use]
    pub fn with_field(mut self, pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        self.errors.push(FieldError::new(pointer, detail));
        self
    }

    /// Adds a header.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// Adds a member of this kind of problem (an extension of RFC 9457).
    #[must_use]
    pub fn with_member(mut self, name: impl Into<String>, value: Value) -> Self {
        self.members.insert(name.into(), value);
        self
    }

    /// Adds what only the log may know.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<anyhow::Error>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// The status it will answer.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// What the client will read.
    pub fn problem(&self) -> Problem {
        Problem { errors: self.errors.clone(), ..Problem::of(self.status, &self.detail) }
    }
}

impl Problem {
    /// The problem that says no more than a status and a sentence.
    pub fn of(status: StatusCode, detail: impl Display) -> Self {
        Self {
            r#type: "about:blank".to_owned(),
            title: status.canonical_reason().unwrap_or("Error").to_owned(),
            status: status.as_u16(),
            detail: detail.to_string(),
            errors: Vec::new(),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        self.with(Map::new())
    }
}

impl Problem {
    /// The answer, with further members.
    fn with(self, members: Map<String, Value>) -> Response {
        #[derive(Serialize)]
        struct Extended {
            #[serde(flatten)]
            problem: Problem,
            #[serde(flatten)]
            members: Map<String, Value>,
        }

        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&Extended { problem: self, members }).expect("a problem is plain JSON");
        (status, [(CONTENT_TYPE, PROBLEM_JSON)], body).into_response()
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        // Logged here, once; the request's own line follows with its id.
        if let Some(source) = &self.source {
            if self.status.is_server_error() {
                tracing::error!(error = format!("{source:#}"), "{}", self.detail);
            } else {
                tracing::debug!(error = format!("{source:#}"), "{}", self.detail);
            }
        }
        let mut response = self.problem().with(self.members);
        response.headers_mut().extend(*self.headers);
        response
    }
}

impl From<sqlx::Error> for ApiError {
    /// What the database refuses is seldom the client's to know: unreachable is 503, text it cannot hold is 422,
    /// everything else is ours to mend.
    fn from(error: sqlx::Error) -> Self {
        let code = error.as_database_error().and_then(|db| db.code());
        let class: Option<String> = code.map(|code| code.chars().take(2).collect());
        let away = matches!(
            error,
            sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_) | sqlx::Error::Tls(_)
        );
        match class.as_deref() {
            // 08 connection, 53 resources, 57 operator intervention (shutting down, statement timed out), 25 read-only standby,
            // 40 rolled back because of another transaction: the same request may well succeed next.
            Some("08" | "53" | "57" | "25" | "40") => {
                Self::unavailable("the database cannot take this now", 1).with_source(error)
            }
            // 22 data exception: a value Postgres cannot hold slipped through our own checks.
            Some("22") => Self::new(StatusCode::UNPROCESSABLE_ENTITY, "a value cannot be stored").with_source(error),
            _ if away => Self::unavailable("the database is away", 1).with_source(error),
            _ => Self::internal(error),
        }
    }
}
