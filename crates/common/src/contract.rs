//! Types that cross a service boundary: what abtest answers and landing reads, and the leads that landing sends metrics.

mod goal;
mod lead;
mod plan;
mod variant_content;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use time::OffsetDateTime;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::ids::ExperimentId;

pub use goal::{Direction, Goal, GoalEvent, GoalMeasure, GoalProperty, GoalRole, MeasureFold};
pub use lead::{COMPANY_CHARS, EMAIL_CHARS, LeadReceipt, MESSAGE_CHARS, NewLead};
pub use plan::ExperimentPlan;
pub use variant_content::{
    CTA_CHARS, HEADLINE_CHARS, HEADLINE_LINES, Palette, SUBTITLE_CHARS, VariantContent, VariantContents,
};

/// All that is configured, in one state.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Configuration {
    /// Rises with each change.
    pub version: i64,
    /// All experiments, newest first.
    pub experiments: Vec<Experiment>,
    /// All toggles, oldest first.
    pub toggles: Vec<Toggle>,
}

/// A question with variants and a traffic split.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Experiment {
    /// Its id.
    pub id: ExperimentId,
    /// What code calls it: a slug of its first name, unique, never changed.
    #[schema(example = "landing-page-theme")]
    pub key: String,
    /// What people call it.
    #[schema(min_length = 1, max_length = 255, example = "Landing Page Theme")]
    pub name: String,
    /// What it is for.
    pub description: String,
    /// The variants, in the order in which the assignment rule walks them.
    #[schema(min_items = 2, max_items = 20, example = json!(["neon", "synthwave"]))]
    pub variants: Vec<String>,
    /// Whole percents per variant; they total 100.
    #[schema(example = json!({"neon": 50, "synthwave": 50}))]
    pub traffic_split: BTreeMap<String, u8>,
    /// Whether visitors are assigned: the same as the status `running`.
    pub is_active: bool,
    /// Where it stands in its life.
    #[serde(default)]
    #[schema(required)]
    pub status: ExperimentStatus,
    /// What everybody is shown since it was completed; `null` to show what others decide.
    #[serde(default)]
    #[schema(required)]
    pub winner: Option<String>,
    /// Which revision is in force: each change of the variants or of the split opens the next.
    #[schema(minimum = 1)]
    pub revision: i32,
    /// What counts as success; exactly one is primary.
    pub goals: Vec<Goal>,
    /// What it is planned to show; `null` without a plan.
    #[serde(default)]
    #[schema(required)]
    pub plan: Option<ExperimentPlan>,
    /// What the landing page says in which variant, and in which colours; a variant without an entry is drawn only if it is
    /// called `neon` or `synthwave`.
    #[serde(default)]
    #[schema(required, value_type = BTreeMap<String, VariantContent>)]
    pub variant_content: VariantContents,
    /// When visitors were first assigned; `null` for a draft.
    #[serde(default, with = "time::serde::rfc3339::option")]
    #[schema(required)]
    pub started_at: Option<OffsetDateTime>,
    /// When it was completed; `null` for one that was not.
    #[serde(default, with = "time::serde::rfc3339::option")]
    #[schema(required)]
    pub completed_at: Option<OffsetDateTime>,
    /// When it was archived; `null` for one that was not.
    #[serde(default, with = "time::serde::rfc3339::option")]
    #[schema(required)]
    pub archived_at: Option<OffsetDateTime>,
    /// When it was created.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When it was last changed.
    #[serde(with = "time::serde::rfc3339")]
    pub updated_at: OffsetDateTime,
}

/// Where an experiment stands in its life.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ExperimentStatus {
    /// It was never started.
    #[default]
    Draft,
    /// Visitors are assigned.
    Running,
    /// Nobody new is assigned for now.
    Paused,
    /// Its question counts as answered.
    Completed,
    /// It is out of sight.
    Archived,
}

/// The remembered variant of a visitor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Assignment {
    /// Whose.
    pub visitor_id: String,
    /// In which experiment.
    pub experiment_id: ExperimentId,
    /// The variant to show.
    pub variant: String,
    /// Whether this very request stored it: `true` exactly once per visitor and experiment.
    pub is_new: bool,
}

/// A named switch with a key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Toggle {
    /// Its id.
    pub id: Uuid,
    /// What people call it.
    pub name: String,
    /// What code calls it.
    #[schema(example = "matrix_rain")]
    pub key: String,
    /// What it switches.
    pub description: String,
    /// On or off.
    pub enabled: bool,
    /// Settings of what it switches.
    pub config: Map<String, Value>,
    /// When it was created.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When it was last changed.
    #[serde(with = "time::serde::rfc3339")]
    pub updated_at: OffsetDateTime,
}
