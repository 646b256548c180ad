//! What counts as success in an experiment: abtest keeps it, metrics counts it.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

/// What counts as success. A visitor reaches it at most once: with the first event that matches, after having been exposed
/// and within the window.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Goal {
    /// Its id; another definition (events or window) is another goal with another id, counted anew from the events.
    pub id: Uuid,
    /// What people call it.
    #[schema(min_length = 1, max_length = 100, example = "Call to action clicked")]
    pub name: String,
    /// What it is for.
    pub role: GoalRole,
    /// Which way is better.
    pub direction: Direction,
    /// The events that reach it, or that hold what is measured: any of these.
    #[schema(min_items = 1, max_items = 20)]
    pub any_of: Vec<GoalEvent>,
    /// How many hours after the exposure an event still counts; `null` for no limit.
    #[schema(minimum = 1, maximum = 8760, required)]
    pub window_hours: Option<u32>,
    /// Of a guardrail: whether the experiment is paused when a variant does harm to it.
    pub pause_on_harm: bool,
    /// Of a goal that is measured in place of reached: what each visitor's number is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measure: Option<GoalMeasure>,
}

/// One number for each visitor, out of the events of a goal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct GoalMeasure {
    /// Which member of the events' metadata holds it: a number from 0 on.
    #[schema(min_length = 1, max_length = 255, example = "seconds")]
    pub property: String,
    /// What several events of one visitor come to.
    pub fold: MeasureFold,
    /// The most that counts of one visitor, so that a page left open overnight does not weigh like a thousand visits.
    #[schema(minimum = 1, maximum = 1_000_000, example = 1800)]
    pub cap: u32,
    /// Whether visitors without such an event count as 0; otherwise they are left out, and said to be missing.
    pub absent_is_zero: bool,
}

/// What several numbers of one visitor come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MeasureFold {
    /// Their sum.
    Sum,
    /// The greatest of them.
    Greatest,
}

/// What a goal is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum GoalRole {
    /// It decides; an experiment has exactly one.
    Primary,
    /// It is shown beside.
    Secondary,
    /// It must not get worse.
    Guardrail,
}

/// Which way is better.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// More is better.
    #[default]
    Increase,
    /// Less is better.
    Decrease,
}

/// Which events match: those that agree in everything that is given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct GoalEvent {
    /// Their type.
    #[schema(min_length = 1, max_length = 100, example = "click")]
    pub event_type: String,
    /// Their name; any if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 255, example = "cta_primary")]
    pub event_name: Option<String>,
    /// A member of their metadata; any metadata if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub property: Option<GoalProperty>,
}

/// A member of an event's metadata, and what it must hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct GoalProperty {
    /// Which member.
    #[schema(min_length = 1, max_length = 255, example = "plan")]
    pub key: String,
    /// Text, a number, `true` or `false`.
    #[schema(value_type = GoalValue, example = "yearly")]
    pub value: Value,
}

/// What a member of an event's metadata can be asked for.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "describes the value for the document, is never built")]
enum GoalValue {
    /// Text.
    Text(String),
    /// A number.
    Number(f64),
    /// `true` or `false`.
    Truth(bool),
}

impl Goal {
    /// Whether both are reached by the same events, so that what was counted for one is the other's count.
    pub fn counts_like(&self, any_of: &[GoalEvent], window_hours: Option<u32>, measure: Option<&GoalMeasure>) -> bool {
        self.any_of == any_of && self.window_hours == window_hours && self.measure.as_ref() == measure
    }
}
