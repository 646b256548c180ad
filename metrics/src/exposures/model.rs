//! What makes an exposure, what makes a conversion, and who is told apart. Pure: the worker and the recount share it.

use std::collections::{BTreeMap, HashMap};

use pushnami_common::contract::{Goal, GoalEvent};
use serde_json::Value;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::config::{Assigned, Rules, matches};
use crate::rollups::model::hour_of;

/// The event type that exposes.
pub const EXPOSING: &str = "page_view";

/// An event of an experiment, as far as it is counted. Previews and robots are left out before.
#[derive(Clone, Debug)]
pub struct Act {
    /// Its place in the order of commits.
    pub seq: i64,
    /// Whose it is.
    pub visitor_id: String,
    /// The experiment.
    pub experiment_id: Uuid,
    /// The variant it claims.
    pub claim: Option<String>,
    /// Its type.
    pub event_type: String,
    /// Its name.
    pub event_name: Option<String>,
    /// When it was recorded.
    pub created_at: OffsetDateTime,
}

/// Whom an act is of, and in which experiment.
pub type Who = (Uuid, String);

/// What is known of a visitor in an experiment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Visitor {
    /// The first page seen in the assigned variant.
    pub exposure: Option<Exposure>,
    /// Whether a page was seen in another variant.
    pub saw_other: bool,
    /// Whether any event claimed another variant.
    pub claimed_other: bool,
}

/// The first page a visitor saw in the assigned variant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exposure {
    /// Which variant, in which revision.
    pub assigned: Assigned,
    /// Whether that is known from the events alone.
    pub is_claimed: bool,
    /// The page's place in the log.
    pub seq: i64,
    /// When it was seen.
    pub at: OffsetDateTime,
}

/// A goal that a visitor reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conversion {
    /// Who, in which experiment.
    pub who: Who,
    /// Which goal.
    pub goal_id: Uuid,
    /// Of which variant and revision.
    pub assigned: Assigned,
    /// When.
    pub at: OffsetDateTime,
}

/// Why a visitor is told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Mark {
    /// Saw pages in two variants, and counts in none.
    TwoVariants,
    /// Made a claim that counts for none.
    OtherClaim,
    /// Counts, although no assignment is stored.
    ClaimedOnly,
}

/// Where a count belongs: the experiment, variant and revision, the goal (nil for exposures), and the hour.
pub type Cell = (Uuid, Assigned, Uuid, OffsetDateTime);

impl Mark {
    /// As the database spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::TwoVariants => "two_variants",
            Self::OtherClaim => "other_claim",
            Self::ClaimedOnly => "claimed_only",
        }
    }
}

impl Visitor {
    /// The exposure, if the visitor counts by it.
    pub fn counted(&self) -> Option<&Exposure> {
        self.exposure.as_ref().filter(|_| !self.saw_other)
    }

    /// Why the visitor is told apart; the first reason of these.
    pub fn mark(&self) -> Option<Mark> {
        match &self.exposure {
            Some(_) if self.saw_other => Some(Mark::TwoVariants),
            _ if self.claimed_other => Some(Mark::OtherClaim),
            Some(exposure) if exposure.is_claimed => Some(Mark::ClaimedOnly),
            _ => None,
        }
    }

    /// Takes in one act; `assigned` is the stored assignment, if there is one.
    fn take(&mut self, act: &Act, assigned: Option<&Assigned>, rules: &Rules) {
        let is_page = act.event_type == EXPOSING;
        // Once exposed, a visitor stays where that was: a variant that was given anew later is another one.
        let known = self.exposure.as_ref().map(|exposure| (exposure.assigned.clone(), exposure.is_claimed));
        let known = known.or_else(|| assigned.map(|assigned| (assigned.clone(), false)));
        let Some((assigned, is_claimed)) = known.or_else(|| Some((by_claim(act, rules)?, true))) else { return };
        if act.claim.as_ref().is_some_and(|claim| *claim != assigned.variant) {
            self.claimed_other = true;
            self.saw_other |= is_page;
        } else if is_page && self.exposure.is_none() {
            self.exposure = Some(Exposure { assigned, is_claimed, seq: act.seq, at: act.created_at });
        }
    }

    /// Whether an act that reaches a goal counts as this visitor's conversion.
    pub fn converts(&self, act: &Act, goal: &Goal) -> bool {
        self.counted().is_some_and(|exposure| {
            let window = goal.window_hours.map(|hours| exposure.at + Duration::hours(hours.into()));
            act.seq >= exposure.seq
                && act.claim.as_ref().is_none_or(|claim| *claim == exposure.assigned.variant)
                && window.is_none_or(|end| act.created_at < end)
        })
    }
}

