//! A returning visitor brings their assignment along, signed, so that abtest need not be asked. It holds for one visitor
//! and one revision of one experiment: after a change of the split abtest is asked once more.

use axum::http::HeaderMap;
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use pushnami_common::auth::AdminKey;
use pushnami_common::auth::seal::Purpose;
use pushnami_common::ids::VisitorId;
use pushnami_common::protection::came_by_tls;
use time::Duration;

use super::configuration::Configuration;
use crate::page::variant::Variant;

/// The cookie that carries an assignment.
pub const ASSIGNMENT_COOKIE: &str = "assignment";

/// The variant that the visitor brings along, if it was assigned by abtest under what is configured now.
pub async fn read(
    headers: &HeaderMap,
    visitor: &VisitorId,
    configuration: &Configuration,
    admin: &AdminKey,
) -> Option<Variant> {
    let jar = CookieJar::from_headers(headers);
    let claim = admin.unseal(Purpose::Assignment, jar.get(ASSIGNMENT_COOKIE)?.value()).await?;
    // A variant may have any name.
    let name = claim.strip_prefix(&place(visitor, configuration)?)?.strip_prefix(':')?;
    configuration.assignable(name)
}

/// The cookie to set after abtest assigned this variant.
pub async fn write(
    headers: &HeaderMap,
    visitor: &VisitorId,
    configuration: &Configuration,
    variant: &Variant,
    admin: &AdminKey,
) -> Option<Cookie<'static>> {
    let claim = format!("{}:{}", place(visitor, configuration)?, variant.name());
    let cookie = Cookie::build((ASSIGNMENT_COOKIE, admin.seal(Purpose::Assignment, &claim).await));
    let cookie = cookie.path("/").max_age(Duration::days(365)).http_only(true).same_site(SameSite::Lax);
    Some(cookie.secure(came_by_tls(headers)).build())
}

/// Whose assignment, and in what.
fn place(visitor: &VisitorId, configuration: &Configuration) -> Option<String> {
    let (experiment, revision) = configuration.revision()?;
    Some(format!("{visitor}:{experiment}:{revision}"))
}
