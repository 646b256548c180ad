//! Visitors who come again and again, look at the page, send what they do until it is confirmed, and remember everything
//! that was promised to them.

use std::collections::{BTreeMap, HashSet};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::talk::{Call, ask, ask_any};

/// Visitors who come at once.
const AT_ONCE: usize = 12;
/// After how many visits a visitor stays away and another comes.
const VISITS: usize = 12;
/// How long a visitor looks at a page.
const LOOK: Duration = Duration::from_millis(100);
/// How long a visitor goes on sending what is not confirmed.
const INSISTENCE: Duration = Duration::from_secs(180);

/// What came of it.
#[derive(Default)]
pub struct Promises {
    /// Events that were confirmed.
    pub confirmed: Mutex<HashSet<String>>,
    /// The variants that visitors saw on pages that were not refused.
    pub seen: Mutex<BTreeMap<String, HashSet<String>>>,
    /// Pages that were whole.
    pub pages: AtomicU64,
    /// Answers other than 201 to events, and none at all; each was sent again.
    pub refusals: AtomicU64,
    /// What must not happen, in words.
    pub broken: Mutex<Vec<String>>,
    over: AtomicBool,
}

impl Promises {
    /// Notes what must not happen.
    pub fn broke(&self, words: String) {
        self.broken.lock().unwrap_or_else(PoisonError::into_inner).push(words);
    }
}

/// The visitors, until they are told to go.
pub struct Crowd {
    promises: Arc<Promises>,
    visitors: Vec<JoinHandle<()>>,
}

impl Crowd {
    /// Lets them in, at these copies of landing and of metrics.
    pub fn come(landing: &[SocketAddr], metrics: &[SocketAddr]) -> Self {
        let promises = Arc::new(Promises::default());
        let visitors = (0..AT_ONCE).map(|number| {
            let (promises, landing, metrics) = (Arc::clone(&promises), landing.to_vec(), metrics.to_vec());
            std::thread::spawn(move || {
                let mut turn = number;
                while !promises.over.load(Ordering::SeqCst) {
                    visit(&promises, &landing, &metrics, &mut turn);
                }
            })
        });
        Self { visitors: visitors.collect(), promises }
    }

    /// What was promised so far.
    pub fn promises(&self) -> &Promises {
        &self.promises
    }

    /// Ends when everybody has been told of everything they sent.
    pub fn leave(self) -> Arc<Promises> {
        self.promises.over.store(true, Ordering::SeqCst);
        for visitor in self.visitors {
            if visitor.join().is_err() {
                self.promises.broke("a visitor's thread has panicked".to_owned());
            }
        }
        self.promises
    }
}

/// One browser, with its cookies.
fn visit(promises: &Promises, landing: &[SocketAddr], metrics: &[SocketAddr], turn: &mut usize) {
    let mut jar = BTreeMap::<String, String>::new();
    for _ in 0..VISITS {
        if promises.over.load(Ordering::SeqCst) {
            return;
        }
        *turn += 1;
        std::thread::sleep(LOOK);
        let cookies = jar.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
        let call = Call { method: "GET", path: "/", cookies: cookies.clone(), body: String::new() };
        match ask_any(landing, *turn, &call) {
            Ok(reply) if reply.status == 200 && reply.body.trim_end().ends_with("</html>") => {
                promises.pages.fetch_add(1, Ordering::Relaxed);
                jar.extend(reply.cookies().map(|(name, value)| (name.to_owned(), value.to_owned())));
                let variant =
                    reply.body.split_once("<html lang=\"en\" class=\"").and_then(|(_, rest)| rest.split('"').next());
                let (Some(visitor), Some(variant)) = (jar.get("visitor_id"), variant) else {
                    promises.broke("a page names no visitor or no variant".to_owned());
                    continue;
                };
                let mut seen = promises.seen.lock().unwrap_or_else(PoisonError::into_inner);
                seen.entry(visitor.clone()).or_default().insert(variant.to_owned());
            }
            Ok(reply) => promises.broke(format!("a page request got {}", reply.status)),
            Err(error) => promises.broke(format!("a page request got no answer: {error:#}")),
        }
        let cookies = jar.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
        act(promises, (landing, metrics), *turn, cookies, jar.get("visitor_id").map_or("nobody", String::as_str));
    }
}

/// Sends two events by way of the page and one directly, under ids of their own, until they are confirmed.
fn act(
    promises: &Promises,
    (landing, metrics): (&[SocketAddr], &[SocketAddr]),
    turn: usize,
    cookies: String,
    visitor: &str,
) {
    let ids = [new_id(), new_id(), new_id()];
    let of_page = |id: &String| format!(r#"{{"id":"{id}","event_type":"click","event_name":"cta_primary"}}"#);
    let batch = format!("[{},{}]", of_page(&ids[0]), of_page(&ids[1]));
    insist(promises, landing, turn, &Call { method: "POST", path: "/api/collect", cookies, body: batch }, &ids[..2]);
    let body = format!(r#"{{"id":"{}","visitor_id":"{visitor}","event_type":"page_view"}}"#, ids[2]);
    let call = Call { method: "POST", path: "/api/events", cookies: String::new(), body };
    insist(promises, metrics, turn, &call, &ids[2..]);
}

fn insist(promises: &Promises, copies: &[SocketAddr], turn: usize, call: &Call<'_>, ids: &[String]) {
    let deadline = Instant::now() + INSISTENCE;
    for attempt in turn.. {
        match ask(copies[attempt % copies.len()], call) {
            Ok(reply) if reply.status == 201 => {
                let mut confirmed = promises.confirmed.lock().unwrap_or_else(PoisonError::into_inner);
                return confirmed.extend(ids.iter().cloned());
            }
            Ok(reply) if !matches!(reply.status, 429 | 502..=504) => {
                return promises.broke(format!("{} got {}: {}", call.path, reply.status, reply.body));
            }
            Ok(_) | Err(_) => _ = promises.refusals.fetch_add(1, Ordering::Relaxed),
        }
        if Instant::now() > deadline {
            return promises.broke(format!("{} takes nothing any more", call.path));
        }
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// A version 4 id, from the kernel's chance.
fn new_id() -> String {
    let text = std::fs::read_to_string("/proc/sys/kernel/random/uuid");
    text.map(|id| id.trim().to_owned()).unwrap_or_else(|_| from_urandom())
}

/// The same where there is no such file.
fn from_urandom() -> String {
    use std::io::Read;
    let mut bytes = [0_u8; 16];
    let read = std::fs::File::open("/dev/urandom").and_then(|mut file| file.read_exact(&mut bytes));
    read.expect("chance can be read");
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{}-{}-4{}-8{}-{}", &hex[..8], &hex[8..12], &hex[13..16], &hex[17..20], &hex[20..])
}
