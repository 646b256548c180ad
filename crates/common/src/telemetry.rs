//! What the services say about themselves: log lines, counters, and the ids that tie them together.

mod lines;
mod requests;
pub mod spans;
pub mod trace_context;

use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::http::HeaderValue;
use axum::response::Response;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tracing::Level;
use tracing_subscriber::EnvFilter;
use uuid::Uuid;

use crate::clock::Clock;
use crate::config::{CommonConfig, LogFormat};
use crate::ids::new_id;
pub use lines::Lines;
use requests::count_request;

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

/// Starts logging as the configuration says. Only a program calls this; tests stay silent. What is logged is written as
/// long as the answer lives, and the rest of it when the answer is dropped.
///
/// # Errors
/// When `RUST_LOG` cannot be read.
pub fn start_logging(config: &CommonConfig) -> anyhow::Result<Lines> {
    let filter = EnvFilter::try_new(&config.rust_log).map_err(|error| {
        anyhow::anyhow!("RUST_LOG is `{}`; it may hold directives such as `info,sqlx=warn` ({error})", config.rust_log)
    })?;
    let (writer, written) = lines::to_standard_output();
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_target(false).with_writer(writer);
    match config.log_format {
        LogFormat::Json => lines.json().flatten_event(true).init(),
        LogFormat::Text => lines.with_ansi(std::io::IsTerminal::is_terminal(&std::io::stdout())).init(),
    }
    Ok(written)
}

/// The counters of this process, in Prometheus text.
pub fn render_counters() -> String {
    let handle = recorder();
    lines::count_dropped();
    crate::pulse::count();
    for gauge in GAUGES.lock().unwrap_or_else(PoisonError::into_inner).iter() {
        gauge();
    }
    handle.run_upkeep();
    handle.render()
}

/// What is looked up whenever somebody asks for the counters.
static GAUGES: Mutex<Vec<Box<dyn Fn() + Send>>> = Mutex::new(Vec::new());

/// Has a gauge set whenever somebody asks for the counters, for as long as the process lives.
pub fn at_scrape(set: impl Fn() + Send + 'static) {
    GAUGES.lock().unwrap_or_else(PoisonError::into_inner).push(Box::new(set));
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
        requests::describe();
        lines::describe();
        crate::pulse::describe();
        metrics::describe_counter!("pushnami_panics_total", "Requests that were answered with 500 because of a panic.");
        // At zero from the start, so that the first one is seen as a change.
        metrics::counter!("pushnami_panics_total").increment(0);
        metrics::describe_gauge!("pushnami_sse_clients", "Open streams of server-sent events.");
        metrics::describe_gauge!("pushnami_build_info", "1, with the version as a label.");
        handle
    })
}

/// Around every request: continues its trace, gives it an id, counts it and writes its one line.
pub async fn observe<F: Future<Output = Response>>(
    speaker: Arc<Speaker>,
    mut request: Request,
    answer: impl FnOnce(Request) -> F,
) -> Response {
    let started = Instant::now();
    let method = request.method().clone();
    let matched = request.extensions().get::<MatchedPath>().cloned();
    let id = request.headers().get(REQUEST_ID).filter(|id| is_presentable(id)).cloned().unwrap_or_else(|| {
        let mut text = Uuid::encode_buffer();
        let text = new_id(speaker.clock.now()).hyphenated().encode_lower(&mut text);
        HeaderValue::from_str(text).expect("a UUID is visible ASCII")
    });
    let route = matched.as_ref().map_or("unmatched", MatchedPath::as_str);
    let (trace, span) = spans::begin(request.headers(), &method, route);
    let trace_id = trace.trace_id_hex();
    request.extensions_mut().insert(trace);

    let mut response = answer(request).await;

    let status = response.status().as_u16();
    let elapsed = started.elapsed();
    span.end(status);
    count_request(speaker.service, &method, route, status, elapsed);
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
    match (status, route) {
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
