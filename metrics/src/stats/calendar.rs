//! Hours and days of a time zone, and how a range of time falls into what the rollups hold. Without I/O.

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde::Deserialize;
use time::{Duration, OffsetDateTime};
use utoipa::ToSchema;

use crate::rollups::model::{hour_of, quarter_start};

/// What a step of the timeline is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Interval {
    /// An hour.
    #[default]
    Hour,
    /// A day, from one midnight to the next: 23 to 25 hours.
    Day,
}

/// The most steps of one timeline.
pub const MOST_STEPS: usize = 2400;

/// A half-open range of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// Its first moment.
    pub from: OffsetDateTime,
    /// The first moment behind it.
    pub to: OffsetDateTime,
}

/// A range as whole units (hours or quarters of one), and what sticks out at both ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cut {
    /// The whole units.
    pub whole: Range,
    /// The parts of units at the ends; either may be empty.
    pub edges: [Range; 2],
}

impl Range {
    /// Whether a moment lies in it.
    pub fn contains(&self, moment: OffsetDateTime) -> bool {
        self.from <= moment && moment < self.to
    }

    /// Whether no moment lies in it.
    pub fn is_empty(&self) -> bool {
        self.to <= self.from
    }

    /// The range with its ends moved outwards to whole hours where single events are no longer kept.
    pub fn widened(self, kept_from: Option<OffsetDateTime>) -> Self {
        let Some(kept_from) = kept_from else { return self };
        let is_kept = |moment| hour_of(moment) >= kept_from;
        let from = if is_kept(self.from) { self.from } else { hour_of(self.from) };
        let to =
            if is_kept(self.to) || hour_of(self.to) == self.to { self.to } else { hour_of(self.to) + Duration::HOUR };
        Self { from, to }
    }

    /// The range in whole hours.
    pub fn by_hours(self) -> Cut {
        self.cut(hour_of, Duration::HOUR)
    }

    /// The range in whole quarters of hours.
    pub fn by_quarters(self) -> Cut {
        self.cut(quarter_start, Duration::minutes(15))
    }

    fn cut(self, start_of: fn(OffsetDateTime) -> OffsetDateTime, unit: Duration) -> Cut {
        let nothing = Self { from: self.from, to: self.from };
        if self.is_empty() {
            return Cut { whole: nothing, edges: [nothing; 2] };
        }
        let first = if start_of(self.from) == self.from { self.from } else { start_of(self.from) + unit };
        let last = start_of(self.to);
        if last < first {
            return Cut { whole: nothing, edges: [self, nothing] };
        }
        let edges = [Self { from: self.from, to: first }, Self { from: last, to: self.to }];
        Cut { whole: Self { from: first, to: last }, edges }
    }
}

/// The starts of the steps that a range touches, and the end of the last one; `None` if there are too many.
pub fn steps(range: Range, interval: Interval, zone: &TimeZone) -> Option<Vec<OffsetDateTime>> {
    let mut steps = vec![step_start(range.from, interval, zone)];
    while let Some(last) = steps.last().copied().filter(|last| *last < range.to) {
        if steps.len() > MOST_STEPS {
            return None;
        }
        steps.push(step_after(last, interval, zone));
    }
    Some(steps)
}

fn step_start(moment: OffsetDateTime, interval: Interval, zone: &TimeZone) -> OffsetDateTime {
    let stamp = timestamp(moment);
    match interval {
        Interval::Hour => {
            // Zones differ from each other by whole quarters of an hour; those of the nineteenth century saw no event.
            let offset = i64::from(zone.to_offset(stamp).seconds());
            let past = (moment.unix_timestamp() + offset).rem_euclid(3600);
            moment.replace_nanosecond(0).expect("zero is a nanosecond") - Duration::seconds(past)
        }
        Interval::Day => {
            let day = stamp.to_zoned(zone.clone());
            day.start_of_day().map_or(moment, |start| from_timestamp(start.timestamp()))
        }
    }
}

