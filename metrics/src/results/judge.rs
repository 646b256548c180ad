//! From counts to numbers: what results and the calculator say about a tally, by the functions of `pushnami-decision`.

use pushnami_common::contract::Direction;
use pushnami_decision::always_valid::{self, Tuning};
use pushnami_decision::bayes::{self, Posterior};
use pushnami_decision::counts::{Counts, Interval, LiftInterval};
use pushnami_decision::{correction, exact_share, fixed_horizon, proportion};

use super::model::{
    AlwaysValid, Bayesian, Comparison, ExactCheck, FixedHorizon, OpenRange, Prior, Range, Settings, VariantResult,
};
use super::tally::Tally;

/// The level of intervals of one variant.
pub const INTERVAL_LEVEL: f64 = 0.95;
/// The share of false alarms, unless somebody wants another.
pub const ALPHA: f64 = 0.05;
/// The least lift worth finding, unless somebody says another.
pub const MDE: f64 = 0.10;
/// The chance to find it.
pub const POWER: f64 = 0.8;
/// Full days before a winner is called.
pub const MINIMUM_DAYS: u32 = 7;
/// Visitors of each variant before anything is compared.
pub const MINIMUM_VISITORS: u64 = 100;
/// Conversions of a pair before it is compared.
pub const MINIMUM_CONVERSIONS: u64 = 25;

/// How a tally is to be judged.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    /// The share of false alarms over all comparisons.
    pub alpha: f64,
    /// Visitors of both at which the interval is tightest.
    pub tuning_visitors: f64,
    /// The least lift worth finding.
    pub mde_relative: f64,
    /// Which way is better.
    pub direction: Direction,
    /// What is believed before anybody came; the pooled rule without one.
    pub prior: Option<bayes::Prior>,
    /// Visitors of a pair that were planned for one look.
    pub planned: Option<f64>,
}

impl Rules {
    /// The tuning of one of so many comparisons.
    pub fn tuning(&self, comparisons: usize) -> Tuning {
        Tuning { visitors: self.tuning_visitors, alpha: self.alpha / comparisons.max(1) as f64 }
    }
}

/// What was judged.
#[derive(Clone, Debug)]
pub struct Judged {
    /// How the numbers are meant.
    pub settings: Settings,
    /// Each variant.
    pub variants: Vec<VariantResult>,
    /// Each but control.
    pub comparisons: Vec<Comparison>,
}

/// Judges a tally of at least two variants.
pub fn judge(tally: &Tally, rules: &Rules) -> Judged {
    let alike = tally.alike();
    let totals: Vec<Counts> = tally.variants.iter().map(|variant| tally.total(variant)).collect();
    let prior = rules.prior.unwrap_or_else(|| bayes::Prior::pooled(alike.as_deref().unwrap_or(&totals)));
    let comparison_alpha = rules.tuning(tally.variants.len() - 1).alpha;
    let posterior = alike.and_then(|counts| believed(&counts, prior, comparison_alpha, rules.direction));
    Judged {
        settings: settings(tally, rules, prior, comparison_alpha),
        variants: variants(tally, &totals, posterior.as_ref()),
        comparisons: comparisons(tally, rules, comparison_alpha, posterior.as_ref()),
    }
}

/// What is believed; where less is better, who is lowest is best.
fn believed(counts: &[Counts], prior: bayes::Prior, alpha: f64, direction: Direction) -> Option<Posterior> {
    let mut posterior = bayes::judge_counts(counts, prior, alpha)?;
    if direction == Direction::Increase {
        return Some(posterior);
    }
    let missed = |one: &Counts| Counts::new(one.visitors(), one.visitors() - one.conversions()).unwrap_or_default();
    let missed: Vec<Counts> = counts.iter().map(missed).collect();
    let mirrored = bayes::judge_counts(&missed, bayes::Prior { alpha: prior.beta, beta: prior.alpha }, alpha)?;
    for (one, mirror) in posterior.variants.iter_mut().zip(&mirrored.variants) {
        (one.probability_best, one.expected_loss) = (mirror.probability_best, mirror.expected_loss);
    }
    for (one, mirror) in posterior.comparisons.iter_mut().zip(&mirrored.comparisons) {
        one.chance_to_beat_control = mirror.chance_to_beat_control;
        (one.expected_loss, one.expected_gain) = (mirror.expected_loss, mirror.expected_gain);
    }
    Some(posterior)
}

fn settings(tally: &Tally, rules: &Rules, prior: bayes::Prior, comparison_alpha: f64) -> Settings {
    Settings {
        alpha: rules.alpha,
        comparisons: tally.variants.len() - 1,
        interval_level: INTERVAL_LEVEL,
        comparison_level: 1.0 - comparison_alpha,
        decision_method: "always_valid_mixture",
        tuning_visitors: rules.tuning_visitors,
        correction: "holm",
        mde_relative: rules.mde_relative,
        minimum_days: MINIMUM_DAYS,
        minimum_visitors_per_variant: MINIMUM_VISITORS,
        minimum_conversions_per_pair: MINIMUM_CONVERSIONS,
        prior: Prior {
            alpha: prior.alpha,
            beta: prior.beta,
            rule: if rules.prior.is_some() { "given" } else { "pooled_one_conversion" },
        },
    }
}

