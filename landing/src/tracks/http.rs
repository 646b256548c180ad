//! The music library over HTTP.

use std::collections::HashSet;
use std::io;

use axum::extract::multipart::{Field, MultipartError, MultipartRejection};
use axum::extract::{Multipart, Request, State};
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use pushnami_common::auth::Admin;
use pushnami_common::error::{FieldError, Problem};
use pushnami_common::extract::{Json, Path};
use pushnami_common::openapi::{AdminProblems, BodyProblems, InputProblems, NotFoundProblem, OftenProblem};
use pushnami_common::{ApiError, ApiResult};
use serde::Serialize;
use tower::ServiceExt;
use tower_http::services::ServeFile;
use utoipa::ToSchema;

use super::library::{KeepError, Library, Unfinished};
use super::model::{FileName, Track, TrackOrder};

/// The largest track, in bytes.
const TRACK_LIMIT: u64 = 20 * 1024 * 1024;
/// How much of an upload is read at all: what is too large is read and thrown away up to here, because a browser whose
/// connection is cut while it still sends never sees the answer.
pub const UPLOAD_BODY_LIMIT: usize = 100 * 1024 * 1024;
/// What browsers and programs call an MP3.
const MEDIA_TYPES: [&str; 4] = ["audio/mpeg", "audio/mp3", "audio/mpeg3", "audio/x-mpeg-3"];

/// An upload, for the document.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the body, is never built")]
pub struct Upload {
    /// An MP3 of at most 20 MB.
    #[schema(content_media_type = "audio/mpeg", value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// That it was done.
#[derive(Debug, Serialize, ToSchema)]
pub struct Done {
    ok: bool,
}

/// Lists all tracks in the saved order, new files last.
#[utoipa::path(get, path = "/api/tracks", tag = "tracks",
    responses((status = 200, description = "All of them", body = Vec<Track>)))]
pub async fn list_tracks(State(library): State<Library>) -> ApiResult<Json<Vec<Track>>> {
    Ok(Json(library.list().await.map_err(refused)?))
}

/// Adds a track: an MP3 by its content, its name and its declared type.
#[utoipa::path(post, path = "/api/tracks/upload", tag = "tracks",
    request_body(content = Upload, content_type = "multipart/form-data"),
    responses((status = 201, description = "It is in the library", body = Track),
        (status = 409, description = "A track of that name exists", body = Problem, content_type = "application/problem+json"),
        (status = 507, description = "The library holds as much as it may, or its disk is full", body = Problem, content_type = "application/problem+json"),
        InputProblems, BodyProblems, AdminProblems),
    security(("bearer" = []), ("cookie" = [])))]
pub async fn upload_track(
    _: Admin,
    State(library): State<Library>,
    parts: Result<Multipart, MultipartRejection>,
) -> ApiResult<(StatusCode, Json<Track>)> {
    let mut parts = parts.map_err(|rejection| {
        ApiError::unsupported("send the track as multipart/form-data with a boundary").with_source(rejection)
    })?;
    while let Some(part) = parts.next_field().await.map_err(unreadable)? {
        if part.name() == Some("file") {
            return Ok((StatusCode::CREATED, Json(keep(&library, part).await?)));
        }
    }
    Err(ApiError::bad_request("No file uploaded").with_field("/file", "is missing"))
}

/// Saves the order to play in. Tracks that are not named come after those that are.
#[utoipa::path(put, path = "/api/tracks/order", tag = "tracks", request_body = TrackOrder,
    responses((status = 200, description = "It is saved", body = Done), InputProblems, BodyProblems, AdminProblems),
    security(("bearer" = []), ("cookie" = [])))]
pub async fn update_order(
    _: Admin,
    State(library): State<Library>,
    Json(order): Json<TrackOrder>,
) -> ApiResult<Json<Done>> {
    let mut named = HashSet::new();
    let twice = order.order.iter().position(|name| !named.insert(name));
    let wrong = match twice {
        Some(place) => Some((place, "is named twice")),
        None => library.save_order(&order).await.map_err(refused)?.err().map(|place| (place, "is no track")),
    };
    match wrong {
        Some((place, detail)) => Err(ApiError::invalid(vec![FieldError::new(format!("/order/{place}"), detail)])),
        None => Ok(Json(Done { ok: true })),
    }
}

