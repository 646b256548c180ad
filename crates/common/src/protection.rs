//! What every answer tells a browser not to do with it.

use axum::http::header::{self, HeaderName};
use axum::http::{HeaderMap, HeaderValue};

/// Nothing may be loaded or run by what is no page of ours, and nobody shows it in a frame.
const NOTHING: &str = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/// The documentation is the one page without a policy of its own: its script is ours, its styles stand in the elements.
const DOCUMENTATION: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
     font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
/// No page of ours asks for any of these. nginx says the same for the admin.
const PERMISSIONS: &str = "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), \
     microphone=(), midi=(), payment=(), usb=()";
/// A year of TLS only, for whoever came by TLS. Not for names below ours, which are not ours to decide about.
const TLS_ONLY: &str = "max-age=31536000";

const OPENER: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const RESOURCE: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
const ALLOWED: HeaderName = HeaderName::from_static("permissions-policy");

/// Whether the browser came by TLS, as far as the proxy in front of us says.
pub fn came_by_tls(headers: &HeaderMap) -> bool {
    headers.get("x-forwarded-proto").is_some_and(|proto| proto == "https")
}

/// Adds what an answer does not say itself.
pub fn protect(headers: &mut HeaderMap, by_tls: bool) {
    headers.reserve(8);
    let is = |headers: &HeaderMap, kind: &str| {
        headers.get(header::CONTENT_TYPE).is_some_and(|media| media.as_bytes().starts_with(kind.as_bytes()))
    };
    let policy = if is(headers, "text/html") { DOCUMENTATION } else { NOTHING };
    // Previews of links show our pictures in pages of others.
    let users = if is(headers, "image/") { "cross-origin" } else { "same-origin" };
    // `X-Frame-Options` cannot name other origins, and a browser that obeys both would shut out whom a page's own policy
    // lets in.
    let says_who_may_frame = headers.contains_key(header::CONTENT_SECURITY_POLICY);
    let mut say = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    say(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    say(header::REFERRER_POLICY, "strict-origin-when-cross-origin");
    say(ALLOWED, PERMISSIONS);
    say(OPENER, "same-origin");
    say(RESOURCE, users);
    if !says_who_may_frame {
        say(header::CONTENT_SECURITY_POLICY, policy);
        say(header::X_FRAME_OPTIONS, "DENY");
    }
    if by_tls {
        say(header::STRICT_TRANSPORT_SECURITY, TLS_ONLY);
    }
}
