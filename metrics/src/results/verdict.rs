//! The recommendation: one state out of a fixed list, the first whose condition holds, with a sentence that carries its
//! numbers and one that says what to do next. Pure.

mod sentences;

use pushnami_common::contract::Direction;
use serde::Serialize;
use utoipa::ToSchema;

use super::judge::Judged;
use super::model::{Comparison, OtherGoal, Plan, Traffic, VariantResult};
use super::words;
use sentences::{
    at_limit, cautions, harmed, invalid, keep_running, loser, no_difference, not_enough, not_started, winner,
};

/// What the results come to.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Recommendation {
    /// The coarse state: nothing is green before it is `decided`.
    pub phase: Phase,
    /// The fine one.
    pub state: State,
    /// The variant it is about.
    #[schema(required)]
    pub variant: Option<String>,
    /// How to show it.
    pub severity: Severity,
    /// The verdict, in one plain sentence.
    pub headline: String,
    /// The numbers behind it.
    pub body: String,
    /// What to do next.
    pub next_step: String,
    /// What else to keep in mind.
    pub cautions: Vec<String>,
}

/// The coarse state of an experiment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Too little to say anything.
    Collecting,
    /// Compared, and not decided.
    Running,
    /// Decided.
    Decided,
    /// The results are not to be used.
    Invalid,
}

/// The fine state of an experiment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Nobody was exposed.
    NotStarted,
    /// Visitors were not shared out as configured.
    InvalidSrm,
    /// Too few visitors or conversions.
    NotEnoughData,
    /// A guardrail got worse.
    GuardrailHarmed,
    /// A variant is better.
    Winner,
    /// A variant is better, and not every weekday is in.
    EarlyWinner,
    /// Every variant is worse.
    Loser,
    /// No difference that matters.
    NoMeaningfulDifference,
    /// All that was planned has come, and nothing is shown.
    InconclusiveAtLimit,
    /// Nothing is shown yet.
    KeepRunning,
}

/// How to show a verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Neither good nor bad.
    Info,
    /// Something was found.
    Success,
    /// Something wants a decision.
    Warning,
    /// Something is broken.
    Error,
}

/// Everything a verdict depends on.
#[derive(Clone, Copy, Debug)]
pub struct Situation<'a> {
    /// What was judged.
    pub judged: &'a Judged,
    /// How the traffic is.
    pub traffic: &'a Traffic,
    /// How long it takes.
    pub plan: &'a Plan,
    /// The other goals.
    pub other_goals: &'a [OtherGoal],
    /// What the goal is called.
    pub goal: &'a str,
    /// Which way is better.
    pub direction: Direction,
    /// Days since the first exposure.
    pub elapsed_days: f64,
}

/// A state with how to show it, the variant it is about, the headline, the body and the next step.
struct Sentence(State, Severity, Option<String>, String, String, String);

/// Recommends what to do.
pub fn recommend(situation: &Situation<'_>) -> Recommendation {
    let steps = [not_started, invalid, not_enough, harmed, winner, loser, no_difference, at_limit];
    let Sentence(state, severity, variant, headline, body, next_step) =
        steps.iter().find_map(|step| step(situation)).unwrap_or_else(|| keep_running(situation));
    Recommendation {
        phase: phase(state),
        state,
        variant,
        severity,
        headline,
        body,
        next_step,
        cautions: cautions(situation),
    }
}

fn phase(state: State) -> Phase {
    match state {
        State::NotStarted | State::NotEnoughData => Phase::Collecting,
        State::InvalidSrm => Phase::Invalid,
        State::GuardrailHarmed | State::EarlyWinner | State::KeepRunning => Phase::Running,
        State::Winner | State::Loser | State::NoMeaningfulDifference | State::InconclusiveAtLimit => Phase::Decided,
    }
}

impl Situation<'_> {
    /// 1 where more is better, -1 where less is.
    fn sign(&self) -> f64 {
        if self.direction == Direction::Increase { 1.0 } else { -1.0 }
    }

    /// The shown differences in a direction: 1 for wanted, -1 for not.
    fn shown(&self, wanted: f64) -> Vec<&Comparison> {
        let is_shown = |one: &&Comparison| {
            let difference = one.absolute_difference.unwrap_or_default() * self.sign() * wanted;
            difference > 0.0 && stands(one, self.judged.settings.alpha)
        };
        self.judged.comparisons.iter().filter(is_shown).collect()
    }

    fn control(&self) -> &VariantResult {
        &self.judged.variants[0]
    }

    fn of(&self, variant: &str) -> Option<&VariantResult> {
        self.judged.variants.iter().find(|one| one.key == variant)
    }

    /// The comparison that looks best now.
    fn leading(&self) -> Option<&Comparison> {
        let lead = |one: &&Comparison| one.absolute_difference.unwrap_or_default() * self.sign();
        self.judged.comparisons.iter().max_by(|one, other| lead(one).total_cmp(&lead(other)))
    }

    fn days_left(&self) -> String {
        match self.plan.days_to_fixed {
            Some(days) if days > 0.0 => format!("At the traffic of now a decision takes about {}.", words::days(days)),
            Some(_) => match self.plan.days_to_max {
                Some(days) if days > 0.0 => {
                    format!("It is decided within {} at the traffic of now.", words::days(days))
                }
                _ => String::new(),
            },
            None if self.plan.visitors_per_day.is_none() => {
                "How long that takes is known after the first full day.".to_owned()
            }
            None => String::new(),
        }
    }
}

/// Whether a comparison is decided: a verdict once reached stands.
fn stands(one: &Comparison, alpha: f64) -> bool {
    one.always_valid.p_value_adjusted <= alpha || one.always_valid.first_crossed_at.is_some()
}
