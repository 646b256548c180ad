//! Why a visitor sees what they see, without a database.

use pushnami_common::assignment::{TrafficSplit, bucket};
use pushnami_common::contract::{Assignment, Experiment};
use pushnami_common::ids::{ExperimentId, VisitorId};
use pushnami_common::{ApiError, ApiResult};
use serde::Serialize;
use utoipa::ToSchema;

/// The way from a visitor to a variant, step by step. Asking for it stores nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Explanation {
    /// Who is asked about.
    pub visitor_id: String,
    /// In which experiment.
    pub experiment_id: ExperimentId,
    /// Whether visitors are assigned.
    pub is_active: bool,
    /// The visitor's place, 0 to 99: SHA-256 of `visitor_id:experiment_id`, modulo 100.
    #[schema(minimum = 0, maximum = 99, example = 84)]
    pub bucket: u8,
    /// Which buckets belong to which variant, in the order in which the rule walks them.
    pub ranges: Vec<BucketRange>,
    /// The variant of the bucket, by the present traffic split.
    #[schema(example = "synthwave")]
    pub computed: String,
    /// The remembered variant, if there is one; it may be one that the experiment no longer has.
    #[schema(required)]
    pub stored: Option<String>,
    /// What an assignment would answer now; `null` while the experiment is not active.
    #[schema(required)]
    pub variant: Option<String>,
    /// Which of the two decides, or why neither does.
    pub reason: Reason,
}

/// The buckets of a variant: from `from`, up to but without `to`. Both are equal for a variant of 0 %.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct BucketRange {
    /// The variant.
    pub variant: String,
    /// Its first bucket.
    pub from: u8,
    /// The first bucket after it.
    pub to: u8,
}

/// What decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
// OFREP has a `Reason` of its own in the same document.
#[schema(as = AssignmentReason)]
pub enum Reason {
    /// The variant is remembered, whatever the split says now.
    Stored,
    /// The visitor is new, and the bucket decides.
    Computed,
    /// A variant is remembered that the experiment no longer has, so the bucket decides anew.
    StoredVariantIsGone,
    /// Nobody is assigned.
    NotActive,
}

impl Explanation {
    /// What an assignment would answer, if it stored nothing.
    ///
    /// # Errors
    /// 400 when the experiment is not active.
    pub fn into_assignment(self) -> ApiResult<Assignment> {
        let variant = self.variant.ok_or_else(not_active)?;
        Ok(Assignment { visitor_id: self.visitor_id, experiment_id: self.experiment_id, variant, is_new: false })
    }
}

/// The refusal to assign.
pub fn not_active() -> ApiError {
    ApiError::bad_request("Experiment is not active")
}

/// Explains what this visitor would be assigned.
pub fn explain(
    visitor: &VisitorId,
    experiment: &Experiment,
    split: &TrafficSplit,
    stored: Option<String>,
) -> Explanation {
    let bucket = bucket(visitor, experiment.id);
    let computed = split.variant_of(bucket).to_owned();
    let reason = match &stored {
        _ if !experiment.is_active => Reason::NotActive,
        Some(stored) if experiment.variants.contains(stored) => Reason::Stored,
        Some(_) => Reason::StoredVariantIsGone,
        None => Reason::Computed,
    };
    let variant = match reason {
        Reason::NotActive => None,
        Reason::Stored => stored.clone(),
        Reason::Computed | Reason::StoredVariantIsGone => Some(computed.clone()),
    };
    Explanation {
        visitor_id: visitor.to_string(),
        experiment_id: experiment.id,
        is_active: experiment.is_active,
        bucket: bucket.0,
        ranges: ranges(&experiment.variants, split),
        computed,
        stored,
        variant,
        reason,
    }
}

fn ranges(variants: &[String], split: &TrafficSplit) -> Vec<BucketRange> {
    let mut from = 0;
    let range = |(variant, percent): (&String, u8)| {
        let range = BucketRange { variant: variant.clone(), from, to: from + percent };
        from = range.to;
        range
    };
    variants.iter().zip(split.percents()).map(range).collect()
}
