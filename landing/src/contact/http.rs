//! Sending the contact form.
//!
//! The call is for pages of ours: a foreign page that posts a form here is refused by its `Origin`, which browsers name and
//! scripts cannot forge. The visitor's address is told to metrics, which counts letters by it, under a seal
//! ([`pushnami_common::auth::seal`]): metrics believes landing because of the key they share, and nobody else.

use std::net::SocketAddr;

use axum::Extension;
use axum::body::Bytes;
use axum::extract::{ConnectInfo, FromRef, State};
use axum::http::header::{ACCEPT, CONTENT_TYPE, REFERER, RETRY_AFTER, USER_AGENT};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use pushnami_common::auth::is_same_origin;
use pushnami_common::caller::caller;
use pushnami_common::contract::{LeadReceipt, NewLead};
use pushnami_common::error::Problem;
use pushnami_common::extract::Json;
use pushnami_common::ids::new_id;
use pushnami_common::openapi::BodyProblems;
use pushnami_common::telemetry::trace_context::TraceContext;
use pushnami_common::{ApiError, ApiResult};
use utoipa::ToSchema;
use uuid::Uuid;

use super::model::ContactPost;
use super::refusal::Refusal;
use super::stamp::{Pace, pace, stamp};
use super::view::ContactView;
use crate::metrics::Metrics;
use crate::page::writer::PageWriter;
use crate::state::AppState;
use crate::visitor;

/// The largest form, in bytes: every character of the longest message may take twelve, and the rest is short.
pub const FORM_LIMIT: usize = 32 * 1024;

/// The fields of the form.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes the form for the document; `ContactPost` reads it")]
pub struct ContactFields {
    /// Where an answer reaches the visitor.
    email: String,
    /// Whom the visitor works for.
    company: Option<String>,
    /// What else the visitor wants to say.
    message: Option<String>,
    /// A trap for robots: must be empty.
    homepage: Option<String>,
    /// The form's own id, as the page drew it: the same letter again is stored once.
    form: Option<Uuid>,
    /// When the form was drawn, as the page drew it.
    stamp: String,
    /// The variant of the page.
    variant: Option<String>,
    /// The experiment that chose the variant.
    experiment_id: Option<Uuid>,
    /// `true` on a page whose variant was forced.
    preview: Option<String>,
}

/// Takes the contact form, and answers once metrics has stored the letter.
///
/// A browser without the page's script is led back to the page, which says thanks, or gets the page again with what was
/// typed and what is wrong with it. Who accepts `application/json` gets the receipt or a problem.
#[utoipa::path(post, path = "/contact", tag = "page",
    request_body(content = ContactFields, content_type = "application/x-www-form-urlencoded"),
    responses(BodyProblems, (status = 201, description = "The letter is stored (for who accepts JSON)", body = LeadReceipt),
        (status = 303, description = "The letter is stored; the page says so"),
        (status = 403, description = "The form was on a page of another origin", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "A field is not right, or the form came back too quickly",
            content((Problem = "application/problem+json"), (String = "text/html"))),
        (status = 429, description = "Too many letters from one address; `Retry-After` says when the next is taken",
            content((Problem = "application/problem+json"), (String = "text/html"))),
        (status = 503, description = "The letter cannot be stored now",
            content((Problem = "application/problem+json"), (String = "text/html"))),
        ))]
