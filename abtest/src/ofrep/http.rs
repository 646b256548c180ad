//! OFREP over HTTP.

use std::sync::LazyLock;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, VARY};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum_extra::headers::{Header, HeaderMapExt, IfNoneMatch};
use futures_util::future::join_all;
use garde::Validate;
use metrics::{Counter, counter, describe_counter, gauge};
use pushnami_common::clock::Clock;
use pushnami_common::conditional::tag_of;
use pushnami_common::extract::{Path, Query};
use pushnami_common::ids::VisitorId;
use pushnami_common::openapi::UnavailableProblem;
use pushnami_common::privacy::{WISHES, asks_not_to_be_recorded};
use pushnami_common::{ApiError, ApiResult};
use serde::Deserialize;
use utoipa::IntoParams;

use super::flags::{Flag, of_experiment};
use super::model::{
    BulkEvaluation, ErrorCode, Evaluation, EvaluationFailure, EvaluationProblems, EvaluationRequest, FlagEvaluation,
    Refusal, read_context, read_visitor,
};
use super::stream::PATH;
use crate::assignments::assigner::Assigner;
use crate::snapshot::Snapshots;
use crate::snapshot::model::{KnownExperiment, Snapshot};

/// What a client sends that was told of a change.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct BulkQuery {
    /// The `etag` of the message: the answer is at least as new.
    #[serde(rename = "flagConfigEtag")]
    #[garde(skip)]
    flag_config_etag: Option<String>,
    /// The `lastModified` of the message; `flagConfigEtag` says the same better.
    #[serde(rename = "flagConfigLastModified")]
    #[garde(skip)]
    #[expect(dead_code, reason = "named for the document; the tag decides")]
    flag_config_last_modified: Option<String>,
}

/// Who assigns, and whether it may be remembered.
struct Evaluator {
    assigner: Assigner,
    clock: Clock,
    is_recorded: bool,
}

const EVALUATED: &str = "pushnami_flag_evaluations_total";
/// Toggles and their settings; every evaluation counts here, so the counters are looked up once.
static FIXED: LazyLock<Counter> = LazyLock::new(|| counter!(EVALUATED, "kind" => "toggle"));
static EXPERIMENTS: LazyLock<Counter> = LazyLock::new(|| counter!(EVALUATED, "kind" => "experiment"));
static BULK: LazyLock<Counter> = LazyLock::new(|| counter!(EVALUATED, "kind" => "bulk"));

/// Says what is counted.
pub fn describe() {
    describe_counter!(EVALUATED, "Flags evaluated by OFREP; `bulk` is all flags for one visitor.");
    gauge!("pushnami_sse_clients", "stream" => "flags").increment(0);
    for kind in [&FIXED, &EXPERIMENTS, &BULK] {
        kind.increment(0);
    }
}

/// Evaluates one flag.
///
/// A toggle is a boolean flag under its key, its settings are an object under `<key>.config`, an experiment is a text
/// under its key: the variant of the visitor, who is thereby assigned.
#[utoipa::path(post, path = "/ofrep/v1/evaluate/flags/{key}", tag = "flags", params(("key" = String, Path)),
    request_body = EvaluationRequest,
    responses((status = 200, description = "It has a value", body = Evaluation),
        (status = 404, description = "There is no such flag", body = EvaluationFailure), EvaluationProblems, UnavailableProblem))]
pub async fn evaluate_flag(
    State(snapshots): State<Snapshots>,
    State(assigner): State<Assigner>,
    State(clock): State<Clock>,
    Path(key): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> ApiResult<Response> {
    let request = match read(&headers, &body) {
        Ok(request) => request,
        Err(refusal) => return Ok(refusal.of(&key).into_response()),
    };
    let snapshot = snapshots.current().await?;
    let known = match snapshot.flags.find(&key) {
        None => return Ok(Refusal::unknown(&key).into_response()),
        Some(Flag::Fixed(bytes)) => {
            FIXED.increment(1);
            return Ok(answer(bytes.clone()));
        }
        Some(Flag::Experiment(known)) => known,
    };
    EXPERIMENTS.increment(1);
    let visitor = match read_visitor(&request) {
        Ok(visitor) => visitor,
        Err(refusal) => return Ok(refusal.of(&key).into_response()),
    };
    let evaluator = Evaluator { assigner, clock, is_recorded: !asks_not_to_be_recorded(&headers) };
    let evaluation = evaluator.evaluate(visitor, known).await?;
    Ok(answer(serde_json::to_vec(&evaluation).map_err(ApiError::internal)?.into()))
}

/// Evaluates all flags for one visitor.
///
/// The `ETag` is a digest of the evaluated answer, so that it changes with the visitor as well as with the configuration.
/// Without `targetingKey`, flags that depend on who asks say so, each for itself.
#[utoipa::path(post, path = "/ofrep/v1/evaluate/flags", tag = "flags",
    params(BulkQuery, ("If-None-Match" = Option<String>, Header, description = "Tags of known answers")),
    request_body = EvaluationRequest,
    responses((status = 200, description = "A value or a failure for each flag", body = BulkEvaluation, headers(("ETag" = String))),
        (status = 304, description = "They are as known"),
        EvaluationProblems, UnavailableProblem))]
