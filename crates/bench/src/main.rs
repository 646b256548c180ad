//! What `cargo xtask bench` measures the services against: the least that the same web framework can do. One word, and
//! one page of the size of ours, both from memory, without a log, a counter or a check.
//!
//! `reference 127.0.0.1:4000` listens there until it is ended.

use anyhow::Context;
use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::get;
use tokio::net::TcpListener;

/// As large as the landing page of the earlier system, so that figures can be set beside the recorded ones.
const PAGE: [u8; 15_311] = [b'x'; 15_311];

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let address = std::env::args().nth(1).context("say where to listen, for instance 127.0.0.1:4000")?;
    let listener = TcpListener::bind(&address).await.with_context(|| format!("{address} cannot be listened on"))?;
    axum::serve(listener, routes()).await.context("the server has ended")
}

fn routes() -> Router {
    Router::new().route("/hello", get(async || "hello")).route("/page", get(page))
}

async fn page() -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/html; charset=utf-8")], &PAGE[..])
}
