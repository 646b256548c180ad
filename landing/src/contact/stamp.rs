//! When a form was drawn, sealed into the form itself: so nothing has to be remembered to know how long somebody took.
//!
//! A program that fetches the page and posts at once is refused, and so is one that never fetched it. A stamp may be used
//! again, because people correct themselves; a program that waits and uses one for many letters meets metrics' limit.

use pushnami_common::auth::AdminKey;
use pushnami_common::auth::seal::Purpose;
use time::{Duration, OffsetDateTime};

/// The least time between drawing a form and posting it. Even a browser that fills everything by itself leaves a person
/// this long to find the button at the end of the page; the page's script waits for the rest of it by itself.
pub const LEAST: Duration = Duration::seconds(2);

/// What a stamp says about whoever posts it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// They took their time.
    Human,
    /// The form was drawn just now; the same stamp will do in a moment.
    TooQuick,
    /// We did not make this stamp, or with another password, or the clock was set back.
    Unknown,
}

/// A stamp for a form that is drawn now.
pub async fn stamp(admin: &AdminKey, now: OffsetDateTime) -> String {
    let moment = now.unix_timestamp_nanos() / 1_000_000;
    admin.seal(Purpose::ContactForm, &moment.to_string()).await
}

/// Reads a stamp that was posted now.
pub async fn pace(admin: &AdminKey, stamp: &str, now: OffsetDateTime) -> Pace {
    let claim = admin.unseal(Purpose::ContactForm, stamp).await;
    let drawn = claim.and_then(|millis| millis.parse::<i64>().ok());
    let drawn = drawn.and_then(|millis| OffsetDateTime::from_unix_timestamp_nanos(i128::from(millis) * 1_000_000).ok());
    match drawn.map(|drawn| now - drawn) {
        Some(took) if took >= LEAST => Pace::Human,
        // One millisecond is what the stamp's rounding leaves.
        Some(took) if took >= Duration::milliseconds(-1) => Pace::TooQuick,
        _ => Pace::Unknown,
    }
}
