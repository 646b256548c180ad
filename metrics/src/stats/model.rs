//! What the counts mean. The store counts; here the counts are put together.

use std::collections::BTreeMap;

use garde::Validate;
use pushnami_common::ids::ExperimentId;
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};
use utoipa::{IntoParams, ToSchema};

/// How far back the timeline goes.
pub const TIMELINE: Duration = Duration::hours(24);

/// Which events are counted.
#[derive(Clone, Copy, Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct StatsQuery {
    /// Only those of this experiment.
    #[garde(skip)]
    #[param(value_type = Option<Uuid>)]
    pub experiment_id: Option<ExperimentId>,
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
    /// The last 24 hours, by hour; hours without events are left out.
    pub timeline: Vec<HourCount>,
    /// What was done with the music player.
    pub music: Music,
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
    /// The start of the hour, in UTC.
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

/// One counted group: all events of one variant (or none) and type.
#[derive(Clone, Debug)]
pub struct Group {
    /// The variant, if the events have one.
    pub variant: Option<String>,
    /// The type.
    pub event_type: String,
    /// How many events.
    pub count: i64,
    /// How many different visitors.
    pub visitors: i64,
}

/// Clicks in the music player with one name and one track.
#[derive(Clone, Debug)]
pub struct MusicGroup {
    /// The event's whole name.
    pub event_name: String,
    /// The track, if the event names one.
    pub track: Option<String>,
    /// How many events.
    pub count: i64,
}

impl Stats {
    /// Puts together what was counted.
    pub fn of(groups: Vec<Group>, unique_visitors: i64, timeline: Vec<HourCount>, music: &[MusicGroup]) -> Self {
        let mut stats = Self {
            total_events: groups.iter().map(|group| group.count).sum(),
            unique_visitors,
            events_by_type: BTreeMap::new(),
            events_by_variant: BTreeMap::new(),
            variant_breakdown: Vec::new(),
            conversion_by_variant: BTreeMap::new(),
            timeline,
            music: Music::of(music),
        };
        for Group { variant, event_type, count, visitors } in groups {
            *stats.events_by_type.entry(event_type.clone()).or_default() += count;
            let Some(variant) = variant else { continue };
            *stats.events_by_variant.entry(variant.clone()).or_default() += count;
            stats.conversion_by_variant.entry(variant.clone()).or_default().add(&event_type, visitors);
            stats.variant_breakdown.push(VariantCount { variant, event_type, count });
        }
        stats.conversion_by_variant.values_mut().for_each(Conversion::rate);
        stats
    }
}

impl Conversion {
    fn add(&mut self, event_type: &str, visitors: i64) {
        match event_type {
            "page_view" => self.views += visitors,
            "click" => self.clicks += visitors,
            "form_submit" => self.submissions += visitors,
            _ => {}
        }
    }

    fn rate(&mut self) {
        self.click_rate = percent(self.clicks, self.views);
        self.submit_rate = percent(self.submissions, self.views);
    }
}

impl Music {
    fn of(groups: &[MusicGroup]) -> Self {
        let mut music = Self::default();
        for MusicGroup { event_name, track, count } in groups {
            let action = event_name.strip_prefix("music_").unwrap_or(event_name);
            music.total += count;
            *music.by_action.entry(action.to_owned()).or_default() += count;
            if let Some(track) = track {
                *music.by_track.entry(track.clone()).or_default() += count;
            }
        }
        music
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
