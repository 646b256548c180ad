//! What the services say about themselves: log lines, counters, and the ids that tie them together.

pub mod trace_context;

use std::sync::OnceLock;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::HeaderValue;
use axum::middleware::Next;
use axum::response::Response;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tracing::Level;
use tracing_subscriber::EnvFilter;

use crate::clock::Clock;
use crate::config::{CommonConfig, LogFormat};
use crate::ids::new_id;
use trace_context::TraceContext;

/// Ties a response to its log line.
pub const REQUEST_ID: &str = "x-request-id";

/// Which service speaks.
#[derive(Clone, Debug)]
pub struct Speaker {
    /// `abtest`, `metrics` or `landing`.
    pub service: &'static str,
    /// Where request ids take their time from.
    pub clock: Clock,
}

/// Starts logging as the configuration says. Only a program calls this; tests stay silent.
pub fn start_logging(config: &CommonConfig) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&config.rust_log).map_err(|error| {
        anyhow::anyhow!("RUST_LOG is `{}`; it may hold directives such as `info,sqlx=warn` ({error})", config.rust_log)
    })?;
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_target(false);
    match config.log_format {
        LogFormat::Json => lines.json().flatten_event(true).init(),
        LogFormat::Text => lines.with_ansi(std::io::IsTerminal::is_terminal(&std::io::stdout())).init(),
    }
    Ok(())
}

/// The counters of this process, in Prometheus text.
pub fn render_counters() -> String {
    let handle = recorder();
    handle.run_upkeep();
    handle.render()
}

/// Installs the recorder once a process and describes the counters that every service has.
pub fn recorder() -> &'static PrometheusHandle {
    static RECORDER: OnceLock<PrometheusHandle> = OnceLock::new();
    RECORDER.get_or_init(|| {
        let handle = PrometheusBuilder::new()
            .set_buckets(&[0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0])
            .expect("buckets are given")
            .install_recorder()
            .expect("no other recorder in this process");
        metrics::describe_counter!("pushnami_http_requests_total", "Requests answered.");
        metrics::describe_histogram!("pushnami_http_request_duration_seconds", "From request to answer.");
        metrics::describe_gauge!("pushnami_build_info", "1, with the version as a label.");
        handle
    })
}

/// Around every request: continues its trace, gives it an id, counts it and writes its one line.
pub async fn observe(State(speaker): State<Speaker>, mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map_or("unmatched", MatchedPath::as_str).to_owned();
    let id = request.headers().get(REQUEST_ID).filter(|id| is_presentable(id)).cloned().unwrap_or_else(|| {
        HeaderValue::from_str(&new_id(speaker.clock.now()).to_string()).expect("a UUID is visible ASCII")
    });
    let trace = TraceContext::continue_from(request.headers());
    let trace_id = trace.trace_id_hex();
    request.extensions_mut().insert(trace);

    let mut response = next.run(request).await;

    let status = response.status().as_u16();
    let elapsed = started.elapsed();
    let labels = [
        ("service", speaker.service.to_owned()),
        ("method", known_method(method.as_str()).to_owned()),
        ("route", route.clone()),
        ("status", status.to_string()),
    ];
    metrics::counter!("pushnami_http_requests_total", &labels).increment(1);
    metrics::histogram!("pushnami_http_request_duration_seconds", &labels[..3]).record(elapsed.as_secs_f64());

    let duration_ms = (elapsed.as_secs_f64() * 1e5).round() / 100.0;
    let request_id = id.to_str().unwrap_or_default();
    macro_rules! line {
        ($level:expr) => {
            tracing::event!(
                $level, http.method = %method, http.route = route, http.status = status, duration_ms, request.id = request_id,
                trace_id, "{method} {route} → {status} in {duration_ms} ms"
            )
        };
    }
    match (status, route.as_str()) {
        (500.., _) => line!(Level::WARN),
        (_, "/health" | "/livez" | "/metrics") => line!(Level::DEBUG),
        _ => line!(Level::INFO),
    }
    response.headers_mut().insert(REQUEST_ID, id);
    response
}

/// A request id from outside is kept when it is short and plain, so that it cannot disturb a log.
fn is_presentable(id: &HeaderValue) -> bool {
    let bytes = id.as_bytes();
    (1..=128).contains(&bytes.len()) && bytes.iter().all(|b| b.is_ascii_alphanumeric() || b"-_.:/+=".contains(b))
}

/// A method anybody may invent must not become a label.
fn known_method(method: &str) -> &str {
    if matches!(method, "GET" | "HEAD" | "POST" | "PUT" | "DELETE" | "OPTIONS" | "PATCH") { method } else { "other" }
}
