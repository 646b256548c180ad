//! What the goals of an experiment must be.

use garde::Validate;
use garde::error::Error;
use pushnami_common::contract::{Direction, Goal, GoalEvent, GoalMeasure, GoalProperty, GoalRole};
use pushnami_common::ids::new_id;
use pushnami_common::text;
use serde::Deserialize;
use serde_json::Value;
use time::OffsetDateTime;
use utoipa::ToSchema;

/// The most goals of an experiment: each is another comparison, and another way to be wrong.
const MOST_GOALS: usize = 20;
/// The longest window: a year, in hours.
const LONGEST_WINDOW: u32 = 8760;
/// The most that may count of one visitor.
const LARGEST_CAP: u32 = 1_000_000;
/// The longest text that a property may be compared with, in characters.
const PROPERTY_CHARS: usize = 1000;

/// 1 to 20 goals of an experiment with different names, exactly one of them primary.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[garde(transparent)]
#[schema(min_items = 1, max_items = 20)]
pub struct NewGoals(#[garde(custom(well_assorted), dive)] pub Vec<NewGoal>);

/// A goal to be; what a reader was given is also taken back.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
pub struct NewGoal {
    /// What people call it: 1 to 100 characters, not blank.
    #[garde(custom(text::name(100)))]
    #[schema(min_length = 1, max_length = 100, pattern = r"\S", example = "Call to action clicked")]
    pub name: String,
    /// What it is for.
    #[garde(skip)]
    pub role: GoalRole,
    /// Which way is better; `increase` if left out.
    #[serde(default)]
    #[garde(skip)]
    pub direction: Direction,
    /// The events that reach it: any of these.
    #[garde(length(min = 1, max = 20), inner(custom(storable)))]
    #[schema(min_items = 1, max_items = 20)]
    pub any_of: Vec<GoalEvent>,
    /// How many hours after the exposure an event still counts; no limit if left out.
    #[serde(default)]
    #[garde(custom(window))]
    #[schema(minimum = 1, maximum = 8760)]
    pub window_hours: Option<u32>,
    /// Of a guardrail: whether the experiment is paused when a variant does harm to it.
    #[serde(default)]
    #[garde(skip)]
    pub pause_on_harm: bool,
    /// For a goal that is measured in place of reached; a primary goal is always reached.
    #[serde(default)]
    #[garde(custom(measurable))]
    pub measure: Option<GoalMeasure>,
}

impl NewGoals {
    /// The goals with their ids: one that counts what an old one counts is that one, the others are new.
    pub fn identified(&self, old: &[Goal], now: OffsetDateTime) -> Vec<Goal> {
        let mut old: Vec<&Goal> = old.iter().collect();
        let identified = |new: &NewGoal| {
            let known =
                old.iter().position(|goal| goal.counts_like(&new.any_of, new.window_hours, new.measure.as_ref()));
            let id = known.map_or_else(|| new_id(now), |known| old.remove(known).id);
            Goal {
                id,
                name: new.name.clone(),
                role: new.role,
                direction: new.direction,
                any_of: new.any_of.clone(),
                window_hours: new.window_hours,
                pause_on_harm: new.pause_on_harm,
                measure: new.measure.clone(),
            }
        };
        self.0.iter().map(identified).collect()
    }
}

impl Default for NewGoals {
    /// What the landing page is for.
    fn default() -> Self {
        let click = |name: &str| GoalEvent {
            event_type: "click".to_owned(),
            event_name: Some(name.to_owned()),
            property: None,
        };
        Self(vec![NewGoal {
            name: "Call to action clicked".to_owned(),
            role: GoalRole::Primary,
            direction: Direction::Increase,
            any_of: vec![click("cta_primary"), click("cta_secondary")],
            window_hours: None,
            pause_on_harm: false,
            measure: None,
        }])
    }
}

fn well_assorted(goals: &[NewGoal], (): &()) -> garde::Result {
    if goals.is_empty() || goals.len() > MOST_GOALS {
        return Err(Error::new(format!("must be 1 to {MOST_GOALS} goals, got {}", goals.len())));
    }
    match goals.iter().filter(|goal| goal.role == GoalRole::Primary).count() {
        1 => {}
        count => return Err(Error::new(format!("must have exactly one primary goal, got {count}"))),
    }
    if goals.iter().any(|goal| goal.pause_on_harm && goal.role != GoalRole::Guardrail) {
        return Err(Error::new("only a guardrail may pause the experiment"));
    }
    if goals.iter().any(|goal| goal.measure.is_some() && goal.role == GoalRole::Primary) {
        return Err(Error::new("the primary goal is reached, not measured: only shares of visitors decide"));
    }
    let mut names: Vec<&str> = goals.iter().map(|goal| goal.name.as_str()).collect();
    names.sort_unstable();
    if names.windows(2).any(|pair| pair[0] == pair[1]) { Err(Error::new("must have different names")) } else { Ok(()) }
}

fn storable(event: &GoalEvent, (): &()) -> garde::Result {
    let within = |what: &str, text: &str, min, max| {
        text::check(text, min, max).map_err(|sentence| Error::new(format!("{what} {sentence}")))
    };
    within("`event_type`", &event.event_type, 1, 100)?;
    within("`event_name`", event.event_name.as_deref().unwrap_or_default(), 0, 255)?;
    let Some(GoalProperty { key, value }) = &event.property else { return Ok(()) };
    within("the key of `property`", key, 1, 255)?;
    match value {
        Value::String(text) => within("the value of `property`", text, 0, PROPERTY_CHARS),
        Value::Bool(_) | Value::Number(_) => Ok(()),
        Value::Null | Value::Array(_) | Value::Object(_) => {
            Err(Error::new("the value of `property` must be text, a number, `true` or `false`"))
        }
    }
}

fn measurable(measure: &Option<GoalMeasure>, (): &()) -> garde::Result {
    let Some(measure) = measure else { return Ok(()) };
    text::check(&measure.property, 1, 255).map_err(|sentence| Error::new(format!("its `property` {sentence}")))?;
    match measure.cap {
        1..=LARGEST_CAP => Ok(()),
        cap => Err(Error::new(format!("its `cap` must be 1 to {LARGEST_CAP}, got {cap}"))),
    }
}

fn window(hours: &Option<u32>, (): &()) -> garde::Result {
    match hours {
        Some(hours) if !(1..=LONGEST_WINDOW).contains(hours) => {
            Err(Error::new(format!("must be 1 to {LONGEST_WINDOW} hours, got {hours}")))
        }
        _ => Ok(()),
    }
}
