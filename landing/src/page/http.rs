//! The page over HTTP.

use axum::Extension;
use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;
use pushnami_common::telemetry::trace_context::TraceContext;

use super::view::Variant;
use super::writer::PageWriter;

/// Shows the page in the visitor's variant.
///
/// The variant is in the first byte. `?variant=neon` and `?variant=synthwave` force one, for looking: nothing is assigned,
/// and what happens there belongs to no experiment. Any other name is ignored.
#[utoipa::path(get, path = "/", tag = "page",
    params(("variant" = Option<String>, Query, description = "Forces a variant: `neon` or `synthwave`"),
        ("sent" = Option<String>, Query, description = "`1` where the contact form was just sent: thanks stand in its place")),
    responses((status = 200, description = "The page", body = String, content_type = "text/html")))]
pub async fn show_page(
    State(writer): State<PageWriter>,
    Extension(trace): Extension<TraceContext>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let query = query.unwrap_or_default();
    writer.write(forced_variant(&query), says_sent(&query), &headers, &trace).await
}

/// The first `variant` of a query that the page can draw. However garbled the query, the page is shown.
fn forced_variant(query: &str) -> Option<Variant> {
    let pairs: Vec<(String, String)> = serde_html_form::from_str(query).unwrap_or_default();
    pairs.iter().filter(|(name, _)| name == "variant").find_map(|(_, value)| Variant::from_name(value))
}

/// Whether this is where a browser is led after it posted the contact form.
fn says_sent(query: &str) -> bool {
    query.split('&').any(|pair| pair == "sent=1")
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
