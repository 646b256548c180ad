//! What an experiment must be, with or without a database.

use std::collections::{BTreeMap, BTreeSet};

use garde::Validate;
use garde::error::Error;
use pushnami_common::assignment::{SplitError, TrafficSplit};
use pushnami_common::contract::{Experiment, VariantContent, VariantContents};
use pushnami_common::extract::{Object, given};
use pushnami_common::{ApiError, text};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::goals::NewGoals;
use super::lifecycle::NewStatus;
use super::plan::{NewPlan, given_or_none};
use crate::revisions::model::RevisionAction;

/// What people call an experiment: 1 to 255 characters, not blank.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[garde(transparent)]
#[schema(min_length = 1, max_length = 255, pattern = r"\S", example = "Button colour")]
pub struct ExperimentName(#[garde(custom(text::name(255)))] pub String);

/// What an experiment is for: at most 10,000 characters.
#[derive(Clone, Debug, Default, Deserialize, Validate, ToSchema)]
#[garde(transparent)]
#[schema(max_length = 10_000)]
pub struct Description(#[garde(custom(text::sized(0, 10_000)))] pub String);

/// 2 to 20 distinct variants, in the order in which the assignment rule walks them; the first is the control. Each has
/// 1 to 255 characters, is not blank, and holds no control character.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[garde(transparent)]
#[schema(min_items = 2, max_items = 20, example = json!(["control", "variant"]))]
pub struct Variants(#[garde(custom(distinct), inner(custom(variant_name)))] pub Vec<String>);

/// Whole percents, 0 to 100, for exactly the variants; they total 100.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[garde(transparent)]
#[schema(example = json!({"control": 50, "variant": 50}))]
pub struct Percents(#[garde(custom(percents))] pub BTreeMap<String, u8>);

/// What the landing page says in which variant, and in which colours; its keys are variants, not necessarily all of them.
#[derive(Clone, Debug, Default, Deserialize, Validate, ToSchema)]
#[garde(transparent)]
#[schema(value_type = BTreeMap<String, VariantContent>)]
pub struct Contents(#[garde(dive)] pub BTreeMap<String, Object<VariantContent>>);

/// Whether something is only tried: judged in every respect, and then forgotten.
#[derive(Clone, Copy, Debug, Default, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Trial {
    /// `true` to learn what would come of it: nothing is changed.
    #[serde(default)]
    #[garde(skip)]
    #[param(default = false)]
    pub dry_run: bool,
}

/// An experiment to be.
#[derive(Debug, Deserialize, Validate, ToSchema)]
pub struct NewExperiment {
    /// What people call it.
    #[garde(dive)]
    pub name: ExperimentName,
    /// What it is for.
    #[serde(default)]
    #[garde(dive)]
    pub description: Description,
    /// `["control", "variant"]` if left out.
    #[serde(default)]
    #[garde(dive)]
    pub variants: Variants,
    /// `{"control": 50, "variant": 50}` if left out.
    #[serde(default)]
    #[garde(dive)]
    pub traffic_split: Percents,
    /// Whether visitors are assigned.
    #[serde(default = "active")]
    #[garde(skip)]
    #[schema(default = true)]
    pub is_active: bool,
    /// A click on one of the landing page's calls to action, if left out.
    #[serde(default)]
    #[garde(dive)]
    pub goals: NewGoals,
    /// What it is to show; without a plan, results reckon with a lift of 10 %.
    #[serde(default)]
    #[garde(dive)]
    #[schema(value_type = Option<NewPlan>)]
    pub plan: Option<Object<NewPlan>>,
    /// None if left out: only variants called `neon` or `synthwave` can be drawn then.
    #[serde(default)]
    #[garde(dive)]
    pub variant_content: Contents,
}

/// What is to change: a field left out stays as it is, `null` is refused except for `plan`.
#[derive(Debug, Default, Deserialize, Validate, ToSchema)]
pub struct ExperimentChange {
    /// The new name.
    #[serde(default, deserialize_with = "given")]
    #[garde(dive)]
    #[schema(nullable = false)]
    pub name: Option<ExperimentName>,
    /// The new description.
    #[serde(default, deserialize_with = "given")]
    #[garde(dive)]
    #[schema(nullable = false)]
    pub description: Option<Description>,
    /// The new variants; visitors whose variant is gone are assigned anew.
    #[serde(default, deserialize_with = "given")]
    #[garde(dive)]
    #[schema(nullable = false)]
    pub variants: Option<Variants>,
    /// The new split; visitors keep the variants they have.
    #[serde(default, deserialize_with = "given")]
    #[garde(dive)]
    #[schema(nullable = false)]
    pub traffic_split: Option<Percents>,
    /// Whether visitors are assigned.
    #[serde(default, deserialize_with = "given")]
    #[garde(skip)]
    #[schema(nullable = false)]
    pub is_active: Option<bool>,
    /// All goals, in place of the old ones; one whose events and window stay the same stays the same goal.
    #[serde(default, deserialize_with = "given")]
    #[garde(dive)]
    #[schema(nullable = false)]
    pub goals: Option<NewGoals>,
    /// The new plan, or `null` for none: until the first visitor is assigned.
    #[serde(default, deserialize_with = "given_or_none")]
    #[garde(dive)]
    #[schema(value_type = Option<NewPlan>)]
    pub plan: Option<Option<Object<NewPlan>>>,
    /// Where it is to stand in its life: `running`, `paused`, `completed` or `archived`. What is completed or archived can be
    /// taken up again.
    #[serde(default, deserialize_with = "given")]
    #[garde(skip)]
    #[schema(nullable = false)]
    pub status: Option<NewStatus>,
    /// What everybody is shown once it is completed, or `null` for what others decide.
    #[serde(default, deserialize_with = "given_or_none")]
    #[garde(skip)]
    pub winner: Option<Option<String>>,
    /// All content, in place of the old one; left out, the content of variants that stay stays.
    #[serde(default, deserialize_with = "given")]
    #[garde(dive)]
    #[schema(nullable = false)]
    pub variant_content: Option<Contents>,
    /// How the revision comes to be that this change opens, where that does not follow from what changes.
    #[serde(skip)]
    #[garde(skip)]
    pub action: Option<RevisionAction>,
}

impl Default for Variants {
    fn default() -> Self {
        Self(vec!["control".to_owned(), "variant".to_owned()])
    }
}

impl Default for Percents {
    fn default() -> Self {
        Self([("control".to_owned(), 50), ("variant".to_owned(), 50)].into())
    }
}

impl ExperimentChange {
    /// Whether the experiment has the variants and the split already that it would be given.
    pub fn is_present(&self, experiment: &Experiment) -> bool {
        self.variants.as_ref().is_none_or(|variants| variants.0 == experiment.variants)
            && self.traffic_split.as_ref().is_none_or(|percents| percents.0 == experiment.traffic_split)
    }

    /// Where it is to stand, as one of two fields says. `is_active: false` changes only what is running: callers that know
    /// no more than that field send it along with each change.
    ///
    /// # Errors
    /// 400 when they contradict each other.
    pub fn lifecycle(&self, current: &Experiment) -> Result<Option<NewStatus>, ApiError> {
        match (self.status, self.is_active) {
            (Some(status), Some(is_active)) if (status == NewStatus::Running) != is_active => {
                Err(ApiError::bad_request("`status` and `is_active` contradict each other")
                    .with_field("/status", "must agree with is_active"))
            }
            (Some(status), _) => Ok(Some(status)),
            (None, Some(true)) => Ok(Some(NewStatus::Running)),
            (None, Some(false)) if current.is_active => Ok(Some(NewStatus::Paused)),
            (None, Some(false) | None) => Ok(None),
        }
    }

    /// Whether nothing was asked to change.
    pub fn is_empty(&self) -> bool {
        self.name.is_none()
            && self.description.is_none()
            && self.variants.is_none()
            && self.traffic_split.is_none()
            && self.is_active.is_none()
            && self.goals.is_none()
            && self.plan.is_none()
            && self.variant_content.is_none()
            && self.status.is_none()
            && self.winner.is_none()
    }
}

/// Joins variants and percents, or says as a 400 which rule they break together.
///
/// # Errors
/// When the keys differ from the variants or the percents do not total 100.
pub fn traffic_split(variants: &[String], percents: &BTreeMap<String, u8>) -> Result<TrafficSplit, ApiError> {
    TrafficSplit::new(variants, percents).map_err(|error| {
        let detail = match &error {
            SplitError::KeysDiffer => "must have exactly the variants as keys".to_owned(),
            SplitError::Total(total) => format!("must total 100, got {total}"),
        };
        ApiError::bad_request(error.to_string()).with_field("/traffic_split", detail)
    })
}

/// The content, or a 400 that says which of its keys is no variant.
///
/// # Errors
/// When a key is not among the variants.
pub fn contents(variants: &[String], contents: &Contents) -> Result<VariantContents, ApiError> {
    match contents.0.keys().find(|name| !variants.contains(name)) {
        None => Ok(contents.0.iter().map(|(name, Object(content))| (name.clone(), content.clone())).collect()),
        Some(name) => {
            let detail = format!("must have only variants as keys, got `{name}`");
            Err(ApiError::bad_request(format!("variant_content {detail}")).with_field("/variant_content", detail))
        }
    }
}

fn active() -> bool {
    true
}

fn variant_name(name: &str, (): &()) -> garde::Result {
    text::check_name(name, 255).map_err(Error::new)?;
    if name.chars().any(char::is_control) {
        return Err(Error::new("must not contain control characters"));
    }
    Ok(())
}

fn distinct(variants: &[String], (): &()) -> garde::Result {
    match variants.len() {
        2..=20 if variants.iter().collect::<BTreeSet<_>>().len() < variants.len() => {
            Err(Error::new("must be distinct"))
        }
        2..=20 => Ok(()),
        count => Err(Error::new(format!("must be 2 to 20 variants, got {count}"))),
    }
}

fn percents(percents: &BTreeMap<String, u8>, (): &()) -> garde::Result {
    match percents.iter().find(|(_, percent)| **percent > 100) {
        Some((_, percent)) => Err(Error::new(format!("must be whole percents from 0 to 100, got {percent}"))),
        None => Ok(()),
    }
}
