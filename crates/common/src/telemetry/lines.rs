//! Where log lines go: to standard output, by a thread of their own. Whatever waits at one moment is written with one
//! call, so that a busy service does not spend its time on its log; a line that comes alone is written at once.

use std::io::{BufWriter, stdout};
use std::sync::OnceLock;

use tracing_appender::non_blocking::{ErrorCounter, NonBlocking, NonBlockingBuilder, WorkerGuard};

/// How many lines may wait. When nobody reads the log any more, further lines are dropped and counted: a service that
/// serves without a log is better than one that waits for it.
const WAITING_LINES: usize = 8192;
/// How many bytes are written with one call at most.
const WRITTEN_AT_ONCE: usize = 64 * 1024;

const DROPPED: &str = "pushnami_log_lines_dropped_total";

/// Counts what was dropped, once there is a log.
static DROPPED_LINES: OnceLock<ErrorCounter> = OnceLock::new();

/// Writes the lines that still wait when it is dropped.
#[derive(Debug)]
pub struct Lines(#[expect(dead_code, reason = "held for what it does when it is dropped")] WorkerGuard);

/// A way to standard output, and what must be held for as long as it is used.
pub(super) fn to_standard_output() -> (NonBlocking, Lines) {
    let output = BufWriter::with_capacity(WRITTEN_AT_ONCE, stdout());
    let (writer, guard) =
        NonBlockingBuilder::default().buffered_lines_limit(WAITING_LINES).lossy(true).thread_name("log").finish(output);
    let _ = DROPPED_LINES.set(writer.error_counter());
    (writer, Lines(guard))
}

pub(super) fn describe() {
    metrics::describe_counter!(DROPPED, "Log lines that nobody took in time.");
    count_dropped();
}

/// Brings the counter up to date.
pub(super) fn count_dropped() {
    let dropped = DROPPED_LINES.get().map_or(0, ErrorCounter::dropped_lines);
    metrics::counter!(DROPPED).absolute(dropped as u64);
}
