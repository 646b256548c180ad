//! Takes connections, and stops in three steps, so that whoever was let in is answered: the service says that it leaves
//! (`/health`) and still serves, as long as a balancer needs to notice; then it takes what waits at the door and closes it;
//! then everything that was begun is finished.
//!
//! `axum::serve` closes the door and ends connections in the same moment, which resets those that wait to be accepted, and
//! those that were accepted before their request arrived.

use std::io::{self, ErrorKind};
use std::iter;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use axum::{Extension, Router};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
#[cfg(target_os = "linux")]
use socket2::{SockFilter, SockRef};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, watch};
use tower::{Layer, Service};

use crate::seats::{Seat, Seats};

/// How long a caller may take over the head of a request, the quiet before it included.
const HEAD_PATIENCE: Duration = Duration::from_secs(75);
/// The longest head of a request, in bytes; a longer one is refused with 431.
const HEAD_BYTES: usize = 64 * 1024;
/// How long a connection that has not asked anything yet is waited for when the door is closed.
const FIRST_REQUEST: Duration = Duration::from_secs(3);
/// How often it is looked at then.
const GLANCE: Duration = Duration::from_millis(5);
/// How long a connection that is being made when the door closes is waited for: many times a way through a data centre.
const HANDSHAKE: Duration = Duration::from_millis(20);
/// The pause after the system refused another connection, for instance because too many files are open.
const BREATH: Duration = Duration::from_millis(250);

/// Serves until `closing` becomes true, and returns when everything that was begun by then is finished.
pub async fn serve(listener: TcpListener, router: Router, closing: watch::Receiver<bool>) {
    // Every connection holds a receiver, so that the sender knows when the last one is gone.
    let (all_gone, connected) = watch::channel(());
    let (door, seats) = (closing.clone(), Seats::default());
    let mut closed = pin!(closed(door));
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
            () = &mut closed => break,
        }
    }
    turn_new_ones_away(&listener);
    tokio::time::sleep(HANDSHAKE).await;
    for (stream, peer) in waiting(listener) {
        if let Some(seat) = seats.free_room().and_then(|room| seats.take(room, peer.ip())) {
            welcome(stream, (peer, seat), &router, &closing, &connected);
        }
    }
    drop(connected);
    all_gone.closed().await;
}

/// Returns when the door is to be closed.
async fn closed(mut closing: watch::Receiver<bool>) {
    _ = closing.wait_for(|closed| *closed).await;
}

/// Whoever comes next, once there is room.
async fn next(listener: &TcpListener, seats: &Seats) -> (OwnedSemaphorePermit, io::Result<(TcpStream, SocketAddr)>) {
    let room = seats.room().await;
    (room, listener.accept().await)
}

/// From now on, nobody new comes to the door: the kernel lets whoever asks for a connection ask again, a second later, when
/// the door is closed and says so. Closing it without this resets those who come in between the last look and the closing.
///
/// The filter is a program of five instructions over the TCP header: a segment with SYN and without ACK is dropped.
/// Without it (a system that does not know it), the door is closed as any other program does.
#[cfg(target_os = "linux")]
fn turn_new_ones_away(listener: &TcpListener) {
    const LOAD_BYTE: u16 = 0x30;
    const AND: u16 = 0x54;
    const JUMP_IF_EQUAL: u16 = 0x15;
    const RETURN: u16 = 0x06;
    const FLAGS: u32 = 13;
    const SYN: u32 = 0x02;
    const ACK: u32 = 0x10;
    let filter = [
        SockFilter::new(LOAD_BYTE, 0, 0, FLAGS),
        SockFilter::new(AND, 0, 0, SYN | ACK),
        SockFilter::new(JUMP_IF_EQUAL, 0, 1, SYN),
        SockFilter::new(RETURN, 0, 0, 0),
        SockFilter::new(RETURN, 0, 0, u32::MAX),
    ];
    if let Err(error) = SockRef::from(listener).attach_filter(&filter) {
        tracing::warn!(%error, "the last ones to connect may not be answered");
    }
}

#[cfg(not(target_os = "linux"))]
fn turn_new_ones_away(_: &TcpListener) {}

/// Those who have come and were not let in yet, before the door is closed.
fn waiting(listener: TcpListener) -> Vec<(TcpStream, SocketAddr)> {
    // Not by the runtime's listener: it answers from what it has heard of, which is not yet all that has come.
    let Ok(listener) = listener.into_std() else { return Vec::new() };
    iter::from_fn(|| Some(listener.accept()))
        // One who has gone meanwhile ends nobody else's turn.
        .filter(|accepted| !accepted.as_ref().is_err_and(is_the_callers))
        .map_while(Result::ok)
        .filter_map(|(stream, peer)| Some((of_the_runtime(stream).ok()?, peer)))
        .collect()
}

fn of_the_runtime(stream: std::net::TcpStream) -> io::Result<TcpStream> {
    stream.set_nonblocking(true)?;
    TcpStream::from_std(stream)
}

/// A connection that broke before it was accepted is nobody's concern; anything else may pass with time.
async fn rest_after(error: &io::Error) {
    if !is_the_callers(error) {
        tracing::error!(%error, "no connection can be taken at the moment");
        tokio::time::sleep(BREATH).await;
    }
}

/// Whether a connection could not be accepted because its caller has gone.
fn is_the_callers(error: &io::Error) -> bool {
    use ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

fn welcome(
    stream: TcpStream,
    (peer, seat): (SocketAddr, Seat),
    router: &Router,
    closing: &watch::Receiver<bool>,
    connected: &watch::Receiver<()>,
) {
    let (router, closing, connected) = (router.clone(), closing.clone(), connected.clone());
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
        tokio::select! {
            _ = connection.as_mut() => return,
            () = closed(closing) => {}
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

    /// How many doors are closed while callers come: not more, as each call leaves a port that rests for a minute.
    const DOORS: usize = 20;

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

    /// One call on a connection of its own; none, when nobody takes it.
    async fn call(address: SocketAddr) -> io::Result<Option<String>> {
        let mut connection = match TcpStream::connect(address).await {
            Err(error) if error.kind() == ErrorKind::ConnectionRefused => return Ok(None),
            connected => connected?,
        };
        connection.write_all(b"GET / HTTP/1.1\r\nhost: here\r\nconnection: close\r\n\r\n").await?;
        let mut answer = String::new();
        connection.read_to_string(&mut answer).await?;
        Ok(Some(answer))
    }

    async fn call_until_refused(address: SocketAddr) -> io::Result<()> {
        while let Some(answer) = call(address).await? {
            assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        }
        Ok(())
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn whoever_has_connected_is_answered_although_the_door_closes() {
        let doors: Vec<_> = (0..DOORS).map(|_| tokio::spawn(a_door_that_closes())).collect();
        for door in doors {
            door.await.unwrap();
        }
    }

    async fn a_door_that_closes() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (close, closing) = watch::channel(false);
        let router = Router::new().route("/", get(|| async { "here" }));
        let server = tokio::spawn(serve(listener, router, closing));
        let callers: Vec<_> = (0..8).map(|_| tokio::spawn(call_until_refused(address))).collect();
        // By the time that these are answered, the others are in the middle of theirs.
        for _ in 0..20 {
            call(address).await.unwrap().expect("the door is open");
        }
        close.send_replace(true);
        server.await.unwrap();
        for caller in callers {
            caller.await.unwrap().expect("a connection that was made is answered");
        }
    }
}
