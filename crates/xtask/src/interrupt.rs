//! Ctrl-C, SIGTERM and SIGHUP: the first asks for an orderly stop, the second for a quick one.

use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};

static REQUESTS: AtomicUsize = AtomicUsize::new(0);

/// Somebody asked for a stop while work was going on.
#[derive(Debug)]
pub struct Interrupted;

impl fmt::Display for Interrupted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("stopped before it was done")
    }
}

impl std::error::Error for Interrupted {}

/// From now on the signals are counted instead of ending the process.
///
/// # Errors
/// When the operating system refuses a handler.
pub fn listen() -> anyhow::Result<()> {
    Ok(ctrlc::set_handler(|| {
        REQUESTS.fetch_add(1, Ordering::SeqCst);
    })?)
}

/// Whether somebody asked for a stop.
pub fn requested() -> bool {
    REQUESTS.load(Ordering::SeqCst) > 0
}

/// Whether somebody has lost patience with the orderly stop.
pub fn insisted() -> bool {
    REQUESTS.load(Ordering::SeqCst) > 1
}

/// Passes unless somebody asked for a stop.
///
/// # Errors
/// With [`Interrupted`] when so.
pub fn check() -> anyhow::Result<()> {
    if requested() { Err(Interrupted.into()) } else { Ok(()) }
}
