//! What must hold for all counts: the laws of the numbers, and no number that JSON cannot write.

use proptest::prelude::*;
use pushnami_decision::always_valid::{self, Tuning};
use pushnami_decision::bayes::{self, Prior};
use pushnami_decision::counts::{Counts, MOST_VISITORS, Moments, Pair};
use pushnami_decision::plan::{Aim, detectable_lift, plan};
use pushnami_decision::traffic::{self, Split};
use pushnami_decision::{exact_share, fixed_horizon, proportion};

/// Counts of all sizes alike: a few visitors as often as a trillion, no conversion and all of them included.
fn any_counts() -> impl Strategy<Value = Counts> {
    let visitors = (0.0..12.0_f64).prop_map(|digits| 10.0_f64.powf(digits) as u64);
    let share =
        prop_oneof![Just(0.0), Just(1.0), 0.0..1.0_f64, (-12.0..0.0_f64).prop_map(|digits| 10.0_f64.powf(digits))];
    (visitors, share)
        .prop_map(|(visitors, share)| Counts::new(visitors, ((visitors as f64 * share) as u64).min(visitors)).unwrap())
}

fn any_pair() -> impl Strategy<Value = Pair<Counts>> {
    (any_counts(), any_counts()).prop_map(|(control, variant)| Pair { control, variant })
}

/// Values of a page that can be: seconds or percents, of as many visitors, alike or far apart.
fn any_moments() -> impl Strategy<Value = Moments> {
    let mean = prop_oneof![Just(0.0), (-9.0..9.0_f64).prop_map(|digits| 10.0_f64.powf(digits))];
    let deviation = prop_oneof![Just(0.0), (-9.0..9.0_f64).prop_map(|digits| 10.0_f64.powf(digits))];
    (any_counts(), mean, deviation)
        .prop_map(|(counts, mean, deviation)| Moments::new(counts.visitors(), mean, deviation * deviation).unwrap())
}

fn tuning() -> Tuning {
    Tuning { visitors: 5000.0, alpha: 0.05 }
}

/// Whether JSON can write it: serde_json writes NaN and infinities as `null`, so the value itself is looked at.
fn finite(value: &impl std::fmt::Debug) -> bool {
    let text = format!("{value:?}");
    !text.contains("NaN") && !text.contains("inf")
}

proptest! {
    #[test]
    fn no_number_is_nan_or_infinite(pair in any_pair(), share in 0.01..0.99_f64) {
        let both = [pair.control, pair.variant];
        prop_assert!(finite(&always_valid::compare_counts(&[pair], tuning())));
        prop_assert!(finite(&fixed_horizon::compare_counts(pair, 0.05)));
        prop_assert!(finite(&fixed_horizon::compare_strata(&[pair, pair], 0.05)));
        prop_assert!(finite(&exact_share::compare(pair, share, 0.05)));
        prop_assert!(finite(&proportion::wilson(pair.variant, 0.95)));
        let visitors = [pair.control.visitors(), pair.variant.visitors()];
        let traffic = traffic::judge(&[Split { visitors: &visitors, shares: &[share, 1.0 - share] }]);
        prop_assert!(finite(&traffic));
        prop_assert!(finite(&bayes::judge_counts(&both, Prior::pooled(&both), 0.05)));
    }

    #[test]
    fn no_number_is_nan_or_infinite_over_unlike_revisions(strata in prop::collection::vec(any_pair(), 1..6)) {
        prop_assert!(finite(&always_valid::compare_counts(&strata, tuning())));
        prop_assert!(finite(&fixed_horizon::compare_strata(&strata, 0.05)));
    }

    #[test]
    fn no_number_is_nan_or_infinite_with_many_variants(variants in prop::collection::vec(any_counts(), 2..21)) {
        prop_assert!(finite(&bayes::judge_counts(&variants, Prior::pooled(&variants), 0.05 / 19.0)));
    }

    #[test]
    fn no_number_is_nan_or_infinite_of_means(control in any_moments(), variant in any_moments()) {
        let strata = [Pair { control, variant }, Pair { control: variant, variant: control }];
        for strata in [&strata[..1], &strata[..]] {
            prop_assert!(finite(&always_valid::compare_moments(strata, tuning())));
            prop_assert!(finite(&fixed_horizon::compare_moments(strata, 0.05)));
        }
        prop_assert!(finite(&proportion::mean_interval(variant, 0.95)));
        prop_assert!(finite(&bayes::judge_moments(&[control, variant], 0.05)));
    }

    #[test]
    fn no_number_is_nan_or_infinite_in_a_plan(rate in 1e-9..1.0_f64, lift in -0.999..100.0_f64, ratio in 1e-3..1e3_f64, counts in any_counts()) {
        let aim = Aim { baseline_rate: rate, mde_relative: lift, power: 0.8, alpha: 0.05, control_per_variant: ratio };
        prop_assert!(finite(&plan(aim)));
        prop_assert!(finite(&detectable_lift(aim, counts.visitors() as f64)));
    }

    #[test]
    fn the_watched_interval_leaves_zero_exactly_when_p_says_so(pair in any_pair()) {
        if let Some(judged) = always_valid::compare_counts(&[pair], tuning())
            && let Some(interval) = judged.absolute_interval
            && (judged.p_value - 0.05).abs() > 1e-9
        {
            prop_assert_eq!(judged.p_value <= 0.05, !interval.contains(0.0));
            if let (Some(low), Some(high)) = (judged.relative_interval.low, judged.relative_interval.high) {
                prop_assert_eq!(judged.p_value <= 0.05, !(low <= 0.0 && 0.0 <= high));
            }
        }
    }

    #[test]
    fn swapping_the_variants_turns_the_difference_round(pair in any_pair()) {
        let swapped = Pair { control: pair.variant, variant: pair.control };
        let one = always_valid::compare_counts(&[pair], tuning());
        let other = always_valid::compare_counts(&[swapped], tuning());
        if let (Some(one), Some(other)) = (one, other) {
            prop_assert_eq!(one.difference, -other.difference);
            prop_assert_eq!(one.p_value, other.p_value);
        }
    }

    #[test]
    fn chances_make_a_whole(variants in prop::collection::vec(any_counts(), 2..6)) {
        if let Some(judged) = bayes::judge_counts(&variants, Prior::pooled(&variants), 0.05) {
            let whole: f64 = judged.variants.iter().map(|variant| variant.probability_best).sum();
            prop_assert!((whole - 1.0).abs() < 1e-7, "{whole}");
            prop_assert!(judged.variants.iter().all(|variant| variant.expected_loss >= 0.0));
        }
    }

    #[test]
    fn one_more_conversion_never_lowers_the_chance(control in any_counts(), visitors in 2..100_000_u64, share in 0.0..1.0_f64) {
        prop_assume!(control.visitors() > 0);
        let conversions = (visitors as f64 * share) as u64;
        prop_assume!(conversions < visitors);
        let chance = |conversions| {
            let both = [control, Counts::new(visitors, conversions).unwrap()];
            bayes::judge_counts(&both, Prior { alpha: 1.0, beta: 10.0 }, 0.05).unwrap().comparisons[0].chance_to_beat_control
        };
        prop_assert!(chance(conversions + 1) >= chance(conversions) - 1e-9);
    }

    #[test]
    fn a_ramp_with_equal_rates_shows_no_lift(rates in prop::collection::vec((1..50_u64, 1..20_u64), 1..5)) {
        // Each revision has its own rate, the same in both variants, and its own split.
        let strata: Vec<Pair<Counts>> = rates
            .iter()
            .map(|(percent, times)| Pair {
                control: Counts::new(900 * 100, 900 * percent).unwrap(),
                variant: Counts::new(100 * 100 * times, 100 * percent * times).unwrap(),
            })
            .collect();
        let judged = always_valid::compare_counts(&strata, tuning()).unwrap();
        prop_assert!(judged.difference.abs() < 1e-15 && judged.p_value == 1.0);
        prop_assert!(fixed_horizon::compare_strata(&strata, 0.05).unwrap().statistic.abs() < 1e-9);
    }

    #[test]
    fn what_a_plan_asks_for_detects_what_it_aims_at(rate in 0.001..0.5_f64, lift in 0.02..0.9_f64, ratio in 0.1..10.0_f64) {
        let aim = Aim { baseline_rate: rate, mde_relative: lift, power: 0.8, alpha: 0.05, control_per_variant: ratio };
        let plan = plan(aim).unwrap();
        let detectable = detectable_lift(aim, plan.fixed_visitors).unwrap();
        prop_assert!((detectable - lift).abs() < 1e-9 * lift, "{detectable} against {lift}");
        prop_assert!(plan.always_valid_visitors > plan.fixed_visitors);
    }
}

