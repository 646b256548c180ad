//! The sentences: one function for each state, which answers nothing where its condition does not hold.

use pushnami_common::contract::GoalRole;

use super::super::judge::{MINIMUM_CONVERSIONS, MINIMUM_VISITORS};
use super::super::model::{Comparison, OpenRange, TrafficStatus, VariantResult};
use super::super::words;
use super::{Sentence, Severity, Situation, State};

fn range_of(one: &Comparison) -> OpenRange {
    one.always_valid.relative_interval.unwrap_or_default()
}

fn change(one: &Comparison) -> String {
    let OpenRange(low, high) = range_of(one);
    let best = one.relative_lift.map(|lift| format!(" (best guess {})", words::lift(lift))).unwrap_or_default();
    format!("{}{best}", words::lifts(low, high))
}

pub(super) fn not_started(situation: &Situation<'_>) -> Option<Sentence> {
    (situation.traffic.visitors.iter().sum::<u64>() == 0).then(|| {
        Sentence(
            State::NotStarted,
            Severity::Info,
            None,
            "No visitors yet".to_owned(),
            "Nobody has seen a page under this experiment since it was created.".to_owned(),
            "Check that the experiment is active and that the page sends its events; then wait.".to_owned(),
        )
    })
}

pub(super) fn invalid(situation: &Situation<'_>) -> Option<Sentence> {
    let traffic = situation.traffic;
    if traffic.status != TrafficStatus::Fail {
        return None;
    }
    let body = if traffic.impossible_assignment {
        "Visitors were first seen in a variant whose share was 0%. Nobody was to be sent there, so somebody else decides \
         who sees what."
            .to_owned()
    } else {
        let off = |at: &usize| (traffic.observed_share[*at] - traffic.expected_share[*at]).abs();
        let worst = (0..traffic.visitors.len()).max_by(|one, other| off(one).total_cmp(&off(other)))?;
        format!(
            "{} received {} of the visitors instead of {} ({}). Something drops or duplicates visitors of one variant.",
            situation.judged.variants[worst].key,
            words::rate(traffic.observed_share[worst]),
            words::rate(traffic.expected_share[worst]),
            words::p_value(traffic.p_value_always_valid)
        )
    };
    Some(Sentence(
        State::InvalidSrm,
        Severity::Error,
        None,
        "Do not use these results".to_owned(),
        body,
        "Find what loses or moves visitors (a redirect, a slow variant, a cache, a script that fails), mend it, and start \
         again with a new experiment."
            .to_owned(),
    ))
}

pub(super) fn not_enough(situation: &Situation<'_>) -> Option<Sentence> {
    let variants = &situation.judged.variants;
    let running = || variants.iter().filter(|one| one.is_control || one.share > 0.0 || one.visitors > 0);
    let fewest = running().map(|one| one.visitors).min()?;
    let pair = |one: &VariantResult| situation.control().conversions + one.conversions;
    let conversions = running().filter(|one| !one.is_control).map(pair).min().unwrap_or_default();
    if fewest >= MINIMUM_VISITORS && conversions >= MINIMUM_CONVERSIONS {
        return None;
    }
    let body = if fewest < MINIMUM_VISITORS {
        format!(
            "The smallest variant has {}; {MINIMUM_VISITORS} are needed before variants are compared.",
            words::counted(fewest, "visitor", "visitors")
        )
    } else {
        format!(
            "{} so far; {MINIMUM_CONVERSIONS} are needed before variants are compared.",
            words::counted(conversions, "conversion", "conversions")
        )
    };
    Some(Sentence(
        State::NotEnoughData,
        Severity::Info,
        None,
        "Too early to say anything".to_owned(),
        body,
        format!("Let it run. {}", situation.days_left()),
    ))
}

pub(super) fn harmed(situation: &Situation<'_>) -> Option<Sentence> {
    let guardrails = situation.other_goals.iter().filter(|goal| goal.role == GoalRole::Guardrail);
    let (goal, harm) = guardrails
        .flat_map(|goal| goal.comparisons.iter().map(move |one| (goal, one)))
        .find(|(_, one)| one.is_harmful)?;
    let OpenRange(low, high) = harm.relative_interval.unwrap_or_default();
    Some(Sentence(
        State::GuardrailHarmed,
        Severity::Warning,
        Some(harm.variant.clone()),
        format!("{} harms the guardrail “{}”", harm.variant, goal.name),
        format!("“{}” changed by {} with {}.", goal.name, words::lifts(low, high), harm.variant),
        format!("Do not ship {} before you have decided whether that is a price worth paying.", harm.variant),
    ))
}

