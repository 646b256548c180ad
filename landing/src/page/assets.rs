//! The files of the page: script, styles, fonts, icons, built by Vite in `landing/client` and embedded in this binary.
//!
//! Names under `/assets/` carry a hash of their content, so a browser may keep them for ever. Each compressible file
//! stands beside a `.br` and a `.gz` made by the build; the best one that the browser takes is sent as it is.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::sync::LazyLock;

use axum::Router;
use axum::body::Body;
use axum::http::header::{
    ACCEPT_ENCODING, ACCEPT_RANGES, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_RANGE, CONTENT_TYPE, ETAG, IF_NONE_MATCH,
    VARY,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use pushnami_common::extract::Path;
use rust_embed::{EmbeddedFile, RustEmbed};
use serde::Deserialize;

use super::ranges::{Wanted, wanted};

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
    /// The faces of the first screen.
    pub preload: Vec<String>,
    /// Pictures of the sculpture, by the names of their sources: `poster-neon-lying-560`.
    pub posters: BTreeMap<String, String>,
}

/// A picture in two sizes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Poster<'a> {
    /// 560 pixels wide.
    pub small: &'a str,
    /// 1120 pixels wide.
    pub large: &'a str,
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
    pub const NONE: Self = Self { script: None, styles: Vec::new(), preload: Vec::new(), posters: BTreeMap::new() };

    /// Reads the manifest of the embedded build; [`Assets::NONE`] when there is no build.
    pub fn embedded() -> Self {
        Dist::get(".vite/manifest.json").map_or(Self::NONE, |file| Self::from_manifest(&file.data))
    }

    fn from_manifest(manifest: &[u8]) -> Self {
        let entries: BTreeMap<String, ManifestEntry> = serde_json::from_slice(manifest).unwrap_or_default();
        let url = |file: &String| format!("/{file}");
        let posters = entries.iter().filter_map(|(source, entry)| {
            let name = source.strip_prefix("models/")?.strip_suffix(".webp")?;
            Some((name.to_owned(), url(&entry.file)))
        });
        let posters = posters.collect();
        let Some(entry) = entries.into_values().find(|entry| entry.is_entry) else { return Self::NONE };
        Self {
            script: Some(url(&entry.file)),
            styles: entry.css.iter().map(url).collect(),
            // The first screen is written in all of them, and most are used at once or not at all.
            preload: entry.assets.iter().filter(|file| file.ends_with(".woff2")).map(url).collect(),
            posters,
        }
    }

    /// The sculpture asleep, in a variant's light; `None` when there is no build.
    pub fn poster(&self, variant: &str) -> Option<Poster<'_>> {
        let of = |size| self.posters.get(&format!("poster-{variant}-lying-{size}")).map(String::as_str);
        Some(Poster { small: of("560")?, large: of("1120")? })
    }
}

/// The routes of the embedded files. They belong to the page and are no part of the documented API.
pub fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new()
        .route("/assets/{*path}", get(serve_file))
        .route("/favicon.svg", get(serve_file))
        .route("/apple-touch-icon.png", get(serve_file))
        .route("/open-graph.jpg", get(serve_file))
        .route("/models/{name}", get(serve_model))
}

