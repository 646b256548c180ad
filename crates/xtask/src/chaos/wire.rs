//! A wire between two parts that can be cut: a port of its own, behind which the other part is. Cut, it ends every
//! connection and takes no more; silent, it keeps them and lets nothing through, as a network does that loses packets.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

const WHOLE: u8 = 0;
const SILENT: u8 = 1;
const CUT: u8 = 2;

/// How often a silent wire looks whether it may speak again.
const GLANCE: Duration = Duration::from_millis(10);

/// The wire; it exists as long as the process.
#[derive(Clone)]
pub struct Wire(Arc<Inner>);

struct Inner {
    port: u16,
    /// The copies of what is behind it, which take turns.
    behind: Vec<SocketAddr>,
    next: AtomicUsize,
    state: AtomicU8,
    open: Mutex<Vec<TcpStream>>,
}

impl Wire {
    /// Lays a wire to these.
    ///
    /// # Errors
    /// When no port is to be had.
    pub fn to(behind: Vec<SocketAddr>) -> anyhow::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let port = listener.local_addr()?.port();
        let (next, state, open) = (AtomicUsize::new(0), AtomicU8::new(WHOLE), Mutex::default());
        let wire = Self(Arc::new(Inner { port, behind, next, state, open }));
        let taker = wire.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let wire = taker.clone();
                std::thread::spawn(move || wire.connect(&stream));
            }
        });
        Ok(wire)
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.0.port
    }

    /// Ends all connections, and takes none from now on.
    pub fn cut(&self) {
        self.0.state.store(CUT, Ordering::SeqCst);
        for stream in self.0.open.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }

    /// Lets nothing through from now on.
    pub fn silence(&self) {
        self.0.state.store(SILENT, Ordering::SeqCst);
    }

    /// Is whole again.
    pub fn mend(&self) {
        self.0.state.store(WHOLE, Ordering::SeqCst);
    }

    fn connect(&self, near: &TcpStream) {
        self.wait_while_silent();
        let state = self.0.state.load(Ordering::SeqCst);
        let far = (state == WHOLE).then(|| self.reach()).flatten();
        let Some(far) = far else { return drop(near.shutdown(Shutdown::Both)) };
        let (Ok(near), Ok(far)) = (near.try_clone(), far.try_clone()) else { return };
        let ends = [near.try_clone(), far.try_clone()];
        {
            let mut open = self.0.open.lock().unwrap_or_else(PoisonError::into_inner);
            // Those that have ended are let go of now and then.
            open.retain(|stream| stream.peer_addr().is_ok());
            open.extend(ends.into_iter().flatten());
        }
        let (Ok(from_near), Ok(to_near)) = (near.try_clone(), near.try_clone()) else { return };
        let (Ok(from_far), Ok(to_far)) = (far.try_clone(), far.try_clone()) else { return };
        let other = self.clone();
        let back = std::thread::spawn(move || other.pass(from_far, to_near));
        self.pass(from_near, to_far);
        let _ = back.join();
    }

    /// A copy that takes a connection.
    fn reach(&self) -> Option<TcpStream> {
        let first = self.0.next.fetch_add(1, Ordering::Relaxed);
        let turns = (0..self.0.behind.len()).map(|turn| self.0.behind[(first + turn) % self.0.behind.len()]);
        turns.into_iter().find_map(|address| TcpStream::connect_timeout(&address, Duration::from_secs(1)).ok())
    }

    fn pass(&self, mut from: TcpStream, mut to: TcpStream) {
        let mut bytes = vec![0; 16 * 1024];
        while let Ok(length @ 1..) = from.read(&mut bytes) {
            self.wait_while_silent();
            if to.write_all(&bytes[..length]).is_err() {
                break;
            }
        }
        let _ = to.shutdown(Shutdown::Write);
    }

    fn wait_while_silent(&self) {
        while self.0.state.load(Ordering::SeqCst) == SILENT {
            std::thread::sleep(GLANCE);
        }
    }
}
