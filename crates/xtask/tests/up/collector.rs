//! A collector of spans, as small as can be: takes OTLP over HTTP and keeps the bodies.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// The collector; it listens as long as the test's process lives.
pub struct Collector {
    /// Where services send to.
    pub address: String,
    bodies: Arc<Mutex<Vec<u8>>>,
}

/// What is read of a span.
#[derive(Debug)]
pub struct Span {
    /// Its id.
    pub id: [u8; 8],
    /// The id of the span that asked for it.
    pub parent: [u8; 8],
}

impl Collector {
    /// Begins to listen.
    pub fn listen() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let bodies = Arc::<Mutex<Vec<u8>>>::default();
        let kept = Arc::clone(&bodies);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let kept = Arc::clone(&kept);
                std::thread::spawn(move || take(stream, &kept));
            }
        });
        Self { address, bodies }
    }

    /// The spans of a trace that have a parent. In the protocol's bytes a span begins with its trace (field 1, 16 bytes) and
    /// its id (field 2, 8 bytes), and its parent is field 4.
    pub fn spans_of(&self, trace: [u8; 16]) -> Vec<Span> {
        let bodies = self.bodies.lock().unwrap();
        let head = [&[0x0a, 0x10][..], &trace, &[0x12, 0x08]].concat();
        let starts = (0..bodies.len()).filter(|at| bodies[*at..].starts_with(&head));
        starts
            .filter_map(|at| {
                let rest = &bodies[at + head.len()..];
                let parent = rest[8..].windows(10).find(|window| window.starts_with(&[0x22, 0x08]))?;
                Some(Span { id: rest[..8].try_into().unwrap(), parent: parent[2..].try_into().unwrap() })
            })
            .collect()
    }
}

/// Takes requests until the connection ends.
fn take(stream: TcpStream, kept: &Mutex<Vec<u8>>) {
    let mut lines = BufReader::new(stream.try_clone().unwrap());
    let mut stream = stream;
    loop {
        let mut length = 0;
        let mut line = String::new();
        while lines.read_line(&mut line).is_ok_and(|read| read > 2) {
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            }
            line.clear();
        }
        let mut body = vec![0; length];
        if length == 0 || lines.read_exact(&mut body).is_err() {
            return;
        }
        kept.lock().unwrap().extend(body);
        let _ =
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nContent-Type: application/x-protobuf\r\n\r\n");
    }
}
