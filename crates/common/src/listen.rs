//! Takes connections, and stops in three steps, so that whoever was let in is answered: the service says that it leaves
//! (`/health`) and still serves, as long as a balancer needs to notice; then it takes what waits at the door and closes it;
//! then everything that was begun is finished.
//!
//! `axum::serve` closes the door and ends connections in the same moment, which resets those that wait to be accepted, and
//! those that were accepted before their request arrived.

use std::future::poll_fn;
use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;
use std::time::Duration;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use axum::{Extension, Router};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, watch};
use tower::{Layer, Service};

use crate::seats::{Seat, Seats};

/// How long a caller may take over the head of a request, the quiet before it included.
const HEAD_PATIENCE: Duration = Duration::from_secs(75);
/// The longest head of a request, in bytes; a longer one is refused with 431.
const HEAD_BYTES: usize = 64 * 1024;
/// How long a connection that has not asked anything yet is waited for when the door is closed.
const FIRST_REQUEST: Duration = Duration::from_secs(1);
/// How often it is looked at then.
const GLANCE: Duration = Duration::from_millis(5);
/// The pause after the system refused another connection, for instance because too many files are open.
const BREATH: Duration = Duration::from_millis(250);

/// Serves until `closing` becomes true, and returns when everything that was begun by then is finished.
pub async fn serve(mut listener: TcpListener, router: Router, closing: watch::Receiver<bool>) {
    // Every connection holds a receiver, so that the sender knows when the last one is gone.
    let (all_gone, connected) = watch::channel(());
    let (mut door, seats) = (closing.clone(), Seats::default());
    loop {
        tokio::select! {
            (room, accepted) = next(&listener, &seats) => match accepted {
                Ok((stream, peer)) => {
                    // Without a seat, the connection is closed.
                    if let Some(seat) = seats.take(room, peer.ip()) {
                        welcome(stream, (peer, seat), &router, &closing, &connected);
                    }
                }
                Err(error) => rest_after(&error).await,
            },
            _ = door.wait_for(|closed| *closed) => break,
        }
    }
    while let Some(Ok((stream, peer))) = accept_waiting(&mut listener).await {
        if let Some(seat) = seats.free_room().and_then(|room| seats.take(room, peer.ip())) {
            welcome(stream, (peer, seat), &router, &closing, &connected);
        }
    }
    drop((listener, connected));
    all_gone.closed().await;
}

/// Whoever comes next, once there is room.
async fn next(listener: &TcpListener, seats: &Seats) -> (OwnedSemaphorePermit, io::Result<(TcpStream, SocketAddr)>) {
    let room = seats.room().await;
    (room, listener.accept().await)
}

/// One who has come but was not let in yet, if there is one.
async fn accept_waiting(listener: &mut TcpListener) -> Option<io::Result<(TcpStream, SocketAddr)>> {
    // Waiting would be for ever: the answer is needed now.
    poll_fn(|context| match listener.poll_accept(context) {
        Poll::Ready(accepted) => Poll::Ready(Some(accepted)),
        Poll::Pending => Poll::Ready(None),
    })
    .await
}

/// A connection that broke before it was accepted is nobody's concern; anything else may pass with time.
async fn rest_after(error: &io::Error) {
    use ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    if !matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset) {
        tracing::error!(%error, "no connection can be taken at the moment");
        tokio::time::sleep(BREATH).await;
    }
}

fn welcome(
    stream: TcpStream,
    (peer, seat): (SocketAddr, Seat),
    router: &Router,
    closing: &watch::Receiver<bool>,
    connected: &watch::Receiver<()>,
) {
    let (router, mut closing, connected) = (router.clone(), closing.clone(), connected.clone());
    let asked = Arc::new(AtomicBool::new(false));
    let service = Extension(ConnectInfo(peer)).layer(router);
    let has_asked = Arc::clone(&asked);
    let service = service_fn(move |request: Request<Incoming>| {
        has_asked.store(true, Ordering::Relaxed);
        service_call(&mut service.clone(), request)
    });
    tokio::spawn(async move {
        let _seat = seat;
        let mut builder = http1::Builder::new();
        builder.timer(TokioTimer::new()).header_read_timeout(HEAD_PATIENCE).max_buf_size(HEAD_BYTES);
        let mut connection = pin!(builder.serve_connection(TokioIo::new(stream), service));
        // How a connection breaks is its caller's concern; what went wrong with us is in the log already.
        let is_closing = async { _ = closing.wait_for(|closed| *closed).await };
        tokio::select! {
            _ = connection.as_mut() => return,
            () = is_closing => {}
        }
        tokio::select! {
            _ = connection.as_mut() => return,
            () = first_request(&asked) => {}
        }
        connection.as_mut().graceful_shutdown();
        _ = connection.await;
        drop(connected);
    });
}

/// Waits for a connection's first request, if there has been none, but not for long: some are opened and never used.
async fn first_request(asked: &AtomicBool) {
    let come = async {
        while !asked.load(Ordering::Relaxed) {
            tokio::time::sleep(GLANCE).await;
        }
    };
    _ = tokio::time::timeout(FIRST_REQUEST, come).await;
}

/// Hands the request to the routes, which are always ready.
fn service_call<S>(service: &mut S, request: Request<Incoming>) -> S::Future
where
    S: Service<Request<Body>>,
{
    service.call(request.map(Body::new))
}

#[cfg(test)]
mod tests {
    use axum::routing::get;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    #[tokio::test]
    async fn a_head_without_end_is_refused() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut connection = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (_open, closing) = watch::channel(false);
        let ask = async {
            let head = format!("GET / HTTP/1.1\r\nhost: here\r\nx-long: {}", "x".repeat(HEAD_BYTES));
            connection.write_all(head.as_bytes()).await.unwrap();
            let mut answer = vec![0; 12];
            connection.read_exact(&mut answer).await.unwrap();
            assert_eq!(String::from_utf8(answer).unwrap(), "HTTP/1.1 431");
        };
        tokio::select! {
            () = serve(listener, Router::new().route("/", get(|| async { "here" })), closing) => panic!("it closed"),
            () = ask => {}
        }
    }
}
