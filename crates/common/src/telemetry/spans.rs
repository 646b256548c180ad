//! Requests as spans of OpenTelemetry, sent by OTLP over HTTP to where `OTEL_EXPORTER_OTLP_ENDPOINT` says. A span has the
//! method, the route and the status of a request, and never who asked or what for. Without the variable there is nothing
//! here but one look at an empty place.

use std::sync::OnceLock;

use axum::http::{HeaderMap, Method};
use opentelemetry::trace::{
    Span, SpanContext, SpanId, SpanKind, Status, TraceContextExt, TraceFlags, TraceId, TraceState, Tracer,
    TracerProvider,
};
use opentelemetry::{Context, KeyValue};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider, Span as SdkSpan};

use super::trace_context::TraceContext;

static TRACER: OnceLock<(SdkTracerProvider, SdkTracer)> = OnceLock::new();

/// Sends spans from now on to this endpoint, to which `/v1/traces` is added as the specification says. A collector that is
/// away is tried again; its absence costs spans and nothing else.
///
/// # Errors
/// When the endpoint is no address.
pub fn start(endpoint: &str, service: &'static str) -> anyhow::Result<()> {
    let address = format!("{}/v1/traces", endpoint.trim_end_matches('/'));
    let exporter = SpanExporter::builder().with_http().with_protocol(Protocol::HttpBinary).with_endpoint(address);
    let exporter = exporter.build().map_err(|error| {
        anyhow::anyhow!("OTEL_EXPORTER_OTLP_ENDPOINT is `{endpoint}`; it may hold an address such as http://127.0.0.1:4318 ({error})")
    })?;
    let version = KeyValue::new("service.version", env!("CARGO_PKG_VERSION"));
    let resource = Resource::builder()
        .with_service_name(service)
        .with_attribute(KeyValue::new("service.namespace", "pushnami"))
        .with_attribute(version)
        .build();
    // Batches, at most so many waiting, and the sampler, go by the standard variables (OTEL_BSP_…, OTEL_TRACES_SAMPLER).
    let provider = SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource).build();
    let tracer = provider.tracer("pushnami");
    let _ = TRACER.set((provider, tracer));
    Ok(())
}

/// Sends what still waits; to be called once, at the end.
pub async fn finish() {
    if let Some((provider, _)) = TRACER.get() {
        let provider = provider.clone();
        let sent = tokio::task::spawn_blocking(move || provider.shutdown()).await;
        if let Ok(Err(error)) = sent {
            tracing::warn!(%error, "the last spans could not be sent");
        }
    }
}

/// A request that has begun; it counts nowhere when spans are not sent.
pub struct RequestSpan(Option<SdkSpan>);

/// Begins: continues the trace of these headers, or starts one. With spans, what is asked of neighbours is a child of this.
pub fn begin(headers: &HeaderMap, method: &Method, route: &str) -> (TraceContext, RequestSpan) {
    let mut trace = TraceContext::continue_from(headers);
    let Some((_, tracer)) = TRACER.get() else { return (trace, RequestSpan(None)) };
    let around = trace.parent().map_or_else(Context::new, |(trace_id, parent_id, flags)| {
        let (trace_id, parent_id) = (TraceId::from_bytes(trace_id), SpanId::from_bytes(parent_id));
        let parent = SpanContext::new(trace_id, parent_id, TraceFlags::new(flags), true, TraceState::default());
        Context::new().with_remote_span_context(parent)
    });
    let span = tracer
        .span_builder(format!("{method} {route}"))
        .with_kind(SpanKind::Server)
        .with_attributes([
            KeyValue::new("http.request.method", method.to_string()),
            KeyValue::new("http.route", route.to_owned()),
        ])
        .start_with_context(tracer, &around);
    let own = span.span_context();
    trace.adopt(own.trace_id().to_bytes(), own.span_id().to_bytes(), own.is_sampled());
    (trace, RequestSpan(Some(span)))
}

impl RequestSpan {
    /// Ends with this answer.
    pub fn end(self, status: u16) {
        let Some(mut span) = self.0 else { return };
        span.set_attribute(KeyValue::new("http.response.status_code", i64::from(status)));
        if status >= 500 {
            span.set_status(Status::error(""));
        }
        span.end();
    }
}
