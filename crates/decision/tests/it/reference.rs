//! The cases of `tests/reference/cases.json`, which scipy, statsmodels and mpmath computed.

use pushnami_decision::always_valid::{self, AlwaysValid, Tuning};
use pushnami_decision::bayes::{self, Posterior, Prior};
use pushnami_decision::counts::{Counts, Interval, LiftInterval, Moments, Pair};
use pushnami_decision::plan::{Aim, plan};
use pushnami_decision::proportion::{mean_interval, wilson};
use pushnami_decision::traffic::{self, Split};
use pushnami_decision::{exact_share, fixed_horizon};
use serde::Deserialize;

mod accuracy;

/// Of closed forms, relative.
const CLOSED: f64 = 1e-9;
/// Of sums over a density, absolute.
const SUMMED: f64 = 1e-7;
/// Of ends that are searched, relative.
const SEARCHED: f64 = 1e-6;
const TUNING: Tuning = Tuning { visitors: 5000.0, alpha: 0.05 };

#[derive(Deserialize)]
struct Cases {
    pairs: Vec<PairCase>,
    moments: Vec<MomentsCase>,
    many: Vec<ManyCase>,
    strata: Vec<StrataCase>,
    traffic: Vec<TrafficCase>,
    plans: Vec<PlanCase>,
}

#[derive(Deserialize)]
struct PairCase {
    counts: [u64; 4],
    wilson: [f64; 2],
    z: f64,
    p: f64,
    newcombe: [f64; 2],
    koopman: [Option<f64>; 2],
    always_valid: AlwaysValidCase,
    bayes: Option<BayesCase>,
    miller: Option<f64>,
}

#[derive(Deserialize)]
struct AlwaysValidCase {
    log_e: f64,
    p: f64,
    absolute: Option<[f64; 2]>,
    relative: [Option<f64>; 2],
}

#[derive(Deserialize)]
struct BayesCase {
    best: Vec<f64>,
    loss: Vec<f64>,
    beats: Vec<f64>,
    behind: Vec<f64>,
    credible: Vec<[f64; 2]>,
    lifts: Vec<[f64; 2]>,
}

#[derive(Deserialize)]
struct MomentsCase {
    control: (u64, f64, f64),
    variant: (u64, f64, f64),
    t: f64,
    p: f64,
    absolute: [f64; 2],
    mean: [f64; 2],
    always_valid: AlwaysValidCase,
    chance: f64,
}

#[derive(Deserialize)]
struct ManyCase {
    counts: Vec<(u64, u64)>,
    bayes: BayesCase,
}

#[derive(Deserialize)]
struct StrataCase {
    strata: Vec<[u64; 4]>,
    chi_square: f64,
    p: f64,
    ratio: f64,
}

#[derive(Deserialize)]
struct TrafficCase {
    visitors: Vec<u64>,
    shares: Vec<f64>,
    chi_square: f64,
    p: f64,
    log_e: f64,
}

#[derive(Deserialize)]
struct PlanCase {
    rate: f64,
    lift: f64,
    power: f64,
    ratio: f64,
    variant: f64,
}

fn cases() -> Cases {
    serde_json::from_str(include_str!("../reference/cases.json")).unwrap()
}

fn counts(visitors: u64, conversions: u64) -> Counts {
    Counts::new(visitors, conversions).unwrap()
}

fn pair([n_control, k_control, n_variant, k_variant]: [u64; 4]) -> Pair<Counts> {
    Pair { control: counts(n_control, k_control), variant: counts(n_variant, k_variant) }
}

#[track_caller]
fn near(what: &str, got: f64, wanted: f64, tolerance: f64) {
    let scale = if tolerance == SUMMED { 1.0 } else { wanted.abs().max(1e-12) };
    assert!((got - wanted).abs() <= tolerance * scale, "{what}: {got:e} against {wanted:e}");
}

#[track_caller]
fn near_interval(what: &str, got: Interval, wanted: [f64; 2], tolerance: f64) {
    near(&format!("{what}, low"), got.low, wanted[0], tolerance);
    near(&format!("{what}, high"), got.high, wanted[1], tolerance);
}

