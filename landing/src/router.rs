//! Every call of landing.

use axum::extract::DefaultBodyLimit;
use axum::routing::get;
use pushnami_common::openapi::AdminSecurity;
use tower_http::compression::CompressionLayer;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::state::AppState;
use crate::{collect, contact, page, tracks, wishes};

/// The largest batch that a page sends, in bytes: what browsers let a beacon carry.
const COLLECT_LIMIT: usize = 64 * 1024;

/// The largest draft, in bytes: each of its characters may need twelve in JSON.
const PREVIEW_LIMIT: usize = 16 * 1024;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Pushnami landing",
        description = "The page, the events it reports, and the music library. Changing the library needs the admin: \
                       log in at abtest's `POST /api/auth/login`; the cookie or the token serves here too."
    ),
    tags(
        (name = "page", description = "What visitors see, and what they do there"),
        (name = "tracks", description = "The music library")
    ),
    modifiers(&AdminSecurity)
)]
struct ApiDoc;

/// The routes and, from the same lines, their document.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::with_openapi(ApiDoc::openapi())
        .merge(OpenApiRouter::new().routes(routes!(page::http::show_page)).layer(CompressionLayer::new().gzip(true)))
        .merge(
            OpenApiRouter::new()
                .routes(routes!(collect::http::collect_events))
                .layer(DefaultBodyLimit::max(COLLECT_LIMIT)),
        )
        .merge(
            OpenApiRouter::new()
                .routes(routes!(contact::http::send_contact, contact::http::show_form))
                .layer(DefaultBodyLimit::max(contact::http::FORM_LIMIT))
                .layer(CompressionLayer::new().gzip(true)),
        )
        .routes(routes!(wishes::find_gpc_support))
        .merge(
            OpenApiRouter::new()
                .routes(routes!(page::draft::create_preview))
                .layer(DefaultBodyLimit::max(PREVIEW_LIMIT)),
        )
        .routes(routes!(tracks::http::list_tracks))
        .merge(
            OpenApiRouter::new()
                .routes(routes!(tracks::http::upload_track))
                .layer(DefaultBodyLimit::max(tracks::http::UPLOAD_BODY_LIMIT)),
        )
        .routes(routes!(tracks::http::update_order))
        .routes(routes!(tracks::http::delete_track))
        .route("/music/{filename}", get(tracks::http::play_track))
        .merge(OpenApiRouter::from(page::crawlers::routes()))
        .merge(OpenApiRouter::from(page::assets::routes()))
}
