//! Attacks on every call that a service's OpenAPI document names, so that a new call cannot be forgotten: nobody, forgers
//! and other sites ask for what is the admin's, and hostile text stands in every parameter and every text of every body.

mod sample;

use std::collections::BTreeSet;

use axum::http::Method;
use pushnami_common::auth::{AdminAuth, AdminKey, Password, SESSION_COOKIE, token};
use pushnami_common::clock::Clock;
use serde_json::Value;

use crate::{Answer, TestApp};
use sample::{sample, texts};

/// Text that means something to a database, a shell, a file system, a browser, a header or a reader of numbers. None of it
/// may be more than text to us.
const HOSTILE: [&str; 16] = [
    "' or '1'='1",
    "'; drop table experiments; drop table toggles; drop table events; --",
    "\") union select password from pg_shadow --",
    "../../../../etc/passwd",
    "..\\..\\secret.mp3",
    "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
    "\0",
    "\r\nx-evil: 1\r\n\r\n<script>alert(1)</script>",
    "\"><script>alert(1)</script>",
    "javascript:alert(1)",
    "{{7*7}}${7*7}",
    "$(touch /tmp/evil)`id`",
    "//evil.example/",
    "\u{202e}\u{feff}\u{ffff}\u{1f600}",
    "1e999",
    "-9223372036854775809",
];

/// One call of a document.
#[derive(Debug)]
pub struct Call {
    method: Method,
    path: String,
    parameters: Vec<(Place, String)>,
    body: Option<(String, Value)>,
    is_for_admin: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Path,
    Query,
    Header,
    Cookie,
}

/// Every call of a document that ends: a stream that waits for news is left out.
pub fn calls(document: &Value) -> Vec<Call> {
    let paths = document["paths"].as_object().expect("a document has paths");
    let all = paths.iter().flat_map(|(path, calls)| {
        let calls = calls.as_object().expect("a path has calls");
        calls.iter().map(move |(method, call)| Call::read(document, method, path, call))
    });
    all.filter(|call| !call.is_endless(document)).collect()
}

/// The calls that change something and that everybody may make: `POST /api/events`.
pub fn public_changes(document: &Value) -> BTreeSet<String> {
    let open = calls(document).into_iter().filter(|call| !call.is_for_admin && call.method != Method::GET);
    open.map(|call| format!("{} {}", call.method, call.path)).collect()
}

/// Asks every call of the admin as nobody, with tokens that are forged, tampered with, over, or of another password, and
/// with the admin's own cookie from other sites. Returns how many requests were made.
///
/// # Panics
/// When one of them is not refused.
pub async fn pose_as_admin(app: &TestApp, document: &Value, clock: &Clock, key: &AdminKey) -> usize {
    let genuine = key.open_session(crate::PASSWORD).await.expect("the tests' password").token;
    let tokens = unbelievable(&genuine, clock).await;
    let mut made = 0;
    for call in calls(document).iter().filter(|call| call.is_for_admin) {
        call.send(app, &[], None).await.refusal(401);
        for token in &tokens {
            for header in
                [("authorization", format!("Bearer {token}")), ("cookie", format!("{SESSION_COOKIE}={token}"))]
            {
                let answer = call.send(app, &[(header.0, &header.1)], None).await;
                assert_eq!(answer.status, 401, "{call:?} believed {token}");
                made += 1;
            }
        }
        if call.method == Method::GET {
            continue;
        }
        let cookie = format!("{SESSION_COOKIE}={genuine}");
        for origin in
            ["https://evil.example", "null", "http://localhost:3000.evil.example", "http://localhost:3002", ""]
        {
            let answer = call.send(app, &[("cookie", &cookie), ("origin", origin)], None).await;
            assert_eq!(answer.status, 403, "{call:?} obeyed a page of {origin:?}");
            made += 1;
        }
    }
    made
}

