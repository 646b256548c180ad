//! Every call of metrics.

use pushnami_common::openapi::AdminSecurity;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::state::AppState;
use crate::{calculator, events, leads, live, log, results, stats, untracked, visitors};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Pushnami metrics",
        description = "What visitors did, and the counts over it. Posting events and leads is public; reading needs the admin: \
                       log in at abtest (`POST /api/auth/login`) and send the token as `Authorization: Bearer …`, \
                       or come with the cookie."
    ),
    tags(
        (name = "events", description = "What visitors did, one by one"),
        (name = "stats", description = "Plain counts"),
        (name = "results", description = "Variants compared, by statistics that survive being watched"),
        (name = "leads", description = "What visitors sent with the contact form"),
        (name = "visitors", description = "Everything that is kept of one visitor")
    ),
    components(schemas(pushnami_common::error::Problem, pushnami_common::error::FieldError)),
    modifiers(&AdminSecurity)
)]
struct ApiDoc;

/// The routes and, from the same lines, their document.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::with_openapi(ApiDoc::openapi())
        .routes(routes!(log::http::list_events, events::http::record_event))
        .routes(routes!(events::http::record_batch))
        .routes(routes!(log::http::export_events))
        .routes(routes!(live::http::listen))
        .routes(routes!(stats::http::find_stats))
        .routes(routes!(results::http::find_results))
        .routes(routes!(calculator::http::calculate))
        .routes(routes!(untracked::http::add_untracked))
        .routes(routes!(leads::http::list_leads, leads::http::create_lead))
        .routes(routes!(leads::http::export_leads))
        .routes(routes!(leads::http::delete_lead))
        .routes(routes!(visitors::http::delete_visitor))
        .routes(routes!(visitors::http::export_visitor))
}
