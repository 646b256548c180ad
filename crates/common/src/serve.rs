//! Wraps a service's own routes in what every service has: health, docs, counters, CORS, limits, headers, and a
//! problem in place of every bare refusal.

use std::any::Any;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::header::{self, CONTENT_TYPE, HeaderName};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde_json::json;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::cors::{AllowOrigin, CorsLayer};
use utoipa::openapi::OpenApi;
use utoipa_swagger_ui::{Config, SwaggerUi};

use crate::clock::Clock;
use crate::error::{ApiError, PROBLEM_JSON, Problem};
use crate::leftovers::read_leftovers;
use crate::limits::{WriteLimit, writes_per_minute};
use crate::patience::{self, in_time};
use crate::program;
use crate::protection::{came_by_tls, protect};
use crate::pulse::{self, Weight};
use crate::telemetry::{self, REQUEST_ID, Speaker};

/// The largest body of a call that does not say otherwise, in bytes.
pub const BODY_LIMIT: usize = 1024 * 1024;

/// Asks whether the service can do its work: `Err` is a sentence that says what is missing.
pub type HealthCheck = Arc<dyn Fn() -> Pin<Box<dyn Future<Output = Result<(), String>> + Send>> + Send + Sync>;

/// What the frame needs to know of a service.
#[derive(Clone)]
pub struct Frame {
    /// `abtest`, `metrics` or `landing`.
    pub service: &'static str,
    /// Origins whose pages may call with credentials.
    pub allowed_origins: Vec<String>,
    /// Whether the service can do its work.
    pub health: HealthCheck,
    /// Tells the time.
    pub clock: Clock,
}

impl Frame {
    /// Puts the frame around the service's own routes.
    pub fn around(self, routes: Router, document: OpenApi) -> Router {
        telemetry::recorder();
        metrics::gauge!("pushnami_build_info", "service" => self.service, "version" => env!("CARGO_PKG_VERSION"))
            .set(1);
        let speaker = Speaker { service: self.service, clock: self.clock.clone() };
        let limit = Arc::new(WriteLimit::new(writes_per_minute(), self.clock.clone()));
        let cors = cors(&self.allowed_origins);
        let docs = SwaggerUi::new("/docs").url("/openapi.json", document).config(
            // `none`: Swagger UI would otherwise show a badge from a validator on another host.
            Config::default().validator_url("none").try_it_out_enabled(true).persist_authorization(true),
        );
        let own = Router::new()
            .route("/health", get(health))
            .route("/livez", get(|| async { "alive\n" }))
            .route("/metrics", get(counters))
            .with_state(self);
        routes
            .merge(own)
            .merge(docs)
            .fallback(|| async { ApiError::not_found("Not found") })
            .layer(DefaultBodyLimit::max(BODY_LIMIT))
            .layer(cors)
            .layer(CatchPanicLayer::custom(panicked))
            .layer(middleware::from_fn_with_state((Arc::new(speaker), limit), guard))
    }
}

/// What happens around every request. One function and not a layer for each part: a layer costs every request some
/// allocations, and this is what all calls have in common.
async fn guard(
    State((speaker, limit)): State<(Arc<Speaker>, Arc<WriteLimit>)>,
    request: Request,
    next: Next,
) -> Response {
    let answer = async |request: Request| {
        let by_tls = came_by_tls(request.headers());
        let mut response = match limit.admit(&request) {
            Ok(()) => in_time(patience::of_request(&request), describe_bare_refusals(request, next)).await,
            Err(refusal) => refusal.into_response(),
        };
        protect(response.headers_mut(), by_tls);
        response
    };
    telemetry::observe(speaker, request, |request| read_leftovers(request, answer)).await
}

async fn health(State(frame): State<Frame>) -> Response {
    let troubles = pulse::troubles();
    let of_weight = |weight| troubles.iter().filter(move |trouble| trouble.weight == weight);
    let stuck = of_weight(Weight::Vital).next();
    let well = match stuck {
        _ if program::is_leaving() => Err("it is being stopped".to_owned()),
        Some(trouble) => Err(trouble.sentence.clone()),
        None => (frame.health)().await,
    };
    let (status, word, failing) = match well {
        Ok(()) => (StatusCode::OK, "ok", None),
        Err(sentence) => (StatusCode::SERVICE_UNAVAILABLE, "degraded", Some(sentence)),
    };
    let mut body = json!({ "status": word, "service": frame.service, "version": env!("CARGO_PKG_VERSION") });
    if let Some(sentence) = failing {
        body["failing"] = sentence.into();
    }
    let warnings: Vec<_> = of_weight(Weight::Advisory).map(|trouble| trouble.sentence.as_str()).collect();
    if !warnings.is_empty() {
        body["warnings"] = warnings.into();
    }
    let mut response = (status, crate::extract::Json(body)).into_response();
    if status == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert(header::RETRY_AFTER, 1.into());
    }
    response
}

async fn counters() -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], telemetry::render_counters())
}

fn cors(allowed: &[String]) -> CorsLayer {
    let origins = allowed.iter().filter_map(|origin| origin.parse::<HeaderValue>().ok());
    CorsLayer::new()
        .allow_origin(AllowOrigin::list(origins))
        .allow_credentials(true)
        .allow_methods([Method::GET, Method::POST, Method::PUT, Method::DELETE])
        .allow_headers([
            header::CONTENT_TYPE,
            header::AUTHORIZATION,
            header::IF_MATCH,
            header::IF_NONE_MATCH,
            HeaderName::from_static("x-api-key"),
            HeaderName::from_static("traceparent"),
            HeaderName::from_static("tracestate"),
        ])
        .expose_headers([header::ETAG, header::RETRY_AFTER, header::LOCATION, HeaderName::from_static(REQUEST_ID)])
        .max_age(std::time::Duration::from_secs(600))
}

/// Whatever refused without a body of ours (a wrong method, a library's own limit) still answers with a problem.
async fn describe_bare_refusals(request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let address = request.uri().clone();
    let response = next.run(request).await;
    let status = response.status();
    let described = response.headers().get(CONTENT_TYPE).is_some_and(|media| {
        [PROBLEM_JSON, "application/json", "text/html"].iter().any(|own| media.as_bytes().starts_with(own.as_bytes()))
    });
    if described
        || !(status.is_client_error() || status.is_server_error())
        || status == StatusCode::RANGE_NOT_SATISFIABLE
    {
        return response;
    }
    let detail = match status {
        StatusCode::METHOD_NOT_ALLOWED => format!("{} does not answer {method}", address.path()),
        StatusCode::NOT_FOUND => "Not found".to_owned(),
        StatusCode::PAYLOAD_TOO_LARGE => "the body is larger than this call takes".to_owned(),
        _ => status.canonical_reason().unwrap_or("refused").to_lowercase(),
    };
    let (mut parts, _) = response.into_parts();
    for name in [header::CONTENT_LENGTH, header::CONTENT_TYPE, header::TRANSFER_ENCODING] {
        parts.headers.remove(name);
    }
    let mut problem = Problem::of(status, detail).into_response();
    problem.headers_mut().extend(parts.headers);
    problem
}

fn panicked(cause: Box<dyn Any + Send>) -> Response {
    let text = cause.downcast_ref::<String>().map(String::as_str).or_else(|| cause.downcast_ref::<&str>().copied());
    metrics::counter!("pushnami_panics_total").increment(1);
    ApiError::internal(anyhow::anyhow!("panic: {}", text.unwrap_or("without a message"))).into_response()
}
