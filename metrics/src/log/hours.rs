//! In which hours a page of the log is to be looked for. The rollups know how many events of each kind every hour holds:
//! so a deep page steps over whole hours in place of reading what it skips, and a rare kind of event is looked for only
//! where there is one, without an index of its own that every event would have to be entered in.

use std::collections::HashMap;
use std::ops::Range;

use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};

use super::model::{LogFilter, Position};
use super::store;
use crate::rollups::model::hour_of;
use crate::rollups::store::read_state;

/// How many hours are looked at first; each further look is at as many as the rest should take, by what was seen.
const FIRST_LOOK: i64 = 24;
/// How many times as many hours the next look may be at.
const WIDER: i64 = 16;

/// Where a page is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// Ranges of time, newest first, that hold the page and what is skipped before it; without a start: everything before
    /// the end.
    pub ranges: Vec<(Option<OffsetDateTime>, OffsetDateTime)>,
    /// How many events of these ranges are skipped.
    pub offset: i64,
}

/// Looks for `limit` events behind the first `offset` ones. To be asked within the snapshot that reads the page.
///
/// # Errors
/// When the database fails.
pub async fn find_place(
    db: &mut PgConnection,
    filter: &LogFilter,
    below: Option<Position>,
    limit: i64,
    offset: i64,
) -> sqlx::Result<Place> {
    let state = read_state(db).await?;
    let tail = store::count_tail(db, filter, state.watermark).await?;
    let Some((first, last)) = hours_with_events(db, &tail).await? else { return Ok(Place::default()) };
    // Of hours that retention has begun to empty, the counts say nothing about what is still there.
    let floor = first.max(state.kept_from.unwrap_or(first)).max(filter.from.map_or(first, hour_of));
    let mut search = Search { place: Place { ranges: Vec::new(), offset }, wanted: limit };
    let mut edge = last + Duration::HOUR;
    if let Some(position) = below.filter(|position| position.created_at < edge) {
        // The part of an hour above the position. An event of the very moment may still be below it.
        edge = hour_of(position.created_at);
        if edge >= floor {
            let part = store::count_from(db, filter, edge, position).await?;
            search.take(edge..edge + Duration::HOUR, part);
        }
    }
    let mut look = FIRST_LOOK;
    while edge > floor && search.wanted > 0 {
        let from = (edge - Duration::hours(look)).max(floor);
        let counted = store::count_hours(db, filter, from, edge).await?;
        let mut seen = 0;
        while edge > from {
            edge -= Duration::HOUR;
            let events = [&counted, &tail].iter().filter_map(|counts| counts.get(&edge)).sum::<i64>();
            seen += events;
            search.take(edge..edge + Duration::HOUR, events);
        }
        let left = search.place.offset.saturating_add(search.wanted.max(0));
        // Where nothing was seen there may be a long gap.
        look = if seen == 0 { look * WIDER } else { (left.saturating_mul(look) / seen).min(look * WIDER) + 2 };
    }
    if search.wanted > 0 && state.kept_from.is_some_and(|kept_from| kept_from == floor) {
        search.place.ranges.push((None, floor.min(edge + Duration::HOUR)));
    }
    Ok(search.place)
}

/// How far a search is.
struct Search {
    place: Place,
    /// How many events are still to be found behind what is skipped.
    wanted: i64,
}

impl Search {
    /// Takes the events of a range into the page, or steps over them.
    fn take(&mut self, range: Range<OffsetDateTime>, events: i64) {
        let Place { ranges, offset } = &mut self.place;
        if events == 0 || self.wanted <= 0 {
            return;
        }
        if ranges.is_empty() && events <= *offset {
            *offset -= events;
            return;
        }
        // What of the first range is skipped does not belong to the page.
        let skipped = if ranges.is_empty() { *offset } else { 0 };
        self.wanted -= events - skipped;
        match ranges.last_mut() {
            Some((start, _)) if *start == Some(range.end) => *start = Some(range.start),
            _ => ranges.push((Some(range.start), range.end)),
        }
    }
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

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    /// The place that is found in hours, newest first, that hold so many events.
    fn found(limit: i64, offset: i64, hours: &[i64]) -> (Vec<(i64, i64)>, i64) {
        let noon = datetime!(2026-01-02 12:00 UTC);
        let mut search = Search { place: Place { ranges: Vec::new(), offset }, wanted: limit };
        for (back, events) in (0..).zip(hours) {
            let start = noon - Duration::hours(back);
            search.take(start..start + Duration::HOUR, *events);
        }
        let back = |moment: OffsetDateTime| (noon - moment).whole_hours();
        let ranges = search.place.ranges.iter().map(|(start, end)| (back(start.unwrap()), back(*end) + 1)).collect();
        (ranges, search.place.offset)
    }

    #[test]
    fn hours_are_stepped_over_taken_together_and_left_out() {
        assert_eq!(found(3, 0, &[5, 5]), (vec![(0, 0)], 0), "the first hour has it all");
        assert_eq!(found(3, 4, &[5, 5]), (vec![(1, 0)], 4), "some of the second, too");
        assert_eq!(found(3, 5, &[5, 5]), (vec![(1, 1)], 0), "the first is stepped over");
        assert_eq!(found(9, 0, &[1, 0, 0, 2, 2, 0, 9]), (vec![(0, 0), (4, 3), (6, 6)], 0), "gaps are left out");
        assert_eq!(found(3, 99, &[5, 5]), (vec![], 89), "nothing is so deep");
    }
}