#[track_caller]
fn near_lift(what: &str, got: LiftInterval, wanted: [Option<f64>; 2], tolerance: f64) {
    for (got, wanted) in [got.low, got.high].into_iter().zip(wanted) {
        match (got, wanted) {
            (Some(got), Some(wanted)) => near(what, got, wanted, tolerance),
            (got, wanted) => assert_eq!(got, wanted, "{what}"),
        }
    }
}

#[track_caller]
fn near_always_valid(what: &str, got: &AlwaysValid, wanted: &AlwaysValidCase) {
    near(what, got.log_e_value, wanted.log_e, CLOSED);
    near(what, got.p_value, wanted.p, CLOSED * wanted.log_e.abs().max(1.0));
    match (got.absolute_interval, wanted.absolute) {
        (Some(got), Some(wanted)) => near_interval(what, got, wanted, CLOSED),
        (got, wanted) => assert_eq!(got.is_some(), wanted.is_some(), "{what}"),
    }
    near_lift(what, got.relative_interval, wanted.relative, CLOSED);
}

#[track_caller]
fn near_posterior(what: &str, got: &Posterior, wanted: &BayesCase) {
    for (position, variant) in got.variants.iter().enumerate() {
        near(&format!("{what}, best"), variant.probability_best, wanted.best[position], SUMMED);
        near(&format!("{what}, loss"), variant.expected_loss, wanted.loss[position], SUMMED);
        near_interval(&format!("{what}, rate"), variant.credible_interval, wanted.credible[position], SEARCHED);
    }
    for (position, comparison) in got.comparisons.iter().enumerate() {
        near(&format!("{what}, chance"), comparison.chance_to_beat_control, wanted.beats[position + 1], SUMMED);
        near(&format!("{what}, behind"), comparison.expected_loss, wanted.behind[position + 1], SUMMED);
        let lift = comparison.relative_interval.unwrap();
        near_interval(&format!("{what}, lift"), lift, wanted.lifts[position], SEARCHED);
    }
}

#[test]
fn one_look_at_two_shares_is_that_of_statsmodels() {
    for case in cases().pairs {
        let what = format!("{:?}", case.counts);
        let got = fixed_horizon::compare_counts(pair(case.counts), 0.05).unwrap();
        near_interval(&what, wilson(pair(case.counts).variant, 0.95).unwrap(), case.wilson, CLOSED);
        near(&what, got.statistic, case.z, CLOSED);
        near(&what, got.p_value, case.p, CLOSED);
        near_interval(&format!("{what}, Newcombe"), got.absolute_interval.unwrap(), case.newcombe, CLOSED);
        near_lift(&format!("{what}, Koopman"), got.relative_interval, case.koopman, SEARCHED);
    }
}

#[test]
fn the_watched_numbers_are_the_formula_in_forty_digits() {
    for case in cases().pairs {
        let got = always_valid::compare_counts(&[pair(case.counts)], TUNING).unwrap();
        near_always_valid(&format!("{:?}", case.counts), &got, &case.always_valid);
    }
}

#[test]
fn chances_and_losses_are_those_of_scipy() {
    for case in cases().pairs {
        let both = [pair(case.counts).control, pair(case.counts).variant];
        let got = bayes::judge_counts(&both, Prior::pooled(&both), 0.05).unwrap();
        if let Some(wanted) = &case.bayes {
            near_posterior(&format!("{:?}", case.counts), &got, wanted);
        }
    }
    for case in cases().many {
        let variants: Vec<Counts> = case.counts.iter().map(|(visitors, k)| counts(*visitors, *k)).collect();
        let got = bayes::judge_counts(&variants, Prior::pooled(&variants), 0.05).unwrap();
        near_posterior(&format!("{:?}", case.counts), &got, &case.bayes);
    }
}

/// Evan Miller, "Formulas for Bayesian A/B Testing".
#[test]
fn the_chance_to_win_is_evan_millers_sum() {
    for case in cases().pairs {
        if let Some(wanted) = case.miller {
            let both = [pair(case.counts).control, pair(case.counts).variant];
            let got = bayes::judge_counts(&both, Prior { alpha: 1.0, beta: 1.0 }, 0.05).unwrap();
            near(&format!("{:?}", case.counts), got.comparisons[0].chance_to_beat_control, wanted, SUMMED * 1e-5);
        }
    }
}