/// What an event says of its visitor, where no assignment is stored: believed, if the experiment had that variant then.
fn by_claim(act: &Act, rules: &Rules) -> Option<Assigned> {
    let (claim, period) = (act.claim.as_ref()?, rules.at(act.created_at)?);
    let known = period.variants.contains(claim);
    known.then(|| Assigned { revision: period.revision, variant: claim.clone() })
}

/// Takes in acts in their order. `visitors` holds what was known of everybody among them, and then what is.
pub fn fold(
    acts: &[Act],
    visitors: &mut HashMap<Who, Visitor>,
    assigned: &HashMap<Who, Assigned>,
    rules: &HashMap<Uuid, Rules>,
) {
    for act in acts {
        let Some(rules) = rules.get(&act.experiment_id) else { continue };
        let who = (act.experiment_id, act.visitor_id.clone());
        let assigned = assigned.get(&who);
        visitors.entry(who).or_default().take(act, assigned, rules);
    }
}

/// The conversions among acts, each visitor's first for each goal, by those who count in the end. `metadata` is that of
/// the acts whose goals ask for it.
pub fn convert<'a>(
    acts: &[Act],
    goals: impl Fn(&Act) -> Vec<&'a Goal>,
    visitors: &HashMap<Who, Visitor>,
    metadata: &HashMap<i64, Value>,
) -> Vec<Conversion> {
    let mut first: BTreeMap<(Uuid, Who), Conversion> = BTreeMap::new();
    for act in acts {
        let who = (act.experiment_id, act.visitor_id.clone());
        for goal in goals(act).into_iter().filter(|goal| goal.measure.is_none()) {
            let reaches = reaches(act, goal, metadata);
            let visitor = visitors.get(&who).filter(|visitor| reaches && visitor.converts(act, goal));
            let Some(exposure) = visitor.and_then(Visitor::counted) else { continue };
            first.entry((goal.id, who.clone())).or_insert_with(|| Conversion {
                who: who.clone(),
                goal_id: goal.id,
                assigned: exposure.assigned.clone(),
                at: act.created_at,
            });
        }
    }
    first.into_values().collect()
}

/// Whether an act is one of those that a goal is about.
pub fn reaches(act: &Act, goal: &Goal, metadata: &HashMap<i64, Value>) -> bool {
    let is_it =
        |wanted| matches(wanted, &act.event_type, act.event_name.as_deref(), || metadata.get(&act.seq).cloned());
    goal.any_of.iter().any(is_it)
}

/// Whether some goal wants to know the metadata of an act.
pub fn asks_for_metadata(act: &Act, goals: &[Goal]) -> bool {
    let asks = |is_measured: bool, event: &GoalEvent| {
        (is_measured || event.property.is_some())
            && event.event_type == act.event_type
            && event.event_name.as_ref().is_none_or(|name| act.event_name.as_ref() == Some(name))
    };
    goals.iter().any(|goal| goal.any_of.iter().any(|event| asks(goal.measure.is_some(), event)))
}

/// Where an exposure is counted.
pub fn exposure_cell(experiment: Uuid, exposure: &Exposure) -> Cell {
    (experiment, exposure.assigned.clone(), Uuid::nil(), hour_of(exposure.at))
}

/// Where a conversion is counted.
pub fn conversion_cell(conversion: &Conversion) -> Cell {
    (conversion.who.0, conversion.assigned.clone(), conversion.goal_id, hour_of(conversion.at))
}

#[cfg(test)]
mod tests {
    use pushnami_common::contract::{Direction, GoalEvent, GoalRole};
    use time::macros::datetime;

    use super::super::config::Period;
    use super::*;

    const EXPERIMENT: Uuid = Uuid::from_u128(7);
    const NOON: OffsetDateTime = datetime!(2026-01-02 12:00 UTC);

    fn act(seq: i64, event_type: &str, claim: Option<&str>) -> Act {
        Act {
            seq,
            visitor_id: "alice".to_owned(),
            experiment_id: EXPERIMENT,
            claim: claim.map(str::to_owned),
            event_type: event_type.to_owned(),
            event_name: None,
            created_at: NOON + Duration::minutes(seq),
        }
    }

