//! Chance itself: experiments without difference watched at every step, and experiments with one.
//!
//! Own generator with a fixed seed, so that every run draws the same visitors.

use pushnami_decision::always_valid::{self, Tuning};
use pushnami_decision::counts::{Counts, Pair};
use pushnami_decision::fixed_horizon;

const ALPHA: f64 = 0.05;
const EXPERIMENTS: u64 = 400;

/// SplitMix64. Source: Steele, Lea, Flood 2014.
struct Chance(u64);

impl Chance {
    fn draw(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// One experiment, looked at `looks` times.
struct Watched {
    share_of_variant: f64,
    rates: [f64; 2],
    visitors: u64,
    looks: u64,
}

impl Watched {
    /// Whether `verdict` called it at any look.
    fn is_ever_called(&self, seed: u64, verdict: impl Fn(Pair<Counts>) -> bool) -> bool {
        let mut chance = Chance(seed);
        let mut seen = [[0_u64; 2]; 2];
        for visitor in 1..=self.visitors {
            let variant = usize::from(chance.draw() < self.share_of_variant);
            seen[variant][0] += 1;
            seen[variant][1] += u64::from(chance.draw() < self.rates[variant]);
            let [control, variant] = seen.map(|[visitors, conversions]| Counts::new(visitors, conversions).unwrap());
            if visitor % (self.visitors / self.looks) == 0 && verdict(Pair { control, variant }) {
                return true;
            }
        }
        false
    }

    fn share_called(&self, verdict: impl Fn(Pair<Counts>) -> bool) -> f64 {
        let called = (0..EXPERIMENTS).filter(|seed| self.is_ever_called(seed * 7919 + 1, &verdict)).count();
        called as f64 / EXPERIMENTS as f64
    }
}

fn sequential(tuning: f64) -> impl Fn(Pair<Counts>) -> bool {
    move |pair| {
        always_valid::compare_counts(&[pair], Tuning { visitors: tuning, alpha: ALPHA })
            .is_some_and(|judged| judged.p_value <= ALPHA)
    }
}

fn naive(pair: Pair<Counts>) -> bool {
    fixed_horizon::compare_counts(pair, ALPHA).is_some_and(|judged| judged.p_value <= ALPHA)
}

#[test]
fn watched_all_the_time_false_alarms_stay_below_five_percent_and_the_naive_test_does_not() {
    for (share_of_variant, rate) in [(0.5, 0.1), (0.1, 0.05), (0.05, 0.02)] {
        let nothing = Watched { share_of_variant, rates: [rate, rate], visitors: 10_000, looks: 200 };
        let watched = nothing.share_called(sequential(5000.0));
        assert!(watched <= ALPHA, "share {share_of_variant}, rate {rate}: {watched}");
        let naive = nothing.share_called(naive);
        println!("false calls at share {share_of_variant}, rate {rate}: {watched} sequential, {naive} naive");
        assert!(naive > 2.0 * ALPHA, "the naive test should be fooled: {naive}");
    }
}

#[test]
fn a_ten_percent_lift_is_found() {
    // 30 % against 33 %, planned for 7525 visitors: about half are found by then, nearly nine in ten by twice that.
    let lift = |visitors| Watched { share_of_variant: 0.5, rates: [0.30, 0.33], visitors, looks: 100 };
    let by_plan = lift(7_500).share_called(sequential(7525.0));
    let by_twice = lift(15_000).share_called(sequential(7525.0));
    println!("found by the plan: {by_plan}, by twice the plan: {by_twice}");
    assert!((0.43..0.65).contains(&by_plan) && (0.82..0.95).contains(&by_twice), "{by_plan}, {by_twice}");
}

/// A ramp from 5 % over 20 % to 50 %, while the rate of everybody drifts by half, without any difference: watched all the
/// time over all revisions. Pooled, the drift would look like a difference.
#[test]
fn a_ramp_over_a_drifting_rate_is_no_difference() {
    const STAGES: [f64; 3] = [0.05, 0.2, 0.5];
    const VISITORS: u64 = 4_000;
    let called = |seed: u64, judge: &dyn Fn(&[Pair<Counts>]) -> bool| {
        let mut chance = Chance(seed);
        let mut strata: Vec<[[u64; 2]; 2]> = Vec::new();
        for (stage, share) in STAGES.iter().enumerate() {
            strata.push([[0; 2]; 2]);
            for visitor in 1..=VISITORS {
                let through = (stage as u64 * VISITORS + visitor) as f64 / (3 * VISITORS) as f64;
                let variant = usize::from(chance.draw() < *share);
                strata[stage][variant][0] += 1;
                strata[stage][variant][1] += u64::from(chance.draw() < 0.16 - 0.08 * through);
                let counted = |[visitors, conversions]: [u64; 2]| Counts::new(visitors, conversions).unwrap();
                let pairs = || strata.iter().map(|seen| Pair { control: counted(seen[0]), variant: counted(seen[1]) });
                if visitor % 100 == 0 && judge(&pairs().collect::<Vec<_>>()) {
                    return true;
                }
            }
        }
        false
    };
    let share = |judge: &dyn Fn(&[Pair<Counts>]) -> bool| {
        (0..EXPERIMENTS).filter(|seed| called(seed * 104_729 + 7, judge)).count() as f64 / EXPERIMENTS as f64
    };
    let tuning = Tuning { visitors: 5000.0, alpha: ALPHA };
    let by_strata = share(&|pairs| always_valid::compare_counts(pairs, tuning).is_some_and(|one| one.p_value <= ALPHA));
    let pooled = share(&|pairs| {
        let sum = |part: fn(&Pair<Counts>) -> Counts| {
            let all = |of: fn(Counts) -> u64| pairs.iter().map(|pair| of(part(pair))).sum();
            Counts::new(all(Counts::visitors), all(Counts::conversions)).unwrap()
        };
        let pair = Pair { control: sum(|pair| pair.control), variant: sum(|pair| pair.variant) };
        always_valid::compare_counts(&[pair], tuning).is_some_and(|one| one.p_value <= ALPHA)
    });
    println!("false calls over a ramp: {by_strata} by revisions, {pooled} pooled");
    assert!(by_strata <= ALPHA, "{by_strata}");
    assert!(pooled > 2.0 * ALPHA, "pooling should be fooled: {pooled}");
}