/// Deletes a track.
#[utoipa::path(delete, path = "/api/tracks/{filename}", tag = "tracks", params(("filename" = String, Path)),
    responses((status = 204, description = "It is gone"), OftenProblem, InputProblems, AdminProblems, NotFoundProblem),
    security(("bearer" = []), ("cookie" = [])))]
pub async fn delete_track(_: Admin, State(library): State<Library>, Path(name): Path<String>) -> ApiResult<StatusCode> {
    let name = FileName::existing(&name).ok_or_else(unknown)?;
    if library.delete(&name).await.map_err(refused)? { Ok(StatusCode::NO_CONTENT) } else { Err(unknown()) }
}

/// Plays a track, whole or by ranges. Its name carries no hash, so browsers ask again whether it is still the same.
pub async fn play_track(
    State(library): State<Library>,
    Path(name): Path<String>,
    request: Request,
) -> ApiResult<Response> {
    let name = FileName::existing(&name).ok_or_else(unknown)?;
    let path = library.find(&name).await.map_err(refused)?.ok_or_else(unknown)?;
    let Ok(served) = ServeFile::new(path).oneshot(request).await;
    let mut response = served.into_response();
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("public, no-cache"));
    Ok(response)
}

/// Streams a part into the library.
async fn keep(library: &Library, part: Field<'_>) -> ApiResult<Track> {
    let name = part.file_name().and_then(FileName::reduced);
    let name = name.ok_or_else(|| not_an_mp3("the file's name must end in .mp3"))?;
    if !is_declared_mp3(part.headers()) {
        return Err(not_an_mp3("the file must be declared as audio/mpeg"));
    }
    let file = receive(library, part).await?;
    file.keep_as(library, &name).await.map_err(|error| match error {
        KeepError::NotAnMp3 => not_an_mp3("the file is not an MP3"),
        KeepError::Exists => ApiError::conflict(format!("a track called `{name}` exists"))
            .with_field("/file", "has the name of another track"),
        error => not_kept(error),
    })
}

fn not_kept(error: KeepError) -> ApiError {
    match error {
        KeepError::Io(error) => refused(error),
        _ => full("the music library holds as much as it may; delete a track first"),
    }
}

fn full(detail: &str) -> ApiError {
    ApiError::new(StatusCode::INSUFFICIENT_STORAGE, detail)
}

async fn receive(library: &Library, mut part: Field<'_>) -> ApiResult<Unfinished> {
    library.has_room().await.map_err(not_kept)?;
    let mut file = Some(library.begin().await.map_err(refused)?);
    let mut read = 0;
    while let Some(chunk) = part.chunk().await.map_err(unreadable)? {
        read += chunk.len() as u64;
        if read > TRACK_LIMIT {
            file = None;
        }
        if let Some(file) = &mut file {
            file.write(&chunk).await.map_err(refused)?;
        }
    }
    file.ok_or_else(too_large)
}

/// A part that declares nothing is judged by its content alone.
fn is_declared_mp3(headers: &HeaderMap) -> bool {
    headers.get("content-type").is_none_or(|declared| {
        let declared = declared.to_str().unwrap_or_default().to_ascii_lowercase();
        MEDIA_TYPES.contains(&declared.split(';').next().unwrap_or_default().trim())
    })
}

fn too_large() -> ApiError {
    ApiError::too_large("a track may have 20 MB").with_field("/file", "must have at most 20 MB")
}

fn not_an_mp3(detail: &str) -> ApiError {
    ApiError::unsupported(detail).with_field("/file", "must be an MP3")
}

fn unknown() -> ApiError {
    ApiError::not_found("Track not found")
}

fn unreadable(error: MultipartError) -> ApiError {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return too_large();
    }
    ApiError::bad_request("the upload ended before it was complete").with_source(error)
}

/// What the folder refuses is nobody's fault who calls.
fn refused(error: io::Error) -> ApiError {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            full("the music library's disk is full").with_source(error)
        }
        _ => ApiError::internal(error),
    }
}
