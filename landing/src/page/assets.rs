//! The files of the page: script, styles, fonts, icons, built by Vite in `landing/client` and embedded in this binary.
//!
//! Names under `/assets/` carry a hash of their content, so a browser may keep them for ever. Each compressible file
//! stands beside a `.br` and a `.gz` made by the build; the best one that the browser takes is sent as it is.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use axum::Router;
use axum::body::Body;
use axum::http::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use rust_embed::{EmbeddedFile, RustEmbed};
use serde::Deserialize;

/// The build's output. Without one (`npm run build` was never run) the folder is missing, and the page goes unstyled.
#[derive(RustEmbed)]
#[folder = "client/dist"]
#[allow_missing = true]
struct Dist;

/// Where the page finds its script and styles.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Assets {
    /// The module that wakes the page.
    pub script: Option<String>,
    /// Stylesheets, in their order.
    pub styles: Vec<String>,
    /// Fonts that the first screen cannot do without.
    pub preload: Vec<String>,
}

/// One entry of Vite's manifest, as far as it concerns us.
#[derive(Debug, Deserialize)]
struct ManifestEntry {
    file: String,
    #[serde(default, rename = "isEntry")]
    is_entry: bool,
    #[serde(default)]
    css: BTreeSet<String>,
    #[serde(default)]
    assets: BTreeSet<String>,
}

impl Assets {
    /// A page without script and styles.
    pub const NONE: Self = Self { script: None, styles: Vec::new(), preload: Vec::new() };

    /// Reads the manifest of the embedded build; [`Assets::NONE`] when there is no build.
    pub fn embedded() -> Self {
        Dist::get(".vite/manifest.json").map_or(Self::NONE, |file| Self::from_manifest(&file.data))
    }

    fn from_manifest(manifest: &[u8]) -> Self {
        let entries: BTreeMap<String, ManifestEntry> = serde_json::from_slice(manifest).unwrap_or_default();
        let Some(entry) = entries.into_values().find(|entry| entry.is_entry) else { return Self::NONE };
        let url = |file: &String| format!("/{file}");
        Self {
            script: Some(url(&entry.file)),
            styles: entry.css.iter().map(url).collect(),
            // The headline's face: its late arrival would be the one that everybody sees.
            preload: entry.assets.iter().filter(|file| file.contains("cinzel-latin-700")).map(url).collect(),
        }
    }
}

/// The routes of the embedded files. They belong to the page and are no part of the documented API.
pub fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new()
        .route("/assets/{*path}", get(serve_file))
        .route("/favicon.svg", get(serve_file))
        .route("/apple-touch-icon.png", get(serve_file))
        .route("/open-graph.jpg", get(serve_file))
}

/// Serves the embedded file whose path is the request's.
pub async fn serve_file(uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path().trim_start_matches('/');
    match Dist::get(path).filter(|_| is_public(path)) {
        Some(file) => answer(path, file, &headers),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// The compressed neighbours are representations of a file, not files of their own; and a development build reads the
/// folder itself, where a path with dots could wander.
fn is_public(path: &str) -> bool {
    let is_neighbour = [".br", ".gz"].iter().any(|ending| path.ends_with(ending));
    !is_neighbour && !path.split('/').any(|part| part.starts_with('.'))
}

/// The stored file in the best coding that the browser takes, or 304 when it has that already.
fn answer(path: &str, plain: EmbeddedFile, headers: &HeaderMap) -> Response {
    let mime = plain.metadata.mimetype().to_owned();
    let (coding, file) = accepted(headers)
        .find_map(|coding| Dist::get(&format!("{path}.{}", coding.ending)).map(|file| (Some(coding.name), file)))
        .unwrap_or((None, plain));
    let etag = etag(&file.metadata.sha256_hash());

    let mut response = Response::new(Body::empty());
    let out = response.headers_mut();
    out.insert(ETAG, etag.clone());
    out.insert(VARY, HeaderValue::from_name(ACCEPT_ENCODING));
    out.insert(CACHE_CONTROL, HeaderValue::from_static(caching(path)));
    if knows(headers, &etag) {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        return response;
    }
    if let Ok(mime) = HeaderValue::from_str(&with_charset(mime)) {
        out.insert(CONTENT_TYPE, mime);
    }
    if let Some(name) = coding {
        out.insert(CONTENT_ENCODING, HeaderValue::from_static(name));
    }
    *response.body_mut() = Body::from(file.data);
    response
}

/// A content coding and the ending of the files that are stored in it.
struct Coding {
    name: &'static str,
    ending: &'static str,
}

/// What the browser takes, smallest first.
fn accepted(headers: &HeaderMap) -> impl Iterator<Item = &'static Coding> {
    static CODINGS: [Coding; 2] = [Coding { name: "br", ending: "br" }, Coding { name: "gzip", ending: "gz" }];
    let offered: Vec<String> = headers
        .get_all(ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter(|coding| !refused(coding))
        .filter_map(|coding| coding.split(';').next())
        .map(|name| name.trim().to_ascii_lowercase())
        .collect();
    CODINGS.iter().filter(move |coding| offered.iter().any(|name| name == coding.name))
}

/// Whether a coding was named only to say no to it: `br;q=0`.
fn refused(coding: &str) -> bool {
    coding
        .split(';')
        .skip(1)
        .filter_map(|parameter| parameter.trim().strip_prefix("q="))
        .any(|weight| weight.trim().parse::<f32>().is_ok_and(|weight| weight <= 0.0))
}

fn knows(headers: &HeaderMap, etag: &HeaderValue) -> bool {
    headers
        .get_all(IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|tag| tag.trim().trim_start_matches("W/"))
        .any(|tag| tag == "*" || tag.as_bytes() == etag.as_bytes())
}

/// Names with a hash never change their content; the others may with the next release.
fn caching(path: &str) -> &'static str {
    if path.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "public, max-age=86400" }
}

