//! How long a caller may take to send, and a service to answer.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::HttpBody;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use tokio::time::{Instant, Sleep, sleep_until, timeout};

use crate::error::ApiError;
use crate::limits::REFUSED;
use crate::serve::BODY_LIMIT;

/// How long a sender may be silent in the middle of a body.
const SILENCE: Duration = Duration::from_secs(30);
/// How long a body may take that fits into the usual limit.
const BODY: Duration = Duration::from_secs(60);
/// How long a larger one may take: 20 MB at a quarter of a megabit a second.
const LARGE_BODY: Duration = Duration::from_secs(660);
/// How long a service may take until it begins to answer. Waiting for news on purpose is much shorter.
const ANSWER: Duration = Duration::from_secs(60);

/// A sender who is too slow.
#[derive(Debug, thiserror::Error)]
#[error("the body came too slowly")]
pub struct TooSlow;

/// Whether this error, or what caused it, is [`TooSlow`].
pub fn is_too_slow(error: &(dyn std::error::Error + 'static)) -> bool {
    std::iter::successors(Some(error), |error| error.source()).any(|error| error.is::<TooSlow>())
}

/// How long this request may take until its answer begins.
pub fn of_request(request: &Request) -> Duration {
    let has_body = !request.body().is_end_stream();
    if has_body { ANSWER + of_body(request.body()) } else { ANSWER }
}

fn of_body(body: &impl HttpBody) -> Duration {
    if body.size_hint().upper().is_some_and(|bytes| bytes <= BODY_LIMIT as u64) { BODY } else { LARGE_BODY }
}

/// The answer, or 503 when it does not begin in time: whoever asked has long gone away then.
pub async fn in_time(patience: Duration, answer: impl Future<Output = Response>) -> Response {
    // A clock is set only for an answer that is not ready at once.
    timeout(patience, answer).await.unwrap_or_else(|_| {
        metrics::counter!(REFUSED, "reason" => "slow_answer").increment(1);
        let seconds = patience.as_secs();
        ApiError::unavailable("this takes too long at the moment", 5)
            .with_source(anyhow::anyhow!("no answer began within {seconds} s"))
            .into_response()
    })
}

/// Watches a body come in. A body that arrives with its head, as nearly all do, never sets a clock.
#[derive(Debug)]
pub struct Watch {
    whole: Duration,
    until: Option<Instant>,
    silence: Option<Pin<Box<Sleep>>>,
}

impl Watch {
    /// Watches this body from its beginning on.
    pub fn over(body: &impl HttpBody) -> Self {
        Self { whole: of_body(body), until: None, silence: None }
    }

    /// Something came.
    pub fn heard(&mut self) {
        self.silence = None;
    }

    /// Nothing came: ready when that has lasted too long.
    pub fn poll_silence(&mut self, context: &mut Context<'_>) -> Poll<TooSlow> {
        let silence = self.silence.get_or_insert_with(|| {
            let now = Instant::now();
            let until = *self.until.get_or_insert(now + self.whole);
            Box::pin(sleep_until(until.min(now + SILENCE)))
        });
        silence.as_mut().poll(context).map(|()| {
            metrics::counter!(REFUSED, "reason" => "slow_body").increment(1);
            TooSlow
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn an_answer_that_never_comes_is_503() {
        let response = in_time(ANSWER, std::future::pending()).await;
        assert_eq!(response.status(), 503);
        assert_eq!(response.headers()["retry-after"], "5");
    }
}