#[test]
fn means_are_those_of_scipy() {
    for case in cases().moments {
        let moments = |(visitors, mean, variance)| Moments::new(visitors, mean, variance).unwrap();
        let both = Pair { control: moments(case.control), variant: moments(case.variant) };
        let what = format!("{both:?}");
        let got = fixed_horizon::compare_moments(&[both], 0.05).unwrap();
        near(&what, got.statistic, case.t, CLOSED);
        near(&what, got.p_value, case.p, CLOSED * got.statistic.abs().max(1.0));
        near_interval(&what, got.absolute_interval.unwrap(), case.absolute, CLOSED * 10.0);
        near_interval(&what, mean_interval(both.variant, 0.95).unwrap(), case.mean, CLOSED);
        near_always_valid(&what, &always_valid::compare_moments(&[both], TUNING).unwrap(), &case.always_valid);
        let chances = bayes::judge_moments(&[both.control, both.variant], 0.05).unwrap();
        near(&what, chances.comparisons[0].chance_to_beat_control, case.chance, SUMMED);
    }
}

#[test]
fn revisions_combine_as_statsmodels_strata_do() {
    for case in cases().strata {
        let strata: Vec<Pair<Counts>> = case.strata.iter().copied().map(pair).collect();
        let got = fixed_horizon::compare_strata(&strata, 0.05).unwrap();
        near("chi square", got.statistic.powi(2), case.chi_square, CLOSED);
        near("p", got.p_value, case.p, CLOSED);
        let watched = always_valid::compare_counts(&strata, TUNING).unwrap();
        near("ratio", watched.relative_lift.unwrap() + 1.0, case.ratio, CLOSED);
    }
}

#[test]
fn traffic_is_that_of_scipy_and_of_forty_digits() {
    for case in cases().traffic {
        let what = format!("{:?}", case.visitors);
        let got = traffic::judge(&[Split { visitors: &case.visitors, shares: &case.shares }]);
        near(&what, got.chi_square, case.chi_square, CLOSED);
        near(&what, got.p_value.unwrap_or(case.p), case.p, CLOSED * 10.0);
        near(&what, got.p_value_always_valid, (-case.log_e).exp().min(1.0), CLOSED);
    }
}

#[test]
fn plans_are_those_of_statsmodels() {
    for case in cases().plans {
        let aim = Aim {
            baseline_rate: case.rate,
            mde_relative: case.lift,
            power: case.power,
            alpha: 0.05,
            control_per_variant: case.ratio,
        };
        near("visitors", plan(aim).unwrap().fixed_visitors_variant, case.variant, CLOSED);
    }
}

/// The numbers that stand in the description of the results: 5 % base, +16 %, the plan's tuning.
#[test]
fn the_described_example_comes_out() {
    let both = pair([10_000, 500, 10_000, 580]);
    let got = always_valid::compare_counts(&[both], Tuning { visitors: 62_467.0, alpha: 0.05 }).unwrap();
    near("log e", got.log_e_value, 1.615359, SEARCHED);
    near("p", got.p_value, 0.198819, 5e-6);
    near_interval("absolute", got.absolute_interval.unwrap(), [-0.002164, 0.018164], 5e-4);
    near_lift("lift", got.relative_interval, [Some(-0.039580), Some(0.405024)], 5e-5);
    let exact = exact_share::compare(both, 0.5, 0.05);
    near("exact p", exact.p_value, 0.260186, 5e-6);
    near_lift("exact lift", exact.relative_interval, [Some(-0.037852), Some(0.400078)], 5e-5);
    let aim = Aim { baseline_rate: 0.05, mde_relative: 0.1, power: 0.8, alpha: 0.05, control_per_variant: 1.0 };
    let plan = plan(aim).unwrap();
    assert_eq!((plan.fixed_visitors.ceil(), plan.always_valid_visitors), (62_467.0, 121_096.0));
}