    fn rules() -> HashMap<Uuid, Rules> {
        let period = |revision, variants: [&str; 2], hours| Period {
            revision,
            variants: variants.map(str::to_owned).to_vec(),
            opened_at: NOON + Duration::hours(hours),
        };
        let goal = Goal {
            id: Uuid::from_u128(9),
            name: "Clicked".to_owned(),
            role: GoalRole::Primary,
            direction: Direction::Increase,
            any_of: vec![GoalEvent { event_type: "click".to_owned(), event_name: None, property: None }],
            window_hours: Some(1),
            pause_on_harm: false,
            measure: None,
        };
        let revisions = vec![period(1, ["a", "b"], -1), period(2, ["a", "c"], 1)];
        HashMap::from([(EXPERIMENT, Rules { revisions, goals: vec![goal] })])
    }

    /// Whether alice counts, where, why she is told apart, and whether she converted.
    fn judge(acts: &[Act], assigned: Option<(i32, &str)>) -> (Option<(i32, String)>, Option<Mark>, bool) {
        let rules = rules();
        let who = (EXPERIMENT, "alice".to_owned());
        let assigned = assigned.map(|(revision, variant)| Assigned { revision, variant: variant.to_owned() });
        let assigned = assigned.map(|assigned| (who.clone(), assigned)).into_iter().collect();
        let mut visitors = HashMap::new();
        fold(acts, &mut visitors, &assigned, &rules);
        let goals = |_: &Act| rules[&EXPERIMENT].goals.iter().collect();
        let conversions = convert(acts, goals, &visitors, &HashMap::new());
        let visitor = visitors.remove(&who).unwrap_or_default();
        let cell = visitor.counted().map(|one| (one.assigned.revision, one.assigned.variant.clone()));
        (cell, visitor.mark(), !conversions.is_empty())
    }

    #[test]
    fn a_visitor_counts_in_the_assigned_variant_from_the_first_page_on() {
        let in_a = Some((1, "a".to_owned()));
        let [page, click] = [act(1, "page_view", Some("a")), act(2, "click", Some("a"))];
        assert_eq!(judge(&[page.clone(), click.clone()], Some((1, "a"))), (in_a.clone(), None, true));
        assert_eq!(
            judge(&[act(1, "click", Some("a")), act(2, "page_view", None)], Some((1, "a"))),
            (in_a, None, false)
        );
        assert_eq!(judge(&[click], Some((1, "a"))), (None, None, false));
        // Assigned before the second revision, seen in it.
        let late = Act { created_at: NOON + Duration::hours(5), ..page };
        assert_eq!(judge(&[late], Some((1, "a"))).0, Some((1, "a".to_owned())));
    }

    #[test]
    fn another_claim_counts_for_nobody() {
        let pages = [act(1, "page_view", Some("a")), act(2, "click", Some("b"))];
        assert_eq!(judge(&pages, Some((1, "a"))), (Some((1, "a".to_owned())), Some(Mark::OtherClaim), false));
        assert_eq!(judge(&[act(1, "page_view", Some("b"))], Some((1, "a"))), (None, Some(Mark::OtherClaim), false));
        let both = [act(1, "page_view", Some("b")), act(2, "page_view", Some("a")), act(3, "click", Some("a"))];
        assert_eq!(judge(&both, Some((1, "a"))), (None, Some(Mark::TwoVariants), false));
    }

    #[test]
    fn without_an_assignment_the_claim_is_believed_if_it_can_be_true() {
        let page = |claim| [act(1, "page_view", claim)];
        assert_eq!(judge(&page(Some("b")), None).0, Some((1, "b".to_owned())));
        assert_eq!(judge(&page(Some("b")), None).1, Some(Mark::ClaimedOnly));
        assert_eq!(judge(&page(Some("c")), None), (None, None, false));
        assert_eq!(judge(&page(None), None), (None, None, false));
        let later = Act { created_at: NOON + Duration::hours(2), ..act(1, "page_view", Some("c")) };
        assert_eq!(judge(&[later], None).0, Some((2, "c".to_owned())));
    }

    #[test]
    fn a_window_ends() {
        let page = act(0, "page_view", Some("a"));
        assert!(judge(&[page.clone(), act(59, "click", Some("a"))], None).2);
        assert!(!judge(&[page, act(60, "click", Some("a"))], None).2);
    }

    #[test]
    fn properties_are_compared() {
        let wanted: GoalEvent =
            serde_json::from_str(r#"{"event_type": "click", "property": {"key": "plan", "value": 12}}"#).unwrap();
        let holds = |text: &str| matches(&wanted, "click", None, || serde_json::from_str(text).ok());
        assert!(holds(r#"{"plan": 12}"#) && holds(r#"{"plan": 12.0}"#));
        assert!(!holds(r#"{"plan": "12"}"#) && !holds("{}"));
        assert!(!matches(&wanted, "click", None, || None));
    }
}
