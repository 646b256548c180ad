//! The part of the answer that tells how the intervals narrowed, and when revisions began.

use serde::Serialize;
use time::OffsetDateTime;
use utoipa::ToSchema;

use super::OpenRange;

/// How the intervals narrowed.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Timeline {
    /// What a step is: `hour` or `day` (UTC).
    pub step: &'static str,
    /// What was known at the end of each step; the last one is now.
    pub points: Vec<Point>,
    /// The revisions.
    pub revisions: Vec<RevisionMark>,
}

/// What was known at one moment.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Point {
    /// When.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// Visitors of all variants up to then.
    pub visitors: u64,
    /// Each variant against control.
    pub comparisons: Vec<PointComparison>,
}

/// What was known of a variant at one moment.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct PointComparison {
    /// The variant.
    pub variant: String,
    /// The lift.
    #[schema(required)]
    pub relative_lift: Option<f64>,
    /// Its interval, always valid.
    #[schema(required)]
    pub relative_interval: Option<OpenRange>,
    /// Always valid, corrected for several variants.
    pub p_value: f64,
}

/// A revision on the timeline.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct RevisionMark {
    /// Its number.
    pub revision: i32,
    /// When it began.
    #[serde(with = "time::serde::rfc3339")]
    pub opened_at: OffsetDateTime,
    /// How it came to be.
    pub action: String,
    /// Percents by variant.
    pub traffic_split: std::collections::BTreeMap<String, i16>,
}
