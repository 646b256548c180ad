//! How exact each number is: for every kind of number the case in which it is farthest from the reference, printed as a
//! table by `cargo test -p pushnami-decision accuracy -- --nocapture`.

use super::*;

/// One number of one case: which, what came out, what the reference says.
type Figure = (String, f64, f64);

/// A kind of number, who computed the reference, and how far from it a number may be.
struct Kind {
    name: &'static str,
    tolerance: f64,
    figures: Vec<Figure>,
}

impl Kind {
    fn of(name: &'static str, tolerance: f64, figures: impl IntoIterator<Item = Figure>) -> Self {
        Self { name, tolerance, figures: figures.into_iter().collect() }
    }

    /// The figure that is farthest off, and how far: as a share of the reference, or where sums over a density are
    /// compared as it is.
    fn worst(&self) -> (&Figure, f64) {
        let error = |(_, ours, wanted): &Figure| {
            let scale = if self.tolerance == SUMMED { 1.0 } else { wanted.abs().max(1e-12) };
            (ours - wanted).abs() / scale
        };
        let worst = self.figures.iter().max_by(|one, other| error(one).total_cmp(&error(other))).unwrap();
        (worst, error(worst))
    }
}

/// Both ends of an interval.
fn ends(what: &str, got: Option<Interval>, wanted: Option<[f64; 2]>) -> Vec<Figure> {
    let both = got.zip(wanted).map(|(got, [low, high])| [(got.low, low), (got.high, high)]);
    both.into_iter().flatten().map(|(ours, wanted)| (what.to_owned(), ours, wanted)).collect()
}

/// Those ends of an interval of lifts that are bounded.
fn lift_ends(what: &str, got: LiftInterval, wanted: [Option<f64>; 2]) -> Vec<Figure> {
    let bounded = [got.low.zip(wanted[0]), got.high.zip(wanted[1])];
    bounded.into_iter().flatten().map(|(ours, wanted)| (what.to_owned(), ours, wanted)).collect()
}

fn one_look(pairs: &[PairCase]) -> Vec<Kind> {
    let look = |case: &PairCase| fixed_horizon::compare_counts(pair(case.counts), 0.05).unwrap();
    let named = |case: &PairCase| format!("{:?}", case.counts);
    let wilsons = |case: &PairCase| ends(&named(case), wilson(pair(case.counts).variant, 0.95), Some(case.wilson));
    let newcombes = |case: &PairCase| ends(&named(case), look(case).absolute_interval, Some(case.newcombe));
    vec![
        Kind::of("Wilson's interval (statsmodels)", CLOSED, pairs.iter().flat_map(wilsons)),
        Kind::of("pooled z (statsmodels)", CLOSED, pairs.iter().map(|one| (named(one), look(one).statistic, one.z))),
        Kind::of("pooled p (statsmodels)", CLOSED, pairs.iter().map(|one| (named(one), look(one).p_value, one.p))),
        Kind::of("Newcombe's interval (statsmodels)", CLOSED, pairs.iter().flat_map(newcombes)),
        Kind::of(
            "Koopman's interval (statsmodels, brentq)",
            SEARCHED,
            pairs.iter().flat_map(|one| lift_ends(&named(one), look(one).relative_interval, one.koopman)),
        ),
    ]
}

fn watched(pairs: &[PairCase]) -> Vec<Kind> {
    let watch = |case: &PairCase| always_valid::compare_counts(&[pair(case.counts)], TUNING).unwrap();
    let named = |case: &PairCase| format!("{:?}", case.counts);
    let evidence = |case: &PairCase| (named(case), watch(case).log_e_value, case.always_valid.log_e);
    let absolute = |case: &PairCase| ends(&named(case), watch(case).absolute_interval, case.always_valid.absolute);
    let relative = |case: &PairCase| lift_ends(&named(case), watch(case).relative_interval, case.always_valid.relative);
    vec![
        Kind::of("always valid: ln E (mpmath)", CLOSED, pairs.iter().map(evidence)),
        Kind::of("always valid: difference (mpmath)", CLOSED, pairs.iter().flat_map(absolute)),
        Kind::of("always valid: lift, Fieller (mpmath)", CLOSED, pairs.iter().flat_map(relative)),
    ]
}