fn with_charset(mime: String) -> String {
    if mime.starts_with("text/") && !mime.contains("charset") { format!("{mime}; charset=utf-8") } else { mime }
}

/// A strong tag: the first sixteen bytes of the stored bytes' own hash, so each coding has another.
fn etag(hash: &[u8; 32]) -> HeaderValue {
    let mut tag = String::with_capacity(34);
    tag.push('"');
    for byte in &hash[..16] {
        write!(tag, "{byte:02x}").expect("writing into a string does not fail");
    }
    tag.push('"');
    HeaderValue::from_str(&tag).expect("hexadecimal digits are a valid header")
}

/// How many files the build has for the first view, and how many bytes they are on the wire.
#[cfg(test)]
pub(crate) fn everything_sent() -> (usize, usize) {
    let headers = HeaderMap::from_iter([(ACCEPT_ENCODING, HeaderValue::from_static("br"))]);
    let sizes = Dist::iter().filter(|path| path.starts_with("assets/") && is_public(path)).filter_map(|path| {
        let best = accepted(&headers).find_map(|coding| Dist::get(&format!("{path}.{}", coding.ending)));
        best.or_else(|| Dist::get(&path)).map(|file| file.data.len())
    });
    sizes.fold((0, 0), |(files, bytes), size| (files + 1, bytes + size))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MANIFEST: &str = r#"{
        "../node_modules/a.woff2": { "file": "assets/cinzel-latin-700-normal-Ab.woff2", "src": "a.woff2" },
        "src/main.ts": {
            "file": "assets/main-Cd.js", "isEntry": true, "css": ["assets/main-Ef.css"],
            "assets": ["assets/cinzel-latin-700-normal-Ab.woff2", "assets/meander-Gh.svg"]
        }
    }"#;

    #[test]
    fn the_manifest_names_what_the_page_needs() {
        let assets = Assets::from_manifest(MANIFEST.as_bytes());
        assert_eq!(assets.script.as_deref(), Some("/assets/main-Cd.js"));
        assert_eq!(assets.styles, ["/assets/main-Ef.css"]);
        assert_eq!(assets.preload, ["/assets/cinzel-latin-700-normal-Ab.woff2"]);
    }

    #[test]
    fn an_unreadable_manifest_is_no_build() {
        assert_eq!(Assets::from_manifest(b"{"), Assets::NONE);
    }

    #[test]
    fn the_smallest_coding_that_is_taken_wins_and_a_refused_one_does_not_count() {
        let names = |value: &'static str| {
            let headers = HeaderMap::from_iter([(ACCEPT_ENCODING, HeaderValue::from_static(value))]);
            accepted(&headers).map(|coding| coding.name).collect::<Vec<_>>()
        };
        assert_eq!(names("gzip, deflate, br"), ["br", "gzip"]);
        assert_eq!(names("br;q=0, GZIP;q=0.5"), ["gzip"]);
        assert!(names("identity").is_empty());
    }

    #[test]
    fn a_known_tag_is_recognised_in_a_list() {
        let tag = etag(&[7; 32]);
        let list = HeaderValue::from_static("\"other\", W/\"07070707070707070707070707070707\"");
        assert!(knows(&HeaderMap::from_iter([(IF_NONE_MATCH, list)]), &tag));
        assert!(!knows(&HeaderMap::new(), &tag));
    }

    #[tokio::test]
    async fn what_is_not_in_the_build_is_not_found() {
        for path in ["/assets/none.js", "/assets/../.vite/manifest.json", "/assets/%2e%2e/secret", "/assets/main.js.br"]
        {
            let response = serve_file(Uri::from_static(path), HeaderMap::new()).await;
            assert_eq!(response.status(), StatusCode::NOT_FOUND, "{path}");
        }
    }

    #[tokio::test]
    async fn every_embedded_file_comes_with_its_type_and_is_recognised_the_second_time() {
        for path in Dist::iter().filter(|path| path.starts_with("assets/") && is_public(path)) {
            let uri: Uri = format!("/{path}").parse().expect("a path is a URI");
            let first = serve_file(uri.clone(), HeaderMap::new()).await;
            assert_eq!(first.status(), StatusCode::OK, "{path}");
            assert!(first.headers().contains_key(CONTENT_TYPE), "{path}");
            let again = HeaderMap::from_iter([(IF_NONE_MATCH, first.headers()[ETAG].clone())]);
            assert_eq!(serve_file(uri, again).await.status(), StatusCode::NOT_MODIFIED, "{path}");
        }
    }
}
