//! Counts SQL statements, so that an N+1 is a failing test and not a surprise.

use std::cell::Cell;
use std::future::Future;
use std::sync::OnceLock;

use tracing::{Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::{Context, SubscriberExt};

tokio::task_local! {
    /// Statements of the future that is being counted.
    static STATEMENTS: Cell<usize>;
}

/// Listens for all tests of the process at once: listeners that come and go with each test would race for what
/// `tracing` remembers about who wants to hear what.
struct Listener;

impl<S: Subscriber> Layer<S> for Listener {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() == "sqlx::query" {
            // Outside a counted future there is nothing to count.
            let _ = STATEMENTS.try_with(|count| count.set(count.get() + 1));
        }
    }
}

/// What the future answers, and how many statements it sent (those it runs itself; not those of tasks it starts).
///
/// # Panics
/// When the test has set a global tracing subscriber of its own.
pub async fn count_statements<T>(work: impl Future<Output = T>) -> (T, usize) {
    static LISTENING: OnceLock<()> = OnceLock::new();
    LISTENING.get_or_init(|| {
        tracing::subscriber::set_global_default(tracing_subscriber::registry().with(Listener))
            .expect("no other global subscriber in a test");
    });
    let counted = async {
        let answer = work.await;
        (answer, STATEMENTS.with(Cell::get))
    };
    STATEMENTS.scope(Cell::new(0), counted).await
}
