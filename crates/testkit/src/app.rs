//! A service called directly, without a socket.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, BodyDataStream, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderMap, Method, Request, StatusCode};
use axum::response::Response;
use futures_util::StreamExt;
use pushnami_common::auth::{AdminAuth, AdminKey, Password};
use pushnami_common::clock::Clock;
use serde_json::Value;
use tokio::time::{Instant, timeout_at};
use tower::ServiceExt;

use crate::PASSWORD;

/// The admin's key as tests configure it.
pub fn admin_key(clock: &Clock) -> AdminKey {
    AdminKey::new(AdminAuth::Password(Password(PASSWORD.to_owned())), allowed_origins(), clock.clone())
}

/// The origins that tests allow.
pub fn allowed_origins() -> Vec<String> {
    vec!["http://localhost:3000".to_owned(), "http://localhost:3001".to_owned()]
}

/// A service under test. Calls go out as nobody, until [`TestApp::as_admin`].
#[derive(Clone, Debug)]
pub struct TestApp {
    router: Router,
    token: Option<String>,
}

/// What it answered.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status, as a number.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, whole.
    pub body: Vec<u8>,
}

/// A stream of server-sent events.
#[derive(Debug)]
pub struct Messages {
    body: BodyDataStream,
    text: String,
}

/// One of them; what it lacks is empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Where on the stream it stands.
    pub id: String,
    /// Its kind.
    pub event: String,
    /// What it says.
    pub data: String,
}

/// What must come comes long before this, on any machine.
const PATIENCE: Duration = Duration::from_secs(30);

impl TestApp {
    /// Calls this router.
    pub fn new(router: Router) -> Self {
        Self { router, token: None }
    }

    /// The same service, called by the admin from now on.
    pub async fn as_admin(&self, key: &AdminKey) -> Self {
        let session = key.open_session(PASSWORD).await.expect("the tests' password");
        Self { router: self.router.clone(), token: Some(session.token) }
    }

    /// The same service, called by nobody.
    pub fn as_nobody(&self) -> Self {
        Self { router: self.router.clone(), token: None }
    }

    /// GET.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, &[], Vec::new()).await
    }

    /// DELETE.
    pub async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, &[], Vec::new()).await
    }

    /// POST of JSON.
    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.post_bytes(path, "application/json", body.to_string().into_bytes()).await
    }

    /// PUT of JSON.
    pub async fn put(&self, path: &str, body: &Value) -> Answer {
        let json = [(CONTENT_TYPE.as_str(), "application/json")];
        self.send(Method::PUT, path, &json, body.to_string().into_bytes()).await
    }

    /// POST of anything.
    pub async fn post_bytes(&self, path: &str, content_type: &str, body: Vec<u8>) -> Answer {
        self.send(Method::POST, path, &[(CONTENT_TYPE.as_str(), content_type)], body).await
    }

    /// GET of a stream of server-sent events, which is read as it comes.
    pub async fn listen(&self, path: &str, headers: &[(&str, &str)]) -> Messages {
        let response = self.call(Method::GET, path, headers, Body::empty()).await;
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()[CONTENT_TYPE], "text/event-stream");
        Messages { body: response.into_body().into_data_stream(), text: String::new() }
    }

    /// Any request at all.
    pub async fn send(&self, method: Method, path: &str, headers: &[(&str, &str)], body: impl Into<Body>) -> Answer {
        let response = self.call(method, path, headers, body.into()).await;
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.expect("a whole body").to_vec();
        Answer { status: parts.status.as_u16(), headers: parts.headers, body }
    }

    async fn call(&self, method: Method, path: &str, headers: &[(&str, &str)], body: Body) -> Response {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(token) = &self.token {
            request = request.header(AUTHORIZATION, format!("Bearer {token}"));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut request = request.body(body).expect("a test writes a possible request");
        request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 50_000))));
        let Ok(response) = self.router.clone().oneshot(request).await;
        response
    }
}

impl Messages {
    /// The next message that says something; `None` at the end of the stream.
    ///
    /// # Panics
    /// When none comes within half a minute.
    pub async fn next(&mut self) -> Option<Message> {
        // Heartbeats say nothing, so they do not count as having come.
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some((block, rest)) = self.text.split_once("\n\n") {
                let message = Message::read(block);
                self.text = rest.to_owned();
                if !message.data.is_empty() || !message.id.is_empty() {
                    return Some(message);
                }
                continue;
            }
            let bytes = timeout_at(deadline, self.body.next()).await.expect("a message comes")?;
            self.text += std::str::from_utf8(&bytes.expect("the stream does not break")).expect("text");
        }
    }

    /// The next message of a kind; others are passed over.
    ///
    /// # Panics
    /// When the stream ends before, or none comes within half a minute.
    pub async fn next_of(&mut self, kind: &str) -> Message {
        loop {
            let message = self.next().await.expect("the stream goes on");
            if message.event == kind {
                return message;
            }
        }
    }
}

impl Message {
    fn read(block: &str) -> Self {
        let field = |name: &str| {
            let line = block.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
            line.unwrap_or_default().to_owned()
        };
        Self { id: field("id"), event: field("event"), data: field("data") }
    }

    /// What it says.
    ///
    /// # Panics
    /// When that is no JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.data).expect("JSON")
    }
}

impl Answer {
    /// The body as JSON.
    ///
    /// # Panics
    /// When it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error} in {}", self.text()))
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// A header as text; empty when absent.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("a header in ASCII"))
    }

    /// The JSON of an answer that must have this status.
    ///
    /// # Panics
    /// When it has another one, showing what it said.
    pub fn expect(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text());
        if self.body.is_empty() { Value::Null } else { self.json() }
    }

    /// The sentence and the pointers of a refusal, which must be a problem that repeats its status.
    ///
    /// # Panics
    /// When the answer is no such problem.
    pub fn refusal(&self, status: u16) -> (String, Vec<String>) {
        let problem = self.expect(status);
        assert_eq!(self.header("content-type"), "application/problem+json");
        assert_eq!(problem["status"], u64::from(status));
        assert_eq!(problem["title"], StatusCode::from_u16(status).unwrap().canonical_reason().unwrap());
        let errors = problem["errors"].as_array().cloned().unwrap_or_default();
        let pointers = errors.iter().map(|error| error["pointer"].as_str().expect("a pointer").to_owned()).collect();
        (problem["detail"].as_str().expect("a sentence").to_owned(), pointers)
    }
}