/// Beta(1, b) against Beta(1, c): the chance is known without any sum.
#[test]
fn a_chance_that_is_known_by_heart_comes_out() {
    for (one, other) in [(9, 9), (19, 180), (999_999, 5)] {
        let both = [Counts::new(one, 0).unwrap(), Counts::new(other, 0).unwrap()];
        let judged = bayes::judge_counts(&both, Prior { alpha: 1.0, beta: 1.0 }, 0.05).unwrap();
        let exact = (one + 1) as f64 / (one + other + 2) as f64;
        assert!((judged.comparisons[0].chance_to_beat_control - exact).abs() < 1e-13);
    }
}

#[test]
fn what_cannot_be_said_is_left_out() {
    let (nobody, some) = (Counts::default(), Counts::new(10, 3).unwrap());
    let unsaid = Pair { control: nobody, variant: some };
    assert_eq!(always_valid::compare_counts(&[unsaid], tuning()), None);
    assert_eq!(fixed_horizon::compare_counts(unsaid, 0.05), None);
    assert_eq!(bayes::judge_counts(&[nobody, some], Prior::pooled(&[nobody, some]), 0.05), None);
    let silent = Pair { control: Counts::new(50, 0).unwrap(), variant: Counts::new(50, 0).unwrap() };
    let judged = always_valid::compare_counts(&[silent], tuning()).unwrap();
    assert_eq!((judged.p_value, judged.absolute_interval, judged.relative_lift), (1.0, None, None));
}

#[test]
fn a_visitor_where_nobody_may_be_is_an_alarm_of_its_own() {
    let split = Split { visitors: &[100, 1], shares: &[1.0, 0.0] };
    assert!(traffic::judge(&[split]).impossible_assignment);
    assert!(!traffic::judge(&[Split { visitors: &[100, 0], ..split }]).impossible_assignment);
}

#[test]
fn more_conversions_than_visitors_are_refused() {
    assert!(Counts::new(1, 2).is_err() && Counts::new(MOST_VISITORS + 1, 0).is_err());
}

#[test]
fn the_same_counts_always_give_the_same_digits() {
    let variants: Vec<Counts> = (0..20).map(|n| Counts::new(50_000_000 + n, 2_500_000 + 500 * n).unwrap()).collect();
    let judge = || bayes::judge_counts(&variants, Prior::pooled(&variants), 0.05).unwrap();
    assert_eq!(judge(), judge());
}
