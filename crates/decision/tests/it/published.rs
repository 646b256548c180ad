//! Examples that were printed with their answers, by the people who found the methods or explained them best.

use pushnami_decision::counts::{Counts, Moments, Pair};
use pushnami_decision::proportion::wilson;
use pushnami_decision::traffic::{self, Split};
use pushnami_decision::{correction, fixed_horizon};

fn counts(conversions: u64, visitors: u64) -> Counts {
    Counts::new(visitors, conversions).unwrap()
}

/// Equal in the digits that were printed.
fn printed(what: &str, got: f64, wanted: f64, digits: i32) {
    let unit = 10.0_f64.powi(-digits);
    assert!((got - wanted).abs() <= 0.5001 * unit, "{what}: {got} is not {wanted}");
}

/// Newcombe 1998, "Two-sided confidence intervals for the single proportion", table I, method 3.
#[test]
fn newcombes_single_proportions() {
    for (conversions, visitors, low, high) in
        [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)]
    {
        let interval = wilson(counts(conversions, visitors), 0.95).unwrap();
        printed("low", interval.low, low, 4);
        printed("high", interval.high, high, 4);
    }
}

/// Newcombe 1998, "Interval estimation for the difference between independent proportions", table II, method 10.
#[test]
fn newcombes_differences() {
    for (variant, control, low, high) in
        [((56, 70), (48, 80), 0.0524, 0.3339), ((9, 10), (3, 10), 0.1705, 0.8090), ((10, 10), (0, 10), 0.6075, 1.0)]
    {
        let pair = Pair { control: counts(control.0, control.1), variant: counts(variant.0, variant.1) };
        let interval = fixed_horizon::compare_counts(pair, 0.05).unwrap().absolute_interval.unwrap();
        printed("low", interval.low, low, 4);
        printed("high", interval.high, high, 4);
    }
}

/// Koopman 1984, "Confidence intervals for the ratio of two binomial proportions": 36 of 40 against 16 of 80.
#[test]
fn koopmans_ratio() {
    let pair = Pair { control: counts(16, 80), variant: counts(36, 40) };
    let interval = fixed_horizon::compare_counts(pair, 0.05).unwrap().relative_interval;
    printed("low", interval.low.unwrap() + 1.0, 2.94, 2);
    printed("high", interval.high.unwrap() + 1.0, 7.15, 2);
}

/// Kohavi, Tang, Xu 2020, "Trustworthy Online Controlled Experiments", chapter 21: a ratio of 0.993 that is no chance.
#[test]
fn kohavis_sample_ratio_mismatch() {
    let found = traffic::judge(&[Split { visitors: &[821_588, 815_482], shares: &[0.5, 0.5] }]);
    printed("p", found.p_value.unwrap() * 1e6, 1.8, 1);
    assert!(found.p_value_always_valid < 0.01);
}

/// Student 1908, the hours of sleep that two drugs gave, as R's documentation of `t.test` judges them (Welch).
#[test]
fn students_sleep() {
    let control = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0];
    let variant = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];
    let moments = |values: [f64; 10]| {
        let mean = values.iter().sum::<f64>() / 10.0;
        Moments::new(10, mean, values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / 9.0).unwrap()
    };
    let pair = Pair { control: moments(control), variant: moments(variant) };
    let found = fixed_horizon::compare_moments(&[pair], 0.05).unwrap();
    printed("t", found.statistic, 1.8608, 4);
    printed("degrees of freedom", found.degrees_of_freedom.unwrap(), 17.776, 3);
    printed("p", found.p_value, 0.07939, 5);
    printed("low", found.absolute_interval.unwrap().low, -0.2054832, 7);
}

/// Benjamini & Hochberg 1995, table of fifteen p-values of a trial of myocardial infarction: four hold at 5 %, where
/// Bonferroni's correction keeps three.
#[test]
fn benjaminis_and_hochbergs_fifteen() {
    let p_values = [
        0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590,
        1.0,
    ];
    let held = |adjusted: Vec<f64>| adjusted.into_iter().filter(|p| *p <= 0.05).count();
    assert_eq!(held(correction::benjamini_hochberg(&p_values)), 4);
    assert_eq!(held(correction::holm(&p_values, 15)), 3);
}