pub async fn send_contact(
    State(state): State<AppState>,
    Extension(trace): Extension<TraceContext>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    body: Bytes,
) -> ApiResult<Response> {
    if !is_same_origin(&headers, &state.allowed_origins) {
        return Err(ApiError::new(StatusCode::FORBIDDEN, "the call comes from a page of another origin"));
    }
    if !is_form(&headers) {
        return Err(ApiError::unsupported("the body must be a form, sent as application/x-www-form-urlencoded"));
    }
    let post = ContactPost::parse(&body);
    let visitor_id = visitor::known(&headers).filter(|_| !visitor::asks_not_to_be_recorded(&headers));
    let lead = post.lead(visitor_id);
    let vouched = state.admin.vouch_for(caller(peer.ip(), &headers)).await;
    let sent = store(&state, &post, &lead, &vouched, &trace).await;
    if accepts_json(&headers) {
        let receipt = sent.map_err(|refusal| refusal.problem(&post))?;
        return Ok((StatusCode::CREATED, Json(receipt)).into_response());
    }
    match sent {
        Ok(_) => {
            record_submission(&state.metrics, &post, &lead, &headers, &trace).await;
            Ok(Redirect::to(&thanks(&post)).into_response())
        }
        Err(refusal) => Ok(form_again(&state, &post, refusal, &headers, &trace).await),
    }
}

/// Leads to the form: whoever opens its address, or loads a refused form's page again, finds it on the page.
#[utoipa::path(get, path = "/contact", tag = "page", responses((status = 303, description = "The form is on the page")))]
pub async fn show_form() -> Redirect {
    Redirect::to("/#contact")
}

async fn store(
    state: &AppState,
    post: &ContactPost,
    lead: &NewLead,
    vouched: &str,
    trace: &TraceContext,
) -> Result<LeadReceipt, Refusal> {
    if let Some(refusal) = Refusal::of(lead) {
        return Err(refusal);
    }
    if pace(&state.admin, &post.stamp, state.clock.now()).await != Pace::Human {
        return Err(Refusal::TooQuick);
    }
    Ok(state.metrics.store_lead(lead, vouched, trace).await?)
}

/// Without the script, nobody else would record that a form was sent. The letter is stored already: a count that cannot be
/// made now is not worth telling a visitor to send it again.
async fn record_submission(
    metrics: &Metrics,
    post: &ContactPost,
    lead: &NewLead,
    headers: &HeaderMap,
    trace: &TraceContext,
) {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let Some(event) = post.event(lead, text(REFERER), text(USER_AGENT)) else { return };
    if let Err(error) = metrics.record(&[event], trace).await {
        tracing::warn!(?error, "a letter was stored, but that a form was sent was not recorded");
    }
}

async fn form_again(
    state: &AppState,
    post: &ContactPost,
    refusal: Refusal,
    headers: &HeaderMap,
    trace: &TraceContext,
) -> Response {
    let now = state.clock.now();
    // A stamp that will do in a moment stays; any other would never do.
    let stamp = match pace(&state.admin, &post.stamp, now).await {
        Pace::Human | Pace::TooQuick => post.stamp.clone(),
        Pace::Unknown => stamp(&state.admin, now).await,
    };
    let form = post.form.unwrap_or_else(|| new_id(now));
    let contact = ContactView::again(post, &refusal, form, stamp);
    let writer = PageWriter::from_ref(state);
    let mut response = writer.write_again(&post.page, &contact, headers, trace).await;
    *response.status_mut() = refusal.status();
    if let Some(seconds) = refusal.retry_after() {
        response.headers_mut().insert(RETRY_AFTER, seconds.into());
    }
    if let Refusal::Away(error) = refusal {
        tracing::error!(error = format!("{error:#}"), "a letter cannot be stored");
    }
    response
}

/// The page that says thanks: in a preview, of the same variant.
fn thanks(post: &ContactPost) -> String {
    match post.page.variant.as_ref().filter(|_| post.page.preview) {
        Some(variant) => {
            let query = serde_html_form::to_string([("variant", variant)]).expect("a pair of text makes a query");
            format!("/?{query}&sent=1#contact")
        }
        None => "/?sent=1#contact".to_owned(),
    }
}

fn is_form(headers: &HeaderMap) -> bool {
    let media = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    media.split(';').next().is_some_and(|media| media.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded"))
}

/// A browser that posts a form by itself names HTML first, and JSON not at all.
fn accepts_json(headers: &HeaderMap) -> bool {
    let json = HeaderValue::from_static("application/json");
    headers.get(ACCEPT).is_some_and(|accept| accept.as_bytes().starts_with(json.as_bytes()))
}