pub async fn evaluate_flags(
    State(snapshots): State<Snapshots>,
    State(assigner): State<Assigner>,
    State(clock): State<Clock>,
    Query(query): Query<BulkQuery>,
    headers: HeaderMap,
    body: Bytes,
) -> ApiResult<Response> {
    BULK.increment(1);
    let visitor = match read(&headers, &body).map(|request| read_visitor(&request)) {
        Err(refusal) => return Ok(refusal.into_response()),
        Ok(visitor) => visitor,
    };
    let told = query.flag_config_etag.and_then(|tag| tag.trim_matches('"').parse().ok());
    let snapshot = snapshots.at_least(told.unwrap_or(0)).await?;
    let evaluator = Evaluator { assigner, clock, is_recorded: !asks_not_to_be_recorded(&headers) };
    let flags = match visitor {
        Ok(visitor) => evaluator.evaluate_all(&visitor, &snapshot).await?,
        Err(refusal) => fail_all(refusal, &snapshot),
    };
    Ok(list(&snapshot, &flags, headers.typed_get()))
}

impl Evaluator {
    async fn evaluate(&self, visitor: VisitorId, known: &KnownExperiment) -> ApiResult<Evaluation> {
        let id = known.experiment.id;
        let assignment = if self.is_recorded {
            self.assigner.assign(visitor, id, self.clock.now()).await?
        } else {
            self.assigner.explain(visitor, id).await?.into_assignment()?
        };
        Ok(of_experiment(known, assignment.variant))
    }

    /// Together, so that new assignments share a commit.
    async fn evaluate_all(&self, visitor: &VisitorId, snapshot: &Snapshot) -> ApiResult<Vec<FlagEvaluation>> {
        let evaluations = snapshot.flags.experiments.iter().map(|known| self.evaluate(visitor.clone(), known));
        join_all(evaluations).await.into_iter().map(|evaluation| evaluation.map(FlagEvaluation::Success)).collect()
    }
}

/// The same failure for each flag that depends on who asks.
fn fail_all(refusal: Refusal, snapshot: &Snapshot) -> Vec<FlagEvaluation> {
    let failure = refusal.into_failure();
    let of = |known: &std::sync::Arc<KnownExperiment>| EvaluationFailure {
        key: Some(known.experiment.key.clone()),
        ..failure.clone()
    };
    snapshot.flags.experiments.iter().map(|known| FlagEvaluation::Failure(of(known))).collect()
}

/// The list of all flags, or 304 when the client holds it.
fn list(snapshot: &Snapshot, evaluated: &[FlagEvaluation], known: Option<IfNoneMatch>) -> Response {
    let mut flags = snapshot.flags.fixed.clone();
    for flag in evaluated {
        if !flags.is_empty() {
            flags.push(',');
        }
        flags += &serde_json::to_string(flag).expect("an evaluation is plain JSON");
    }
    let tag = tag_of(flags.as_bytes());
    let mut value = Vec::with_capacity(1);
    tag.encode(&mut value);
    let tag_value = value.pop().expect("a tag is one value");
    let is_known = known.is_some_and(|known| !known.precondition_passes(&tag));
    let mut response = if is_known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let stream = format!(
            r#""eventStreams":[{{"type":"sse","endpoint":{{"requestUri":"{PATH}"}},"inactivityDelaySec":120}}]"#
        );
        answer(format!(r#"{{"flags":[{flags}],{stream}}}"#).into())
    };
    response.headers_mut().insert(ETAG, tag_value);
    response
}

fn answer(json: Bytes) -> Response {
    let mut response = json.into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(VARY, HeaderValue::from_static(WISHES));
    response
}

/// Reads who asks, from a body of JSON.
fn read(headers: &HeaderMap, body: &[u8]) -> Result<EvaluationRequest, Refusal> {
    let media = headers.get(CONTENT_TYPE).and_then(|media| media.to_str().ok()).unwrap_or_default();
    let media = media.split(';').next().unwrap_or_default().trim();
    if !media.eq_ignore_ascii_case("application/json") {
        let detail = "the body must be JSON, sent as `content-type: application/json`";
        return Err(Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, ErrorCode::General, detail));
    }
    read_context(body)
}
