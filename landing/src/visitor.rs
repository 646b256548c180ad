//! Who is looking: a browser, known by its cookie, or somebody who asked not to be known.

use axum::http::HeaderMap;
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use pushnami_common::ids::{VisitorId, new_id};
pub use pushnami_common::privacy::asks_not_to_be_recorded;
use pushnami_common::protection::came_by_tls;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

/// The cookie that carries a visitor's id.
pub const VISITOR_COOKIE: &str = "visitor_id";

/// Who asks for the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Visitor {
    /// A browser that came before.
    Known(VisitorId),
    /// A browser without a cookie of ours; it gets this id.
    New(VisitorId),
    /// Somebody who asked not to be recorded: no cookie, no assignment, no event.
    Unrecorded,
}

impl Visitor {
    /// Reads the headers. A cookie that holds no UUID is not ours and counts as none.
    pub fn of(headers: &HeaderMap, now: OffsetDateTime) -> Self {
        if asks_not_to_be_recorded(headers) {
            return Self::Unrecorded;
        }
        known(headers).map_or_else(|| Self::New(new_id(now).into()), Self::Known)
    }

    /// The id, unless the visitor asked not to have one.
    pub fn id(&self) -> Option<&VisitorId> {
        match self {
            Self::Known(id) | Self::New(id) => Some(id),
            Self::Unrecorded => None,
        }
    }

    /// The cookie to set, if any. It is closed to scripts, and `Secure` where the browser came by TLS: on plain http some
    /// browsers would drop it.
    pub fn cookie(&self, headers: &HeaderMap) -> Option<Cookie<'static>> {
        let Self::New(id) = self else {
            return None;
        };
        let cookie = Cookie::build((VISITOR_COOKIE, id.to_string())).path("/").max_age(Duration::days(365));
        Some(cookie.http_only(true).same_site(SameSite::Lax).secure(came_by_tls(headers)).build())
    }
}

/// The visitor whose cookie these headers carry.
pub fn known(headers: &HeaderMap) -> Option<VisitorId> {
    let jar = CookieJar::from_headers(headers);
    Some(jar.get(VISITOR_COOKIE)?.value().parse::<Uuid>().ok()?.into())
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderName, HeaderValue};

    use super::*;

    const NOW: OffsetDateTime = OffsetDateTime::UNIX_EPOCH;
    const ID: &str = "01980000-0000-7000-8000-0000000000aa";

    fn headers(lines: &[(&'static str, &str)]) -> HeaderMap {
        let line = |(name, value): &(&'static str, &str)| {
            (HeaderName::from_static(name), HeaderValue::from_bytes(value.as_bytes()).unwrap())
        };
        HeaderMap::from_iter(lines.iter().map(line))
    }

    #[test]
    fn a_uuid_in_any_spelling_is_a_known_visitor() {
        for spelling in [ID.to_owned(), ID.to_uppercase(), ID.replace('-', "")] {
            let cookie = format!("a=b; visitor_id={spelling}");
            assert_eq!(known(&headers(&[("cookie", &cookie)])).map(|id| id.to_string()).as_deref(), Some(ID));
        }
    }

    #[test]
    fn anything_else_gets_an_id_of_ours() {
        for cookie in ["", "visitor_id=", "visitor_id=alice", "visitor_id=<script>", "visitor_id=\u{fc}", "other=1"] {
            assert!(matches!(Visitor::of(&headers(&[("cookie", cookie)]), NOW), Visitor::New(_)), "{cookie}");
        }
    }
}
