//! What the counts mean. The store counts; here the counts are put together.

use std::collections::{BTreeMap, HashMap};

use garde::Validate;
use garde::error::Error;
use jiff::tz::TimeZone;
use pushnami_common::ids::ExperimentId;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::{IntoParams, ToSchema};

use super::calendar::Interval;
use crate::events::model::representable;
use crate::rollups::model::{GroupKey, Step};

/// Which events are counted, and how the timeline is cut.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct StatsQuery {
    /// Only those of this experiment.
    #[garde(skip)]
    #[param(value_type = Option<Uuid>)]
    pub experiment_id: Option<ExperimentId>,
    /// Only those recorded at this moment or later (RFC 3339). Of hours whose single events are no longer kept
    /// (`RETENTION_DAYS`), the whole hour counts.
    #[garde(custom(representable))]
    #[serde(default, with = "time::serde::rfc3339::option")]
    pub from: Option<OffsetDateTime>,
    /// Only those recorded before this moment (RFC 3339).
    #[garde(custom(representable))]
    #[serde(default, with = "time::serde::rfc3339::option")]
    pub to: Option<OffsetDateTime>,
    /// The time zone whose hours and days the timeline shows, by its IANA name.
    #[garde(custom(known_zone))]
    #[serde(default = "utc")]
    #[param(default = "UTC", example = "Europe/Athens")]
    pub tz: String,
    /// What a step of the timeline is.
    #[garde(skip)]
    #[serde(default)]
    #[param(inline)]
    pub interval: Interval,
}

impl Default for StatsQuery {
    fn default() -> Self {
        Self { experiment_id: None, from: None, to: None, tz: utc(), interval: Interval::default() }
    }
}

fn utc() -> String {
    "UTC".to_owned()
}

/// A garde rule: a time zone by its IANA name.
fn known_zone(name: &str, (): &()) -> Result<(), Error> {
    match TimeZone::get(name) {
        Ok(_) => Ok(()),
        Err(_) => Err(Error::new("must be the IANA name of a time zone, such as `Europe/Athens`")),
    }
}

/// Plain counts, all of one moment.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Stats {
    /// All events.
    pub total_events: i64,
    /// Different visitors among them.
    pub unique_visitors: i64,
    /// Events of each type.
    #[schema(example = json!({"page_view": 120, "click": 34}))]
    pub events_by_type: BTreeMap<String, i64>,
    /// Events of each variant; those without one are left out.
    #[schema(example = json!({"neon": 80, "synthwave": 74}))]
    pub events_by_variant: BTreeMap<String, i64>,
    /// Events of each variant and type; those without a variant are left out.
    pub variant_breakdown: Vec<VariantCount>,
    /// How visitors of each variant acted.
    pub conversion_by_variant: BTreeMap<String, Conversion>,
    /// The asked range by hour or day, or the last 24 hours (30 days) if none was asked for; steps without events are
    /// left out.
    pub timeline: Vec<HourCount>,
    /// What was done with the music player.
    pub music: Music,
    /// What enters no result.
    pub excluded: Excluded,
    /// What is no longer among the counts.
    pub erased: Erased,
}

/// What was erased on visitors' wish. Of no experiment, since nothing else is known of it; by whole hours, of the erasing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Erased {
    /// How many visitors; one who was erased twice counts twice.
    pub visitors: i64,
    /// How many events of theirs.
    pub events: i64,
}

/// Events that enter no result. All but `no_track` are among the counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Excluded {
    /// Events of previews.
    pub preview: i64,
    /// Events of robots.
    pub robot: i64,
    /// Events that were not taken, because their visitors asked not to be recorded. Of no experiment, since nothing
    /// else is known of them; by whole hours.
    pub no_track: i64,
}

/// Events of one variant and type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct VariantCount {
    /// The variant.
    pub variant: String,
    /// The type.
    pub event_type: String,
    /// How many.
    pub count: i64,
}

/// How the visitors of a variant acted: different visitors, not events.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
pub struct Conversion {
    /// Visitors with a `page_view`.
    pub views: i64,
    /// Visitors with a `click`.
    pub clicks: i64,
    /// Visitors with a `form_submit`.
    pub submissions: i64,
    /// Clicks per hundred views, with one decimal.
    pub click_rate: f64,
    /// Submissions per hundred views, with one decimal.
    pub submit_rate: f64,
}