/// Asks every call of the document and these further paths, by TLS and without, as whoever `app` is, and looks at the
/// headers that keep browsers from misusing the answer. Returns how many answers were looked at.
///
/// # Panics
/// When one of them lacks a header.
pub async fn look_at_headers(app: &TestApp, document: &Value, paths: &[&str]) -> usize {
    let mut seen = 0;
    for tls in [&[][..], &[("x-forwarded-proto", "https")]] {
        for call in &calls(document) {
            look(&format!("{call:?}"), &call.send(app, tls, None).await, !tls.is_empty());
            seen += 1;
        }
        for path in paths {
            look(path, &app.send(Method::GET, path, tls, "").await, !tls.is_empty());
            seen += 1;
        }
    }
    seen
}

fn look(what: &str, answer: &Answer, by_tls: bool) {
    let expected = [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "strict-origin-when-cross-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("strict-transport-security", if by_tls { "max-age=31536000" } else { "" }),
    ];
    for (name, value) in expected {
        assert_eq!(answer.header(name), value, "{name} of {what}");
    }
    let is_picture = answer.header("content-type").starts_with("image/");
    let users = if is_picture { "cross-origin" } else { "same-origin" };
    assert_eq!(answer.header("cross-origin-resource-policy"), users, "{what}");
    assert!(answer.header("permissions-policy").contains("camera=()"), "{what}");
    let policy = answer.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'") && policy.contains("frame-ancestors"), "{what}: {policy}");
    let scripts = policy.split(';').find(|rule| rule.trim().starts_with("script-src")).unwrap_or_default();
    assert!(!scripts.contains("unsafe") && !scripts.contains('*'), "{what} lets any script run: {scripts}");
    for cookie in answer.headers.get_all("set-cookie") {
        let cookie = cookie.to_str().expect("a cookie in ASCII");
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite="), "{what}: {cookie}");
        assert_eq!(cookie.contains("Secure"), by_tls, "{what}: {cookie}");
    }
}

/// Puts hostile text into every parameter and every text of every body, one at a time, as whoever `app` is. Returns how
/// many requests were made.
///
/// # Panics
/// When one of them fails on our side, brings a header of the attacker's, or answers with the attacker's markup as HTML.
pub async fn write_hostile_text(app: &TestApp, document: &Value) -> usize {
    let mut made = 0;
    for call in &calls(document) {
        let places = call.parameters.len() + call.body.as_ref().map_or(0, |(_, body)| texts(body));
        for place in 0..places {
            for text in HOSTILE {
                let answer = call.send(app, &[], Some((place, text))).await;
                check(call, text, &answer);
                made += 1;
            }
        }
    }
    made
}

fn check(call: &Call, text: &str, answer: &Answer) {
    // A neighbour that is not there is 503, which no text causes.
    assert!(answer.status < 500 || answer.status == 503, "{call:?} failed over {text:?}: {}", answer.text());
    assert!(!answer.headers.contains_key("x-evil"), "{call:?} let {text:?} write a header");
    let to = answer.header("location");
    assert!(!to.contains("evil.example"), "{call:?} sends browsers to {to}");
    let is_html = answer.header("content-type").starts_with("text/html");
    assert!(!is_html || !answer.text().contains("<script>alert(1)"), "{call:?} shows {text:?} as it came");
}

/// Tokens that nobody may believe: made of nothing, tampered with, over, signed with another password's key.
async fn unbelievable(genuine: &str, clock: &Clock) -> Vec<String> {
    let (claim, signature) = genuine.split_once('.').expect("a token has two parts");
    let later = claim.parse::<i64>().expect("a token tells when it ends") + 86_400;
    let another = AdminKey::new(AdminAuth::Password(Password("another".to_owned())), Vec::new(), clock.clone());
    let foreign = another.open_session("another").await.expect("its own password").token;
    let flipped = if signature.starts_with('A') { "B" } else { "A" };
    let unsigned = token::sign(&[0; 32], clock.now() + time::Duration::hours(1));
    vec![
        "x".to_owned(),
        format!("{claim}."),
        format!("{later}.{signature}"),
        format!("{claim}.{flipped}{}", &signature[1..]),
        format!("{genuine}A"),
        foreign,
        unsigned,
    ]
}