pub(super) fn winner(situation: &Situation<'_>) -> Option<Sentence> {
    let winners = situation.shown(1.0);
    let chance = |one: &Comparison| situation.of(&one.variant).and_then(|one| one.probability_best).unwrap_or_default();
    let best = winners.iter().max_by(|one, other| chance(one).total_cmp(&chance(other)))?;
    let goal = situation.goal;
    let body =
        format!("“{goal}” changes by {} against {}. Checking often does not weaken this.", change(best), best.control);
    if situation.elapsed_days < f64::from(situation.judged.settings.minimum_days) {
        return Some(Sentence(
            State::EarlyWinner,
            Severity::Info,
            Some(best.variant.clone()),
            format!("{} is ahead beyond chance, but the week is not full", best.variant),
            body,
            format!("Keep running to day {}, so that every weekday is in.", situation.judged.settings.minimum_days),
        ));
    }
    let twin = winners.iter().find(|one| one.variant != best.variant && is_twin(situation, one));
    let loss = situation.of(&best.variant).and_then(|one| one.expected_loss).unwrap_or_default();
    let twin = twin.map(|one| format!(" {} is as good, as far as one can tell.", one.variant)).unwrap_or_default();
    Some(Sentence(
        State::Winner,
        Severity::Success,
        Some(best.variant.clone()),
        format!("{} beats {}", best.variant, best.control),
        format!(
            "{body}{twin} If it were not the best after all, you would lose {} of the rate on average.",
            words::points(loss)
        ),
        format!("Ship {}: give it all visitors.", best.variant),
    ))
}

/// Whether a winner is so near the best that nobody can tell them apart.
fn is_twin(situation: &Situation<'_>, one: &Comparison) -> bool {
    let loss = situation.of(&one.variant).and_then(|one| one.expected_loss);
    loss.zip(situation.control().rate).is_some_and(|(loss, rate)| loss < 0.01 * rate)
}

pub(super) fn loser(situation: &Situation<'_>) -> Option<Sentence> {
    let losers = situation.shown(-1.0);
    (!losers.is_empty() && losers.len() == situation.judged.comparisons.len()).then(|| {
        let control = situation.control().key.clone();
        let named: Vec<String> =
            losers.iter().map(|one| format!("{} changes it by {}", one.variant, change(one))).collect();
        Sentence(
            State::Loser,
            Severity::Warning,
            Some(control.clone()),
            format!("Keep {control}"),
            format!("“{}”: {}.", situation.goal, named.join("; ")),
            format!("Give {control} all visitors, and try something else."),
        )
    })
}

pub(super) fn no_difference(situation: &Situation<'_>) -> Option<Sentence> {
    let matters = situation.judged.settings.mde_relative.abs();
    let inside = |one: &Comparison| matches!(range_of(one), OpenRange(Some(low), Some(high)) if low > -matters && high < matters);
    situation.judged.comparisons.iter().all(inside).then(|| {
        let widest = situation.judged.comparisons.iter().map(change).collect::<Vec<_>>().join("; ");
        Sentence(
            State::NoMeaningfulDifference,
            Severity::Info,
            None,
            "No difference that matters".to_owned(),
            format!("The change is {widest}: smaller than the {} that would matter.", words::percent(matters)),
            "Keep whichever is simpler, and test a bolder change.".to_owned(),
        )
    })
}

pub(super) fn at_limit(situation: &Situation<'_>) -> Option<Sentence> {
    situation.plan.progress.is_some_and(|progress| progress >= 1.0).then(|| {
        Sentence(
            State::InconclusiveAtLimit,
            Severity::Info,
            None,
            "All the visitors of the plan came, without a clear difference".to_owned(),
            format!("A change of {} would very likely have shown.", words::percent(situation.plan.mde_relative)),
            format!("Keep {}, or test a bolder change.", situation.control().key),
        )
    })
}

pub(super) fn keep_running(situation: &Situation<'_>) -> Sentence {
    let body = situation.leading().map_or_else(String::new, |one| {
        let rate = |variant: &str| situation.of(variant).and_then(|one| one.rate).map_or("–".to_owned(), words::rate);
        let OpenRange(low, high) = range_of(one);
        format!(
            "{} converts {} against {}. Allowing for repeated checks, the true change may be {}.",
            one.variant,
            rate(&one.variant),
            rate(&one.control),
            words::lifts(low, high)
        )
    });
    Sentence(
        State::KeepRunning,
        Severity::Info,
        None,
        "Keep running: no clear difference yet".to_owned(),
        body,
        format!("Change nothing. {}", situation.days_left()),
    )
}

pub(super) fn cautions(situation: &Situation<'_>) -> Vec<String> {
    let mut cautions = Vec::new();
    let traffic = situation.traffic;
    if traffic.status == TrafficStatus::Warn {
        cautions.push(match traffic.p_value {
            Some(p) if p < 0.001 => {
                format!("The visitors are not shared out quite as configured ({}).", words::p_value(p))
            }
            _ => "More than 1% of the visitors were seen in two variants; they count in none.".to_owned(),
        });
    }
    let losers: Vec<&str> = situation.shown(-1.0).iter().map(|one| one.variant.as_str()).collect();
    if !losers.is_empty() && losers.len() < situation.judged.comparisons.len() {
        cautions.push(format!(
            "Worse than {}, beyond chance: {}. Stop sending visitors there.",
            situation.control().key,
            words::list(&losers)
        ));
    }
    let counting: Vec<&str> =
        situation.other_goals.iter().filter(|goal| goal.is_counting).map(|goal| goal.name.as_str()).collect();
    if !counting.is_empty() {
        cautions.push(format!("Still being counted from earlier events: {}.", words::list(&counting)));
    }
    cautions
}