fn believed(cases: &Cases) -> Vec<Kind> {
    let pairs = cases.pairs.iter().filter_map(|case| {
        let both = pair(case.counts);
        Some((vec![both.control, both.variant], case.bayes.as_ref()?))
    });
    let many = cases
        .many
        .iter()
        .map(|case| (case.counts.iter().map(|(visitors, k)| counts(*visitors, *k)).collect::<Vec<_>>(), &case.bayes));
    let (mut best, mut loss, mut credible, mut lifts) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (variants, wanted) in pairs.chain(many) {
        let what = variants.iter().map(|one| format!("{}/{}", one.conversions(), one.visitors()));
        let what = what.collect::<Vec<_>>().join(" ");
        let got = bayes::judge_counts(&variants, Prior::pooled(&variants), 0.05).unwrap();
        for (position, one) in got.variants.iter().enumerate() {
            best.push((what.clone(), one.probability_best, wanted.best[position]));
            loss.push((what.clone(), one.expected_loss, wanted.loss[position]));
            credible.extend(ends(&what, Some(one.credible_interval), Some(wanted.credible[position])));
        }
        for (position, one) in got.comparisons.iter().enumerate() {
            lifts.extend(ends(&what, one.relative_interval, Some(wanted.lifts[position])));
        }
    }
    vec![
        Kind::of("chance to be best (scipy), absolute", SUMMED, best),
        Kind::of("expected loss (scipy), absolute", SUMMED, loss),
        Kind::of("credible interval (scipy)", SEARCHED, credible),
        Kind::of("credible lift (scipy, brentq)", SEARCHED, lifts),
    ]
}

fn means(moments: &[MomentsCase]) -> Vec<Kind> {
    let both = |case: &MomentsCase| {
        let moments = |(visitors, mean, variance)| Moments::new(visitors, mean, variance).unwrap();
        Pair { control: moments(case.control), variant: moments(case.variant) }
    };
    let named = |case: &MomentsCase| format!("n {} and {}", case.control.0, case.variant.0);
    let look = |case: &MomentsCase| fixed_horizon::compare_moments(&[both(case)], 0.05).unwrap();
    let watch = |case: &MomentsCase| always_valid::compare_moments(&[both(case)], TUNING).unwrap();
    let evidence = |case: &MomentsCase| (named(case), watch(case).log_e_value, case.always_valid.log_e);
    vec![
        Kind::of("Welch's t (scipy)", CLOSED, moments.iter().map(|one| (named(one), look(one).statistic, one.t))),
        Kind::of("means, always valid: ln E (mpmath)", CLOSED, moments.iter().map(evidence)),
    ]
}

fn others(cases: &Cases) -> Vec<Kind> {
    let strata = cases.strata.iter().map(|case| {
        let strata: Vec<Pair<Counts>> = case.strata.iter().copied().map(pair).collect();
        let got = fixed_horizon::compare_strata(&strata, 0.05).unwrap();
        (format!("{} revisions", strata.len()), got.statistic.powi(2), case.chi_square)
    });
    let traffic = cases.traffic.iter().map(|case| {
        let got = traffic::judge(&[Split { visitors: &case.visitors, shares: &case.shares }]);
        (format!("{:?}", case.visitors), got.chi_square, case.chi_square)
    });
    let plans = cases.plans.iter().map(|case| {
        let PlanCase { rate, lift, power, ratio, variant } = *case;
        let aim = Aim { baseline_rate: rate, mde_relative: lift, power, alpha: 0.05, control_per_variant: ratio };
        (format!("rate {rate}, lift {lift}"), plan(aim).unwrap().fixed_visitors_variant, variant)
    });
    vec![
        Kind::of("revisions combined: χ² (statsmodels)", CLOSED, strata),
        Kind::of("traffic: χ² (scipy)", CLOSED, traffic),
        Kind::of("planned visitors (statsmodels)", CLOSED, plans),
    ]
}

#[test]
fn accuracy_of_every_kind_of_number_is_within_its_tolerance() {
    let cases = cases();
    let mut kinds = one_look(&cases.pairs);
    kinds.extend(watched(&cases.pairs));
    kinds.extend(believed(&cases));
    kinds.extend(means(&cases.moments));
    kinds.extend(others(&cases));
    println!("| number (reference) | cases | farthest case | ours | reference | error |");
    println!("|---|---|---|---|---|---|");
    for kind in &kinds {
        let ((what, ours, wanted), error) = kind.worst();
        let Kind { name, tolerance, figures } = kind;
        println!("| {name} | {} | {what} | {ours:.12e} | {wanted:.12e} | {error:.1e} |", figures.len());
        assert!(error <= *tolerance, "{name}: {error:e} in {what}");
    }
}
