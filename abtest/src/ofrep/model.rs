//! What OFREP asks and answers, as the protocol spells it.

use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use pushnami_common::error::Problem;
use pushnami_common::ids::VisitorId;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoResponses, ToSchema};

/// Who asks, and what is known of them.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct EvaluationRequest {
    /// `targetingKey` is the visitor: 1 to 255 characters. Other members are free.
    #[schema(value_type = EvaluationContext)]
    pub context: Map<String, Value>,
}

/// Who asks: the one member that counts. Others are free.
#[derive(Debug, Serialize, ToSchema)]
pub struct EvaluationContext {
    /// The visitor: 1 to 255 characters. Flags that depend on who asks fail without it, each for itself.
    #[serde(rename = "targetingKey")]
    #[schema(example = "visitor-1")]
    pub targeting_key: Option<String>,
}

/// The value of a flag.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Evaluation {
    /// Which flag.
    #[schema(example = "landing-page-theme")]
    pub key: String,
    /// Its value: a boolean for a toggle, an object for settings, the name of a variant for an experiment.
    #[schema(example = "synthwave")]
    pub value: Value,
    /// Why it has this value.
    pub reason: Reason,
    /// `on` or `off`, or the name of the variant.
    #[schema(example = "synthwave")]
    pub variant: String,
    /// Plain values about the flag.
    pub metadata: Map<String, Value>,
}

/// Why a flag has its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Reason {
    /// It is the same for everybody.
    Static,
    /// The visitor's bucket decided, now or when they were met first.
    Split,
    /// It is switched off.
    Disabled,
}

/// Why there is no value.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct EvaluationFailure {
    /// Which flag; left out where the whole request is refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// What kind of failure.
    #[serde(rename = "errorCode")]
    pub error_code: ErrorCode,
    /// The failure in a sentence.
    #[serde(rename = "errorDetails")]
    pub error_details: String,
}

/// Kinds of failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ErrorCode {
    /// The body is no JSON.
    ParseError,
    /// The flag depends on who asks, and nobody is named.
    TargetingKeyMissing,
    /// The context is missing, no object, or names somebody who cannot be.
    InvalidContext,
    /// There is no such flag.
    FlagNotFound,
    /// Anything else.
    General,
}

/// All flags for one visitor.
#[derive(Debug, Serialize, ToSchema)]
pub struct BulkEvaluation {
    /// A value or a failure for each.
    pub flags: Vec<FlagEvaluation>,
    /// Where a client hears of changes.
    #[serde(rename = "eventStreams")]
    pub event_streams: Vec<EventStream>,
}

/// A value or a failure.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum FlagEvaluation {
    /// It has a value.
    Success(Evaluation),
    /// It has none.
    Failure(EvaluationFailure),
}

/// Where a client hears of changes.
#[derive(Debug, Serialize, ToSchema)]
pub struct EventStream {
    /// Always `sse`: server-sent events.
    #[schema(example = "sse")]
    pub r#type: &'static str,
    /// Relative to the address that the client asked, so that proxies may stand between.
    pub endpoint: EventEndpoint,
    /// After how many seconds in the background a client may stop listening.
    #[serde(rename = "inactivityDelaySec")]
    pub inactivity_delay_seconds: u32,
}

/// The path of a stream.
#[derive(Debug, Serialize, ToSchema)]
pub struct EventEndpoint {
    /// The path.
    #[serde(rename = "requestUri")]
    #[schema(example = "/ofrep/v1/events")]
    pub request_uri: &'static str,
}

/// The refusals of any evaluation, besides its own. The protocol declares `application/json` for all of its answers.
#[derive(Debug, IntoResponses)]
pub enum EvaluationProblems {
    /// The context is missing or cannot be.
    #[response(status = 400)]
    Bad(EvaluationFailure),
    /// The body is of another media type than JSON.
    #[response(status = 415)]
    Unsupported(EvaluationFailure),
    /// The body is larger than the call takes.
    #[response(status = 413, content_type = "application/problem+json")]
    TooLarge(Problem),
    /// Too many calls from one network; `Retry-After` says when the next is taken.
    #[response(status = 429, content_type = "application/problem+json")]
    TooOften(Problem),
}

/// Why an evaluation is refused.
#[derive(Debug)]
pub struct Refusal {
    status: StatusCode,
    failure: EvaluationFailure,
}

impl Refusal {
    /// 400 for a request that cannot be understood.
    pub fn bad(error_code: ErrorCode, error_details: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, error_code, error_details)
    }

    /// 404 for a flag that nobody knows.
    pub fn unknown(key: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, ErrorCode::FlagNotFound, format!("there is no flag `{key}`")).of(key)
    }

    /// Any status.
    pub fn new(status: StatusCode, error_code: ErrorCode, error_details: impl Into<String>) -> Self {
        Self { status, failure: EvaluationFailure { key: None, error_code, error_details: error_details.into() } }
    }

    /// The same, naming the flag.
    #[must_use]
    pub fn of(mut self, key: &str) -> Self {
        self.failure.key = Some(key.to_owned());
        self
    }

    /// The failure alone, as it stands in a list.
    pub fn into_failure(self) -> EvaluationFailure {
        self.failure
    }
}

impl IntoResponse for Refusal {
    /// Both vocabularies: the protocol's own, and that of all our refusals (RFC 9457). Under the media type that the
    /// protocol declares, because clients look at it before they read.
    fn into_response(self) -> Response {
        let mut body = serde_json::to_value(&self.failure).expect("a failure is plain JSON");
        let members = body.as_object_mut().expect("a failure is an object");
        members.insert("type".into(), "about:blank".into());
        members.insert("title".into(), self.status.canonical_reason().unwrap_or("Error").into());
        members.insert("status".into(), self.status.as_u16().into());
        members.insert("detail".into(), self.failure.error_details.into());
        (self.status, [(CONTENT_TYPE, "application/json")], body.to_string()).into_response()
    }
}

/// Reads who asks.
///
/// # Errors
/// When the body is no JSON, holds no context, or one that names somebody who is no text.
pub fn read_context(body: &[u8]) -> Result<EvaluationRequest, Refusal> {
    let body: Value = serde_json::from_slice(body)
        .map_err(|error| Refusal::bad(ErrorCode::ParseError, format!("the body cannot be read: {error}")))?;
    let request: EvaluationRequest = serde_json::from_value(body)
        .map_err(|_| Refusal::bad(ErrorCode::InvalidContext, "the body must hold `context`, an object"))?;
    match request.context.get("targetingKey") {
        None | Some(Value::Null | Value::String(_)) => Ok(request),
        Some(_) => Err(Refusal::bad(ErrorCode::InvalidContext, "`targetingKey` must be a string")),
    }
}

/// The visitor whom the context names.
///
/// # Errors
/// When it names nobody, or somebody who cannot be.
pub fn read_visitor(request: &EvaluationRequest) -> Result<VisitorId, Refusal> {
    let invalid = |detail: &str| Refusal::bad(ErrorCode::InvalidContext, format!("`targetingKey` {detail}"));
    match request.context.get("targetingKey") {
        Some(Value::String(key)) if key.is_empty() => {
            Err(Refusal::bad(ErrorCode::TargetingKeyMissing, "`targetingKey` is empty"))
        }
        Some(Value::String(key)) => key.parse().map_err(|refusal: String| invalid(&refusal)),
        _ => Err(Refusal::bad(ErrorCode::TargetingKeyMissing, "the flag depends on who asks: send `targetingKey`")),
    }
}