fn variants(tally: &Tally, totals: &[Counts], posterior: Option<&Posterior>) -> Vec<VariantResult> {
    let shares = tally.revisions.last().map(|revision| &revision.shares);
    let variant = |(position, (key, counts)): (usize, (&String, &Counts))| {
        let believed = posterior.map(|posterior| posterior.variants[position]);
        VariantResult {
            key: key.clone(),
            is_control: position == 0,
            share: shares.and_then(|shares| shares.get(key)).copied().unwrap_or_default(),
            visitors: counts.visitors(),
            conversions: counts.conversions(),
            rate: counts.rate(),
            rate_interval: proportion::wilson(*counts, INTERVAL_LEVEL).map(range),
            posterior_mean: believed.map(|one| one.mean),
            credible_interval: believed.map(|one| range(one.credible_interval)),
            probability_best: believed.map(|one| one.probability_best),
            expected_loss: believed.map(|one| one.expected_loss),
        }
    };
    tally.variants.iter().zip(totals).enumerate().map(variant).collect()
}

fn comparisons(tally: &Tally, rules: &Rules, alpha: f64, posterior: Option<&Posterior>) -> Vec<Comparison> {
    let others = &tally.variants[1..];
    let mut comparisons: Vec<Comparison> = others
        .iter()
        .enumerate()
        .map(|(position, variant)| {
            let believed = posterior.map(|posterior| bayesian(&posterior.comparisons[position]));
            comparison(tally, rules, alpha, variant, believed)
        })
        .collect();
    let deciding: Vec<f64> = comparisons.iter().map(|one| one.always_valid.p_value).collect();
    let at_one_look = |one: &Comparison| one.fixed_horizon.as_ref().map_or(1.0, |one| one.p_value);
    let at_one_look: Vec<f64> = comparisons.iter().map(at_one_look).collect();
    let (deciding, at_one_look) =
        (correction::holm(&deciding, others.len()), correction::holm(&at_one_look, others.len()));
    for (position, one) in comparisons.iter_mut().enumerate() {
        one.always_valid.p_value_adjusted = deciding[position];
        one.always_valid.conclusive = deciding[position] <= rules.alpha;
        if let Some(look) = &mut one.fixed_horizon {
            look.p_value_adjusted = at_one_look[position];
        }
    }
    comparisons
}

fn comparison(tally: &Tally, rules: &Rules, alpha: f64, variant: &str, bayesian: Option<Bayesian>) -> Comparison {
    let pairs = tally.pairs(variant);
    let deciding = always_valid::compare_counts(&pairs, Tuning { visitors: rules.tuning_visitors, alpha });
    let visitors: u64 = pairs.iter().map(|pair| pair.control.visitors() + pair.variant.visitors()).sum();
    let look = fixed_horizon::compare_strata(&pairs, alpha).map(|look| FixedHorizon {
        valid_at_visitors: rules.planned,
        reached: rules.planned.is_some_and(|planned| visitors as f64 >= planned),
        z: look.statistic,
        p_value: look.p_value,
        p_value_adjusted: look.p_value,
        absolute_interval: look.absolute_interval.map(range),
        relative_interval: open_range(look.relative_interval),
    });
    Comparison {
        variant: variant.to_owned(),
        control: tally.variants[0].clone(),
        absolute_difference: deciding.map(|one| one.difference),
        relative_lift: deciding.and_then(|one| one.relative_lift),
        always_valid: AlwaysValid {
            p_value: deciding.map_or(1.0, |one| one.p_value),
            p_value_adjusted: 1.0,
            log_e_value: deciding.map_or(0.0, |one| one.log_e_value),
            absolute_interval: deciding.and_then(|one| one.absolute_interval).map(range),
            relative_interval: deciding.and_then(|one| open_range(one.relative_interval)),
            first_crossed_at: None,
            conclusive: false,
        },
        fixed_horizon: look,
        bayesian,
        exact_check: exact_check(tally, variant, alpha),
    }
}

/// Within one revision only: what share the conversions should have is known there.
fn exact_check(tally: &Tally, variant: &str, alpha: f64) -> Option<ExactCheck> {
    let [pair] = tally.pairs(variant)[..] else { return None };
    let revision = tally.revisions.iter().find(|one| one.of(variant) == pair.variant && pair.variant.visitors() > 0)?;
    let (control, own) = (*revision.shares.get(&tally.variants[0])?, *revision.shares.get(variant)?);
    let share = own / (control + own);
    (share > 0.0 && share < 1.0).then(|| {
        let exact = exact_share::compare(pair, share, alpha);
        ExactCheck { p_value: exact.p_value, relative_interval: open_range(exact.relative_interval) }
    })
}

fn bayesian(one: &bayes::Comparison) -> Bayesian {
    Bayesian {
        chance_to_beat_control: one.chance_to_beat_control,
        expected_loss: one.expected_loss,
        expected_gain: one.expected_gain,
        absolute_interval: range(one.absolute_interval),
        relative_interval: one.relative_interval.map(range),
    }
}

/// An interval as the answer writes it.
pub fn range(interval: Interval) -> Range {
    Range(interval.low, interval.high)
}

/// An interval of lifts as the answer writes it; `None` when it bounds nothing.
pub fn open_range(interval: LiftInterval) -> Option<OpenRange> {
    (interval.low.is_some() || interval.high.is_some()).then_some(OpenRange(interval.low, interval.high))
}
