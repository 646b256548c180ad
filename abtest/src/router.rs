//! Every call of abtest.

use pushnami_common::openapi::AdminSecurity;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::state::AppState;
use crate::{assignments, audit, experiments, ofrep, revisions, sessions, snapshot, toggles};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Pushnami abtest",
        description = "Experiments, deterministic assignment and feature toggles. Reading is public; changing needs the admin: \
                       `POST /api/auth/login` sets a cookie, or send its token as `Authorization: Bearer …`."
    ),
    tags(
        (name = "experiments", description = "Questions with variants and a traffic split"),
        (name = "assignments", description = "Which variant a visitor sees"),
        (name = "toggles", description = "Named switches"),
        (name = "flags", description = "The same for every OpenFeature client: the OpenFeature Remote Evaluation Protocol 0.3.0"),
        (name = "audit", description = "Who changed what, and when"),
        (name = "sessions", description = "The admin logs in and out")
    ),
    modifiers(&AdminSecurity)
)]
struct ApiDoc;

/// The routes and, from the same lines, their document.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::with_openapi(ApiDoc::openapi())
        .routes(routes!(experiments::http::list_experiments, experiments::http::create_experiment))
        .routes(routes!(
            experiments::http::find_experiment,
            experiments::http::update_experiment,
            experiments::http::delete_experiment
        ))
        .routes(routes!(snapshot::http::find_configuration))
        .routes(routes!(revisions::http::list_revisions, revisions::http::create_revision))
        .routes(routes!(assignments::http::assign_variant))
        .routes(routes!(assignments::http::explain_assignment))
        .routes(routes!(toggles::http::list_toggles, toggles::http::create_toggle))
        .routes(routes!(toggles::http::find_toggle, toggles::http::update_toggle, toggles::http::delete_toggle))
        .routes(routes!(audit::http::list_audit))
        .routes(routes!(audit::http::export_audit))
        .routes(routes!(audit::http::revert_change))
        .routes(routes!(ofrep::http::evaluate_flag))
        .routes(routes!(ofrep::http::evaluate_flags))
        .routes(routes!(ofrep::stream::hear_changes))
        .routes(routes!(sessions::http::open_session))
        .routes(routes!(sessions::http::find_session))
        .routes(routes!(sessions::http::close_session))
}
