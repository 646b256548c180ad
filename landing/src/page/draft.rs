//! The page in a variant that is still being written: the admin has its content sealed, and the page shows it to whoever
//! brings the seal along. Nothing is stored, and nobody else can make the page say anything.

use axum::extract::State;
use axum::http::StatusCode;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use garde::Validate;
use pushnami_common::auth::seal::Purpose;
use pushnami_common::auth::{Admin, AdminKey};
use pushnami_common::clock::Clock;
use pushnami_common::contract::VariantContent;
use pushnami_common::extract::{Json, Object};
use pushnami_common::openapi::{AdminProblems, BodyProblems, InputProblems};
use pushnami_common::text;
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};
use utoipa::ToSchema;

use super::variant::Variant;

/// How long a draft can be looked at: longer than anybody writes at one, too short to become an address that people share.
const SHOWN_FOR: Duration = Duration::hours(1);
/// The parameter of the page that carries a draft.
pub const DRAFT: &str = "draft";

/// A variant as it might become.
#[derive(Debug, Deserialize, Validate, ToSchema)]
pub struct NewPreview {
    /// Its name.
    #[garde(custom(text::name(255)))]
    #[schema(min_length = 1, max_length = 255, pattern = r"\S", example = "muses")]
    pub variant: String,
    /// What it is to say.
    #[garde(dive)]
    #[schema(value_type = VariantContent)]
    pub content: Object<VariantContent>,
}

/// Where a draft can be looked at.
#[derive(Debug, Serialize, ToSchema)]
pub struct Preview {
    /// The path and query of the page.
    #[schema(example = "/?draft=eyJ2YXJpYW50Ijoi")]
    pub path: String,
    /// Until when.
    #[serde(with = "time::serde::rfc3339")]
    pub expires_at: OffsetDateTime,
}

#[derive(Serialize, Deserialize)]
struct Claim {
    variant: String,
    content: VariantContent,
    until: i64,
}

/// Has the page show a variant that is not saved yet, to whoever opens the answered path within an hour. Nothing is stored.
#[utoipa::path(post, path = "/api/previews", tag = "page", request_body = NewPreview,
    responses((status = 201, description = "It can be looked at", body = Preview), InputProblems, BodyProblems, AdminProblems),
    security(("bearer" = []), ("cookie" = [])))]
pub async fn create_preview(
    _: Admin,
    State(admin): State<AdminKey>,
    State(clock): State<Clock>,
    Json(new): Json<NewPreview>,
) -> (StatusCode, Json<Preview>) {
    let expires_at = clock.now() + SHOWN_FOR;
    let path = format!("/?{DRAFT}={}", seal(&admin, new, expires_at).await);
    (StatusCode::CREATED, Json(Preview { path, expires_at }))
}

async fn seal(
    admin: &AdminKey,
    NewPreview { variant, content: Object(content) }: NewPreview,
    until: OffsetDateTime,
) -> String {
    let claim = Claim { variant, content, until: until.unix_timestamp() };
    let claim = serde_json::to_vec(&claim).expect("a claim is plain JSON");
    admin.seal(Purpose::Draft, &BASE64_URL_SAFE_NO_PAD.encode(claim)).await
}

/// The variant of a draft, if the admin sealed it less than an hour ago.
pub async fn read(admin: &AdminKey, sealed: &str, now: OffsetDateTime) -> Option<Variant> {
    let claim = BASE64_URL_SAFE_NO_PAD.decode(admin.unseal(Purpose::Draft, sealed).await?).ok()?;
    let claim: Claim = serde_json::from_slice(&claim).ok()?;
    (now.unix_timestamp() < claim.until).then(|| Variant::of(&claim.variant, Some(&claim.content))).flatten()
}
