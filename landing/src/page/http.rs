//! The page over HTTP.

use axum::Extension;
use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;
use pushnami_common::telemetry::trace_context::TraceContext;

use super::draft::DRAFT;
use super::writer::{PageWriter, Wanted};

/// Shows the page in the visitor's variant.
///
/// The variant is in the first byte. `?variant=` forces one, for looking: `neon`, `synthwave`, or any variant that an
/// experiment, paused or not, has content for. Nothing is assigned then, and what happens there belongs to no experiment.
/// Any other name is ignored.
#[utoipa::path(get, path = "/", tag = "page",
    params(("variant" = Option<String>, Query, description = "Forces a variant"),
        ("draft" = Option<String>, Query, description = "Shows a draft, as `POST /api/previews` answers it"),
        ("sent" = Option<String>, Query, description = "`1` where the contact form was just sent: thanks stand in its place")),
    responses((status = 200, description = "The page", body = String, content_type = "text/html")))]
pub async fn show_page(
    State(writer): State<PageWriter>,
    Extension(trace): Extension<TraceContext>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let query = query.unwrap_or_default();
    writer.write(&wanted(&query), says_sent(&query), &headers, &trace).await
}

/// What a query asks to see. However garbled the query, the page is shown.
fn wanted(query: &str) -> Vec<Wanted> {
    let pairs: Vec<(String, String)> = serde_html_form::from_str(query).unwrap_or_default();
    let of = |(name, value): (String, String)| match name.as_str() {
        "variant" => Some(Wanted::Variant(value)),
        DRAFT => Some(Wanted::Draft(value)),
        _ => None,
    };
    pairs.into_iter().filter_map(of).collect()
}

/// Whether this is where a browser is led after it posted the contact form.
fn says_sent(query: &str) -> bool {
    query.split('&').any(|pair| pair == "sent=1")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_however_garbled_names_what_can_be_read_of_it() {
        let named = |name: &str| Wanted::Variant(name.to_owned());
        assert_eq!(wanted("utm_source=x&variant=neon&variant=a+%26b"), [named("neon"), named("a &b")]);
        assert_eq!(wanted("draft=x.y"), [Wanted::Draft("x.y".to_owned())]);
        for query in ["", "&&&=&", "variant[]=neon", "%"] {
            assert!(wanted(query).is_empty(), "{query}");
        }
    }
}