/// Events of one hour, variant and type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct HourCount {
    /// The start of the hour or day in the asked time zone, written in UTC.
    #[serde(with = "time::serde::rfc3339")]
    pub hour: OffsetDateTime,
    /// The variant; `null` counts the events without one.
    #[schema(required)]
    pub variant: Option<String>,
    /// The type.
    pub event_type: String,
    /// How many.
    pub count: i64,
}

/// What was done with the music player: clicks whose name starts with `music_`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Music {
    /// All of them.
    pub total: i64,
    /// By action: the name without `music_`.
    #[schema(example = json!({"play": 12, "next": 3}))]
    pub by_action: BTreeMap<String, i64>,
    /// By the track that the event's metadata names under `track`.
    #[schema(example = json!({"Temple Bells": 9}))]
    pub by_track: BTreeMap<String, i64>,
}

impl Stats {
    /// Puts together what was counted: events by group, different visitors by variant and step (and all of them).
    pub fn of(groups: &HashMap<GroupKey, i64>, visitors: &Visitors, timeline: Vec<HourCount>, no_track: i64) -> Self {
        let mut stats = Self {
            total_events: 0,
            unique_visitors: visitors.all,
            events_by_type: BTreeMap::new(),
            events_by_variant: BTreeMap::new(),
            variant_breakdown: Vec::new(),
            conversion_by_variant: BTreeMap::new(),
            timeline,
            music: Music::default(),
            excluded: Excluded { no_track, ..Excluded::default() },
            erased: Erased::default(),
        };
        let mut breakdown: BTreeMap<(&str, &str), i64> = BTreeMap::new();
        // What was erased again leaves a zero behind.
        for (group, count) in groups.iter().filter(|(_, count)| **count > 0) {
            stats.total_events += count;
            *stats.events_by_type.entry(group.event_type.clone()).or_default() += count;
            stats.music.add(group, *count);
            stats.excluded.add(group, *count);
            let Some(variant) = &group.variant else { continue };
            *stats.events_by_variant.entry(variant.clone()).or_default() += count;
            stats.conversion_by_variant.entry(variant.clone()).or_default();
            *breakdown.entry((variant, &group.event_type)).or_default() += count;
        }
        let entry = |((variant, event_type), count): ((&str, &str), i64)| VariantCount {
            variant: variant.to_owned(),
            event_type: event_type.to_owned(),
            count,
        };
        stats.variant_breakdown = breakdown.into_iter().map(entry).collect();
        for ((variant, step), count) in &visitors.by_variant {
            if let Some(conversion) = stats.conversion_by_variant.get_mut(variant) {
                conversion.add(*step, *count);
            }
        }
        stats.conversion_by_variant.values_mut().for_each(Conversion::rate);
        stats
    }
}

/// Different visitors.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Visitors {
    /// All of them.
    pub all: i64,
    /// Those of a variant who took a step.
    pub by_variant: HashMap<(String, Step), i64>,
}

impl Excluded {
    fn add(&mut self, group: &GroupKey, count: i64) {
        match group.excluded.as_deref() {
            Some("preview") => self.preview += count,
            Some("robot") => self.robot += count,
            _ => {}
        }
    }
}

impl Conversion {
    fn add(&mut self, step: Step, visitors: i64) {
        match step {
            Step::PageView => self.views += visitors,
            Step::Click => self.clicks += visitors,
            Step::FormSubmit => self.submissions += visitors,
            Step::Other | Step::Any => {}
        }
    }

    fn rate(&mut self) {
        self.click_rate = percent(self.clicks, self.views);
        self.submit_rate = percent(self.submissions, self.views);
    }
}

impl Music {
    fn add(&mut self, group: &GroupKey, count: i64) {
        let name = group.event_name.as_deref().filter(|_| group.event_type == "click");
        let Some(action) = name.and_then(|name| name.strip_prefix("music_")) else { return };
        self.total += count;
        *self.by_action.entry(action.to_owned()).or_default() += count;
        if let Some(track) = &group.track {
            *self.by_track.entry(track.clone()).or_default() += count;
        }
    }
}

/// A percentage with one decimal; of nothing it is zero.
fn percent(part: i64, whole: i64) -> f64 {
    if whole == 0 { 0.0 } else { (part as f64 / whole as f64 * 1000.0).round() / 10.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_have_one_decimal_and_nothing_is_zero() {
        assert_eq!([percent(1, 3), percent(2, 3), percent(1, 8), percent(3, 3)], [33.3, 66.7, 12.5, 100.0]);
        assert_eq!([percent(0, 0), percent(5, 0), percent(0, 5)], [0.0; 3]);
    }
}
