//! The page over HTTP.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{RawQuery, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, VARY};
use axum::http::{HeaderMap, HeaderName};
use axum::response::{Html, IntoResponse};
use axum_extra::extract::CookieJar;
use base64::Engine;
use base64::prelude::BASE64_STANDARD_NO_PAD;
use pushnami_common::clock::Clock;
use pushnami_common::telemetry::trace_context::TraceContext;
use rand::RngExt;

use super::assets::Assets;
use super::choice::Choice;
use super::view::{PageView, Variant, render};
use crate::abtest::Abtest;
use crate::visitor::Visitor;

/// Shows the page in the visitor's variant.
///
/// The variant is in the first byte. `?variant=neon` and `?variant=synthwave` force one, for looking: nothing is assigned,
/// and what happens there belongs to no experiment. Any other name is ignored.
#[utoipa::path(get, path = "/", tag = "page",
    params(("variant" = Option<String>, Query, description = "Forces a variant: `neon` or `synthwave`")),
    responses((status = 200, description = "The page", body = String, content_type = "text/html")))]
pub async fn show_page(
    State(abtest): State<Abtest>,
    State(clock): State<Clock>,
    State(assets): State<Arc<Assets>>,
    State(allowed_origins): State<Arc<[String]>>,
    Extension(trace): Extension<TraceContext>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> impl IntoResponse {
    let visitor = Visitor::of(&headers, clock.now());
    let forced = forced_variant(query.as_deref().unwrap_or_default());
    // Who is not to be assigned is not asked for.
    let advice = abtest.ask(visitor.id().filter(|_| forced.is_none()), &trace).await;
    let choice = Choice::of(forced, &visitor, &advice);
    tracing::debug!(?choice, "chose a variant");

    let nonce = BASE64_STANDARD_NO_PAD.encode(rand::rng().random::<[u8; 16]>());
    let html = render(&PageView {
        variant: choice.variant(),
        experiment_id: advice.configuration.experiment_id().filter(|_| choice.is_part_of_experiment()).map(|id| id.0),
        preview: forced.is_some(),
        recording: visitor != Visitor::Unrecorded,
        toggles: &advice.configuration.toggles,
        nonce: &nonce,
        assets: &assets,
    });
    let headers_out: [(HeaderName, String); 3] = [
        (CONTENT_SECURITY_POLICY, policy(&nonce, &allowed_origins)),
        (CACHE_CONTROL, "private, no-store".to_owned()),
        (VARY, "Cookie, Sec-GPC, DNT".to_owned()),
    ];
    let cookies = visitor.cookie(&headers).map(|cookie| CookieJar::new().add(cookie));
    (cookies, headers_out, Html(html))
}

/// The first `variant` of a query that the page can draw. However garbled the query, the page is shown.
fn forced_variant(query: &str) -> Option<Variant> {
    let pairs: Vec<(String, String)> = serde_html_form::from_str(query).unwrap_or_default();
    pairs.iter().filter(|(name, _)| name == "variant").find_map(|(_, value)| Variant::from_name(value))
}

/// Nothing from another host, no script but ours; only our own pages (the admin's preview) may frame it.
fn policy(nonce: &str, framers: &[String]) -> String {
    format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; \
         font-src 'self'; connect-src 'self'; media-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; \
         frame-ancestors 'self' {}",
        framers.join(" ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_however_garbled_never_forces_more_than_a_known_variant() {
        assert_eq!(forced_variant("variant=synthwave"), Some(Variant::Synthwave));
        assert_eq!(forced_variant("utm_source=x&variant=neon&variant=synthwave"), Some(Variant::Neon));
        for query in ["", "variant=", "variant=Neon", "variant=%00", "variant=%FF", "&&&=&", "variant[]=neon", "%"] {
            assert_eq!(forced_variant(query), None, "{query}");
        }
    }
}