/// Serves the embedded file whose path is the request's.
pub async fn serve_file(uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path().trim_start_matches('/');
    match Dist::get(path).filter(|_| is_public(path)) {
        Some(file) => answer(path, file, &headers),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// Serves a model by its own name, for whoever wants it apart from the page: a name that outlives its content, so it is
/// asked for again each time.
async fn serve_model(Path(name): Path<String>, headers: HeaderMap) -> Response {
    static MODELS: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
        let entries = Dist::get(".vite/manifest.json").and_then(|file| serde_json::from_slice(&file.data).ok());
        let entries: BTreeMap<String, ManifestEntry> = entries.unwrap_or_default();
        let named =
            |(source, entry): (String, ManifestEntry)| Some((source.strip_prefix("models/")?.into(), entry.file));
        entries.into_iter().filter_map(named).collect()
    });
    let Some(file) = MODELS.get(&name).and_then(|path| Dist::get(path)) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let mut response = answer(&MODELS[&name], file, &headers);
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
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
    // A part is a part of the file as it is stored, not of what a coding makes of it.
    let wanted = wanted(headers, etag(&plain.metadata.sha256_hash()).as_bytes(), plain.data.len() as u64);
    if wanted != Wanted::Whole {
        return answer_part(path, &plain, &wanted);
    }
    let (coding, file) = accepted(headers)
        .find_map(|coding| Dist::get(&format!("{path}.{}", coding.ending)).map(|file| (Some(coding.name), file)))
        .unwrap_or((None, plain));
    let etag = etag(&file.metadata.sha256_hash());

    let mut response = Response::new(Body::empty());
    let out = response.headers_mut();
    out.insert(ETAG, etag.clone());
    out.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
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

/// A part of the stored file, or a refusal that says how long it is.
fn answer_part(path: &str, file: &EmbeddedFile, wanted: &Wanted) -> Response {
    let length = file.data.len();
    let Wanted::Part(part) = wanted else {
        return (StatusCode::RANGE_NOT_SATISFIABLE, [(CONTENT_RANGE, format!("bytes */{length}"))]).into_response();
    };
    let bytes = file.data[*part.start() as usize..=*part.end() as usize].to_vec();
    let headers = [
        (CONTENT_TYPE, with_charset(file.metadata.mimetype().to_owned())),
        (CONTENT_RANGE, format!("bytes {}-{}/{length}", part.start(), part.end())),
        (ACCEPT_RANGES, "bytes".to_owned()),
        (CACHE_CONTROL, caching(path).to_owned()),
        (VARY, "accept-encoding".to_owned()),
    ];
    let tag = [(ETAG, etag(&file.metadata.sha256_hash()))];
    (StatusCode::PARTIAL_CONTENT, headers, tag, bytes).into_response()
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

/// How many files of the build a visitor loads before doing anything, and how many bytes they are on the wire; then the
/// same of what the sculpture brings along when it wakes.
#[cfg(test)]
pub(crate) fn everything_sent() -> [(usize, usize); 2] {
    let manifest = Dist::get(".vite/manifest.json").map(|file| file.data).unwrap_or_default();
    let entries: BTreeMap<String, ManifestEntry> = serde_json::from_slice(&manifest).unwrap_or_default();
    let Some(entry) = entries.values().find(|entry| entry.is_entry) else { return [(0, 0); 2] };
    // The other posters are names only, until they are needed.
    let own = entry.assets.iter().filter(|file| !file.contains("poster-"));
    let poster = Assets::embedded().poster("neon").map(|poster| poster.large.trim_start_matches('/').to_owned());
    let first: Vec<_> = own.chain(&entry.css).chain([&entry.file]).cloned().chain(poster).collect();
    let sky = |file: &String| !file.contains("sky-synthwave");
    let later = entries.get("src/stage/viewer.ts").into_iter().flat_map(|viewer| {
        viewer.assets.iter().filter(|file| sky(file)).chain([&viewer.file]).cloned().collect::<Vec<_>>()
    });
    [sum_of(first), sum_of(later.collect())]
}

#[cfg(test)]
fn sum_of(paths: Vec<String>) -> (usize, usize) {
    let bytes =
        |path: &String| Dist::get(&format!("{path}.br")).or_else(|| Dist::get(path)).map(|file| file.data.len());
    (paths.len(), paths.iter().map(|path| bytes(path).expect("the manifest names files that are there")).sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    const MANIFEST: &str = r#"{
        "../node_modules/a.woff2": { "file": "assets/cinzel-latin-700-normal-Ab.woff2", "src": "a.woff2" },
        "models/poster-neon-lying-560.webp": { "file": "assets/poster-a.webp" },
        "models/poster-neon-lying-1120.webp": { "file": "assets/poster-b.webp" },
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
        let poster = Poster { small: "/assets/poster-a.webp", large: "/assets/poster-b.webp" };
        assert_eq!((assets.poster("neon"), assets.poster("other")), (Some(poster), None));
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
