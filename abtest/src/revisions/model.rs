//! What a revision is, and how one is asked for.

use std::collections::BTreeMap;

use garde::Validate;
use pushnami_common::ApiError;
use pushnami_common::contract::Experiment;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::ToSchema;

use crate::experiments::model::{ExperimentChange, Percents, Variants};

/// One period of an experiment with unchanged variants and split.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Revision {
    /// 1, 2, 3 … within the experiment.
    #[schema(minimum = 1)]
    pub revision: i32,
    /// The variants it had.
    #[schema(example = json!(["neon", "synthwave"]))]
    pub variants: Vec<String>,
    /// The split it had.
    #[schema(example = json!({"neon": 50, "synthwave": 50}))]
    pub traffic_split: BTreeMap<String, u8>,
    /// How it came to be.
    pub action: RevisionAction,
    /// When it began; it ends where the next one begins.
    #[serde(with = "time::serde::rfc3339")]
    pub opened_at: OffsetDateTime,
}

/// How a revision came to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RevisionAction {
    /// With the experiment.
    Created,
    /// Variants came, went, or changed their order.
    VariantsChanged,
    /// Only the split changed.
    SplitChanged,
    /// All new visitors were given one variant.
    Shipped,
    /// Variants and split of an earlier revision were taken up again.
    Restored,
}

/// A revision to be.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(tag = "action", rename_all = "snake_case")]
pub enum NewRevision {
    /// Gives all new visitors one variant; those who have another keep it.
    Ship {
        /// Which variant.
        #[garde(skip)]
        #[schema(example = "synthwave")]
        variant: String,
    },
    /// Takes up variants and split of an earlier revision again: undoes what came after it.
    Restore {
        /// Which revision.
        #[garde(skip)]
        #[schema(minimum = 1)]
        revision: i32,
    },
}

impl RevisionAction {
    /// As the database spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::VariantsChanged => "variants_changed",
            Self::SplitChanged => "split_changed",
            Self::Shipped => "shipped",
            Self::Restored => "restored",
        }
    }

    /// The action that the database spells so.
    pub fn named(name: &str) -> Option<Self> {
        let all = [Self::Created, Self::VariantsChanged, Self::SplitChanged, Self::Shipped, Self::Restored];
        all.into_iter().find(|action| action.as_str() == name)
    }
}

/// The change that ships a variant.
///
/// # Errors
/// 400 when the experiment has no such variant.
pub fn ship(experiment: &Experiment, variant: &str) -> Result<ExperimentChange, ApiError> {
    if !experiment.variants.iter().any(|known| known == variant) {
        return Err(ApiError::bad_request("the experiment has no such variant")
            .with_field("/variant", "must be one of the experiment's variants"));
    }
    let percent = |known: &String| (known.clone(), if known == variant { 100 } else { 0 });
    Ok(ExperimentChange {
        traffic_split: Some(Percents(experiment.variants.iter().map(percent).collect())),
        action: Some(RevisionAction::Shipped),
        ..ExperimentChange::default()
    })
}

/// The change that takes up an earlier revision again.
///
/// # Errors
/// 400 when the experiment never had it.
pub fn restore(revisions: &[Revision], revision: i32) -> Result<ExperimentChange, ApiError> {
    let known = revisions.iter().find(|known| known.revision == revision).ok_or_else(|| {
        ApiError::bad_request("the experiment has no such revision")
            .with_field("/revision", "must be one of the experiment's revisions")
    })?;
    Ok(ExperimentChange {
        variants: Some(Variants(known.variants.clone())),
        traffic_split: Some(Percents(known.traffic_split.clone())),
        action: Some(RevisionAction::Restored),
        ..ExperimentChange::default()
    })
}
