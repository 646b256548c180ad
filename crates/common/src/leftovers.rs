//! What a client still sends when its answer is already known: the rest of the body is read and thrown away first.
//! A client that is cut off while it sends never sees why it was refused, and a proxy in front turns that into a 502.
//! Whoever sends too slowly is not listened to for ever.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::http::header::EXPECT;
use axum::response::Response;
use http_body::{Frame, SizeHint};
use tokio::sync::oneshot;
use tokio::time::timeout;

use crate::patience::Watch;

/// How much is thrown away at most, in bytes. More than any proxy of ours lets through.
const LIMIT: usize = 32 * 1024 * 1024;
/// How long a slow sender is listened to at most.
const PATIENCE: Duration = Duration::from_secs(10);

/// Lets the service answer, then reads what it left of the body.
pub async fn read_leftovers(request: Request, answer: impl AsyncFnOnce(Request) -> Response) -> Response {
    if request.body().is_end_stream() {
        return answer(request).await;
    }
    let waits = request.headers().contains_key(EXPECT);
    let (back, mut returned) = oneshot::channel();
    let request = request.map(|body| {
        let watch = Watch::over(&body);
        Body::new(Lent { body: Some(body), is_begun: false, watch, back: Some(back) })
    });
    let response = answer(request).await;
    // A service that still holds the body reads it itself.
    if let Ok((rest, is_begun)) = returned.try_recv() {
        // A client that asked whether it should send has sent nothing yet, unless somebody began to read.
        if is_begun || !waits {
            // Whoever takes longer is cut off, as every sender was before.
            let _ = timeout(PATIENCE, throw_away(rest)).await;
        }
    }
    response
}

async fn throw_away(mut rest: Body) {
    let mut read = 0;
    while read < LIMIT && !rest.is_end_stream() {
        match std::future::poll_fn(|context| Pin::new(&mut rest).poll_frame(context)).await {
            Some(Ok(frame)) => read += frame.data_ref().map_or(0, Bytes::len),
            Some(Err(_)) | None => return,
        }
    }
}

/// A body that comes back when the service lets go of it.
struct Lent {
    body: Option<Body>,
    is_begun: bool,
    watch: Watch,
    back: Option<oneshot::Sender<(Body, bool)>>,
}

impl HttpBody for Lent {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        self.is_begun = true;
        let Lent { body: Some(body), watch, .. } = &mut *self else { return Poll::Ready(None) };
        let polled = Pin::new(body).poll_frame(context);
        match polled {
            Poll::Ready(_) => {
                watch.heard();
                polled
            }
            Poll::Pending => watch.poll_silence(context).map(|error| Some(Err(axum::Error::new(error)))),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(HttpBody::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.body.as_ref().map(HttpBody::size_hint).unwrap_or_default()
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        if let (Some(body), Some(back)) = (self.body.take(), self.back.take()) {
            // Nobody waits for it any more when the client is gone.
            let _ = back.send((body, self.is_begun));
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;
    use axum::middleware::Next;
    use axum::routing::post;
    use axum::{Router, middleware};
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::{TcpListener, TcpStream};

    use super::*;
    use crate::error::ApiError;
    use crate::extract::BeaconJson;

    #[derive(serde::Deserialize, garde::Validate)]
    struct Anything {}

    /// More than the buffers between two sockets hold.
    const LARGE: usize = 24 * 1024 * 1024;

    /// A service that refuses every body unread, and a connection to it.
    async fn connect() -> TcpStream {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let routes =
            Router::new().route("/", post(|_: Request| async { StatusCode::UNAUTHORIZED })).layer(middleware::from_fn(
                |request: Request, next: Next| read_leftovers(request, async |request| next.run(request).await),
            ));
        tokio::spawn(async { axum::serve(listener, routes).await });
        TcpStream::connect(address).await.unwrap()
    }

    async fn status_line(connection: &mut TcpStream) -> String {
        let mut answer = vec![0; 32];
        connection.read_exact(&mut answer).await.unwrap();
        String::from_utf8(answer).unwrap().lines().next().unwrap().to_owned()
    }

    #[tokio::test]
    async fn whoever_sends_to_the_end_reads_why_it_was_refused() {
        let mut connection = connect().await;
        let head = format!("POST / HTTP/1.1\r\nhost: here\r\ncontent-length: {LARGE}\r\n\r\n");
        connection.write_all(head.as_bytes()).await.unwrap();
        connection.write_all(&vec![b'x'; LARGE]).await.unwrap();
        assert_eq!(status_line(&mut connection).await, "HTTP/1.1 401 Unauthorized");
    }

    #[tokio::test]
    async fn who_stops_in_the_middle_is_not_waited_for_for_ever() {
        let read = |body: Result<BeaconJson<Anything>, ApiError>| async move { body.map(|_| ()) };
        let routes = Router::new().route("/", post(read)).layer(middleware::from_fn(|request: Request, next: Next| {
            read_leftovers(request, async |request| next.run(request).await)
        }));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut connection = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        tokio::spawn(async { axum::serve(listener, routes).await });
        connection.write_all(b"POST / HTTP/1.1\r\nhost: here\r\ncontent-length: 100\r\n\r\n{").await.unwrap();
        // From here on, time passes by itself as soon as everybody waits.
        tokio::time::pause();
        assert_eq!(status_line(&mut connection).await, "HTTP/1.1 408 Request Timeout");
    }

    #[tokio::test]
    async fn whoever_asks_first_is_refused_without_sending() {
        let mut connection = connect().await;
        let head = format!("POST / HTTP/1.1\r\nhost: here\r\nexpect: 100-continue\r\ncontent-length: {LARGE}\r\n\r\n");
        connection.write_all(head.as_bytes()).await.unwrap();
        assert_eq!(status_line(&mut connection).await, "HTTP/1.1 401 Unauthorized");
    }
}
