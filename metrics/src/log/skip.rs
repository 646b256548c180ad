//! Deep pages. Whoever skips a hundred thousand events does not want them read one by one: the rollups know how many
//! events each hour holds, so whole hours are stepped over, and only what is left within one hour is read.

use std::collections::HashMap;

use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};

use super::model::{LogFilter, Position};
use super::store;
use crate::rollups::model::hour_of;
use crate::rollups::store::read_state;

/// From how many skipped events on it pays to ask the rollups.
pub const DEEP: i64 = 1000;
/// How many hours are looked at first; each further look is at as many as the rest should take, by what was seen.
const FIRST_LOOK: i64 = 24;

/// Where a page begins, and how many events are still to be skipped from there.
#[derive(Clone, Copy, Debug)]
pub struct Start {
    /// The page is below this.
    pub below: Option<Position>,
    /// How many events of it are skipped.
    pub offset: i64,
}

/// Steps over whole hours, as far as `offset` events reach. To be asked within the snapshot that reads the page.
///
/// # Errors
/// When the database fails.
pub async fn step_over_hours(
    db: &mut PgConnection,
    filter: &LogFilter,
    below: Option<Position>,
    offset: i64,
) -> sqlx::Result<Start> {
    let state = read_state(db).await?;
    let tail = store::count_tail(db, filter, state.watermark).await?;
    let Some((first, last)) = hours_with_events(db, &tail).await? else { return Ok(Start { below, offset }) };
    // Of hours that retention has begun to empty, the counts say nothing about what is still there.
    let floor =
        [Some(first), state.kept_from, filter.from.map(hour_after)].into_iter().flatten().max().unwrap_or(first);
    let mut start = Start { below, offset };
    let mut edge = last + Duration::HOUR;
    if let Some(position) = below.filter(|position| position.created_at < edge) {
        // The part of the hour in which the page before ended.
        edge = hour_of(position.created_at);
        let part = store::count_from(db, filter, edge.max(floor), position).await?;
        if edge < floor || part > offset {
            return Ok(start);
        }
        start = Start { below: Some(before(edge)), offset: offset - part };
    }
    let mut look = FIRST_LOOK;
    while edge > floor {
        let from = (edge - Duration::hours(look)).max(floor);
        let counted = store::count_hours(db, filter, from, edge).await?;
        let mut hour = edge;
        let mut seen = 0;
        while hour > from {
            hour -= Duration::HOUR;
            let events = [&counted, &tail].iter().filter_map(|counts| counts.get(&hour)).sum::<i64>();
            if events > start.offset {
                return Ok(start);
            }
            seen += events;
            start = Start { below: Some(before(hour)), offset: start.offset - events };
        }
        edge = from;
        // Where nothing was seen there may be a long gap.
        look = if seen == 0 { look * 4 } else { (start.offset.saturating_mul(look) / seen).min(look * 16) + 2 };
    }
    Ok(start)
}

/// The first and the last hour that events were counted in.
async fn hours_with_events(
    db: &mut PgConnection,
    tail: &HashMap<OffsetDateTime, i64>,
) -> sqlx::Result<Option<(OffsetDateTime, OffsetDateTime)>> {
    let counted = store::find_ends(db).await?;
    let hours = tail.keys().copied().chain(counted.into_iter().flat_map(|(first, last)| [first, last]));
    Ok(hours.fold(None, |ends: Option<(OffsetDateTime, OffsetDateTime)>, hour| match ends {
        None => Some((hour, hour)),
        Some((first, last)) => Some((first.min(hour), last.max(hour))),
    }))
}

/// The first whole hour that begins at a moment or after it.
fn hour_after(moment: OffsetDateTime) -> OffsetDateTime {
    let hour = hour_of(moment);
    if hour == moment { hour } else { hour + Duration::HOUR }
}

/// Below everything of a moment.
fn before(moment: OffsetDateTime) -> Position {
    Position { created_at: moment, seq: i64::MIN }
}