fn step_after(start: OffsetDateTime, interval: Interval, zone: &TimeZone) -> OffsetDateTime {
    let next = match interval {
        Interval::Hour => step_start(start + Duration::HOUR, interval, zone),
        Interval::Day => {
            let day = timestamp(start).to_zoned(zone.clone());
            let next = day.date().checked_add(1.day()).and_then(|date| date.to_zoned(zone.clone()));
            next.map_or(start, |next| from_timestamp(next.timestamp()))
        }
    };
    // A clock that is set back within an hour would otherwise stand still.
    if next > start { next } else { start + Duration::HOUR }
}

fn timestamp(moment: OffsetDateTime) -> Timestamp {
    let seconds = moment.unix_timestamp().clamp(Timestamp::MIN.as_second() + 1, Timestamp::MAX.as_second() - 1);
    Timestamp::from_second(seconds).expect("it was clamped")
}

fn from_timestamp(stamp: Timestamp) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(stamp.as_second()).expect("both count from 1970, within the year 9999")
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    fn days(from: OffsetDateTime, to: OffsetDateTime, zone: &str) -> Vec<i64> {
        let steps = steps(Range { from, to }, Interval::Day, &TimeZone::get(zone).unwrap()).unwrap();
        steps.windows(2).map(|day| (day[1] - day[0]).whole_hours()).collect()
    }

    #[test]
    fn days_have_23_and_25_hours_when_clocks_change() {
        assert_eq!(
            days(datetime!(2026-03-27 23:00 UTC), datetime!(2026-03-30 22:00 UTC), "Europe/Berlin"),
            [24, 23, 24]
        );
        assert_eq!(
            days(datetime!(2026-10-24 12:00 UTC), datetime!(2026-10-26 12:00 UTC), "Europe/Berlin"),
            [24, 25, 24]
        );
        assert_eq!(
            days(datetime!(2026-03-08 12:00 UTC), datetime!(2026-03-09 12:00 UTC), "America/New_York"),
            [23, 24]
        );
    }

    #[test]
    fn hours_begin_where_the_zone_begins_them() {
        let hour =
            |zone| step_start(datetime!(2026-01-02 12:20:30.5 UTC), Interval::Hour, &TimeZone::get(zone).unwrap());
        assert_eq!(hour("UTC"), datetime!(2026-01-02 12:00 UTC));
        assert_eq!(hour("Asia/Kolkata"), datetime!(2026-01-02 11:30 UTC));
        assert_eq!(hour("Asia/Kathmandu"), datetime!(2026-01-02 12:15 UTC));
    }

    #[test]
    fn clocks_that_change_by_half_an_hour_do_not_stand_still() {
        let range = Range { from: datetime!(2026-04-04 12:00 UTC), to: datetime!(2026-04-05 12:00 UTC) };
        let steps = steps(range, Interval::Hour, &TimeZone::get("Australia/Lord_Howe").unwrap()).unwrap();
        assert!(steps.is_sorted_by(|a, b| a < b) && steps.len() >= 25);
    }

    #[test]
    fn too_many_steps_are_none() {
        let range = Range { from: datetime!(2026-01-01 00:00 UTC), to: datetime!(2027-01-01 00:00 UTC) };
        assert_eq!(steps(range, Interval::Hour, &TimeZone::UTC), None);
        assert_eq!(steps(range, Interval::Day, &TimeZone::UTC).unwrap().len(), 366);
    }

    #[test]
    fn a_range_is_whole_hours_and_two_edges() {
        let range = Range { from: datetime!(2026-01-02 12:20 UTC), to: datetime!(2026-01-02 15:10 UTC) };
        let cut = range.by_hours();
        assert_eq!(cut.whole, Range { from: datetime!(2026-01-02 13:00 UTC), to: datetime!(2026-01-02 15:00 UTC) });
        assert_eq!(cut.edges[0], Range { from: range.from, to: cut.whole.from });
        assert_eq!(cut.edges[1], Range { from: cut.whole.to, to: range.to });
        let within = Range { from: datetime!(2026-01-02 12:20 UTC), to: datetime!(2026-01-02 12:30 UTC) };
        assert!(within.by_hours().whole.is_empty() && within.by_hours().edges[0] == within);
        assert!(within.by_hours().edges[1].is_empty());
        let kept_from = Some(datetime!(2026-01-02 14:00 UTC));
        assert_eq!(range.widened(kept_from), Range { from: datetime!(2026-01-02 12:00 UTC), to: range.to });
    }
}