impl Call {
    fn read(document: &Value, method: &str, path: &str, call: &Value) -> Self {
        let parameters = call["parameters"].as_array().into_iter().flatten().map(|parameter| {
            let place = match parameter["in"].as_str() {
                Some("path") => Place::Path,
                Some("query") => Place::Query,
                Some("cookie") => Place::Cookie,
                _ => Place::Header,
            };
            (place, parameter["name"].as_str().expect("a parameter has a name").to_owned())
        });
        let kinds = call["requestBody"]["content"].as_object();
        let body = kinds.and_then(|kinds| kinds.iter().next()).map(|(media, content)| {
            let example = content.get("example").cloned();
            (media.clone(), example.unwrap_or_else(|| sample(document, &content["schema"])))
        });
        Self {
            method: method.to_uppercase().parse().expect("a method"),
            path: path.to_owned(),
            parameters: parameters.collect(),
            body,
            is_for_admin: call["security"].as_array().is_some_and(|ways| !ways.is_empty()),
        }
    }

    fn is_endless(&self, document: &Value) -> bool {
        let answer = &document["paths"][&self.path][self.method.as_str().to_lowercase()]["responses"]["200"];
        answer["content"].get("text/event-stream").is_some()
    }

    /// What is there in every fresh system, so that a call gets as far as its body; but nothing to delete.
    fn usual(&self, name: &str) -> &'static str {
        match name {
            _ if self.method == Method::DELETE => "x",
            "id" => "01980000-0000-7000-8000-000000000001",
            _ => "matrix_rain",
        }
    }

    /// Makes the call with plain values, but for `hostile`: at which place among parameters and texts of the body, what.
    async fn send(&self, app: &TestApp, headers: &[(&str, &str)], hostile: Option<(usize, &str)>) -> Answer {
        let at = |place: usize| hostile.filter(|(chosen, _)| *chosen == place).map(|(_, text)| text);
        let mut path = self.path.clone();
        let mut query = String::new();
        let mut headers: Vec<(String, String)> = headers.iter().map(|(n, v)| ((*n).into(), (*v).into())).collect();
        for (index, (place, name)) in self.parameters.iter().enumerate() {
            match (place, at(index)) {
                (Place::Path, text) => {
                    path = path.replace(&format!("{{{name}}}"), &escaped(text.unwrap_or_else(|| self.usual(name))));
                }
                (Place::Query, Some(text)) => query = format!("?{name}={}", escaped(text)),
                // What no header may hold never reaches us: it is escaped, as a browser does with cookies.
                (Place::Header, Some(text)) => headers.push((name.clone(), escaped(text))),
                (Place::Cookie, Some(text)) => headers.push(("cookie".to_owned(), format!("{name}={}", escaped(text)))),
                (_, None) => {}
            }
        }
        let text = hostile.and_then(|(place, text)| Some((place.checked_sub(self.parameters.len())?, text)));
        let body = self.body.as_ref().map(|(media, body)| sample::write(media, body, text)).unwrap_or_default();
        if let Some((media, bytes)) = &body {
            headers.push(("content-type".to_owned(), media.clone()));
            headers.push(("content-length".to_owned(), bytes.len().to_string()));
        }
        let headers: Vec<_> = headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let bytes = body.map(|(_, bytes)| bytes).unwrap_or_default();
        app.send(self.method.clone(), &format!("{path}{query}"), &headers, bytes).await
    }
}

/// Every byte that is no letter and no digit as `%XX`.
fn escaped(text: &str) -> String {
    let byte =
        |byte: u8| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    text.bytes().map(byte).collect()
}
