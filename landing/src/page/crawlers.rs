//! What search engines and link previews are told: where the page stands, what they may read, and how a link to it looks.

use axum::Router;
use axum::extract::{FromRef, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use pushnami_common::config::{ConfigError, Env};

/// The page's address as the world knows it, without a trailing slash. Link previews need it whole; the process itself
/// only knows a port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl(String);

impl PublicUrl {
    /// Reads `PUBLIC_URL`; by default the page is at home on this machine.
    ///
    /// # Errors
    /// When it holds no http address, or one that could not stand in a sitemap as it is.
    pub fn read(env: &Env) -> Result<Self, ConfigError> {
        let default = format!("http://localhost:{}", env.port("LANDING_PORT", 3000)?);
        let url = env.url("PUBLIC_URL", &default)?;
        if url.contains(['<', '>', '&', '"', '\'', '?', '#']) {
            return Err(ConfigError(format!(
                "PUBLIC_URL is `{url}`; it may hold an address such as https://www.example.org, without a query"
            )));
        }
        Ok(Self(url))
    }

    /// The address of something on this site.
    pub fn of(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }
}

impl Default for PublicUrl {
    fn default() -> Self {
        Self("http://localhost:3000".to_owned())
    }
}

/// The routes for crawlers. They belong to the page and are no part of the documented API.
pub fn routes<S>() -> Router<S>
where
    S: Clone + Send + Sync + 'static,
    PublicUrl: FromRef<S>,
{
    Router::new().route("/robots.txt", get(show_robots)).route("/sitemap.xml", get(show_sitemap))
}

/// The page is for everybody; its API and the music are not pages.
async fn show_robots(State(public_url): State<PublicUrl>) -> Response {
    let rules = "User-agent: *\nDisallow: /api/\nDisallow: /music/\n";
    let sitemap = public_url.of("/sitemap.xml");
    answer("text/plain; charset=utf-8", format!("{rules}\nSitemap: {sitemap}\n"))
}

/// One page, whichever of its looks a visitor meets.
async fn show_sitemap(State(public_url): State<PublicUrl>) -> Response {
    let page = public_url.of("/");
    answer(
        "application/xml; charset=utf-8",
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n  <url><loc>{page}</loc></url>\n</urlset>\n"
        ),
    )
}

fn answer(content_type: &'static str, body: String) -> Response {
    ([(CONTENT_TYPE, content_type), (CACHE_CONTROL, "public, max-age=86400")], body).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_the_configured_one_or_this_machine() {
        let read = |variables: &[(&str, &str)]| PublicUrl::read(&Env::of(variables));
        assert_eq!(read(&[("LANDING_PORT", "42")]).unwrap().of("/"), "http://localhost:42/");
        assert_eq!(read(&[("PUBLIC_URL", "https://www.example.org/")]).unwrap().of("/a"), "https://www.example.org/a");
        for wrong in ["example.org", "https://", "https://example.org/?a=b", "https://example.org/<b>"] {
            assert!(read(&[("PUBLIC_URL", wrong)]).unwrap_err().0.contains("PUBLIC_URL"), "{wrong}");
        }
    }
}
