//! Chances and losses: what the counts say about who is better, as an explanation beside the verdict, never as a rule
//! for stopping ("stop at 95 %" calls a winner in more than half of all tests without difference).
//!
//! Exact by quadrature: the same counts always give the same digits.

use serde::Serialize;

use crate::beta::{Beta, PANELS, rate};
use crate::counts::{Counts, Interval, Moments};
use crate::joint::{self, Arm, Axis, Ranking};
use crate::legendre::{NODES, RULE};
use crate::{normal, root};

/// What is believed of every rate before anybody came: a Beta distribution.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Prior {
    /// Conversions it is worth; above 0.
    pub alpha: f64,
    /// Visitors without conversion it is worth; above 0.
    pub beta: f64,
}

impl Prior {
    /// One observation of the rarer outcome at the experiment's own rate. Beta(1, 1) would pull small variants towards
    /// one half and tell 0 of 20 against 0 of 180 a likely winner.
    pub fn pooled(variants: &[Counts]) -> Self {
        let sum = |part: fn(Counts) -> f64| variants.iter().map(|counts| part(*counts)).sum::<f64>();
        let (successes, failures) = (sum(Counts::successes) + 0.5, sum(Counts::failures) + 0.5);
        if successes <= failures {
            Self { alpha: 1.0, beta: failures / successes }
        } else {
            Self { alpha: successes / failures, beta: 1.0 }
        }
    }
}

/// What is believed of every variant.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Posterior {
    /// In the order of the counts.
    pub variants: Vec<VariantPosterior>,
    /// Every variant but the first against the first, which is control.
    pub comparisons: Vec<Comparison>,
}

/// What is believed of one variant.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct VariantPosterior {
    /// The mean of its rate.
    pub mean: f64,
    /// What its rate lies in with the chance `1 - alpha`.
    pub credible_interval: Interval,
    /// The chance that no other is better.
    pub probability_best: f64,
    /// By how much, on average, the best exceeds it; for shares, times the visitors it is lost conversions.
    pub expected_loss: f64,
}

/// What is believed of a variant against control.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Comparison {
    /// The chance that it is better.
    pub chance_to_beat_control: f64,
    /// What is lost on average where it is worse.
    pub expected_loss: f64,
    /// What is gained on average where it is better.
    pub expected_gain: f64,
    /// What the difference lies in with the chance `1 - alpha`.
    pub absolute_interval: Interval,
    /// What the lift lies in with the chance `1 - alpha`; `None` for means, over whose sign nothing is believed.
    pub relative_interval: Option<Interval>,
}

/// Judges shares; the first of `variants` is control. `None` while one has no visitors.
pub fn judge_counts(variants: &[Counts], prior: Prior, alpha: f64) -> Option<Posterior> {
    if variants.iter().any(|counts| counts.visitors() == 0) {
        return None;
    }
    let posterior = |counts: &Counts| Beta::new(prior.alpha + counts.successes(), prior.beta + counts.failures());
    let betas: Vec<Beta> = variants.iter().map(posterior).collect();
    let control = betas.first()?;
    let arm = |beta| Arm {
        low: Beta::low(beta),
        high: Beta::high(beta),
        panels: PANELS,
        density: Box::new(move |place| beta.density(place - beta.peak)),
    };
    let slope = |place| rate(place) * rate(-place);
    let ranking = joint::rank(&betas.iter().map(arm).collect::<Vec<_>>(), &Axis { value: rate, slope });
    let nodes = Nodes::of(control);
    let intervals = betas[1..].iter().map(|beta| (nodes.difference(beta, alpha), Some(nodes.lift(beta, alpha))));
    let variants = betas.iter().map(|beta| (beta.mean(), beta.interval(alpha)));
    Some(Posterior::of(&ranking, variants, intervals))
}

/// Judges means, with a flat prior; the first is control. `None` while one has fewer than two values, or no spread.
pub fn judge_moments(variants: &[Moments], alpha: f64) -> Option<Posterior> {
    let error = |moments: &Moments| (moments.variance() / moments.size()).sqrt();
    if variants.is_empty() || variants.iter().any(|moments| moments.visitors() < 2 || error(moments) <= 0.0) {
        return None;
    }
    const FAR: f64 = 11.0;
    let arm = |moments: &Moments| {
        let (mean, error) = (moments.mean(), error(moments));
        Arm {
            low: mean - FAR * error,
            high: mean + FAR * error,
            panels: PANELS,
            density: Box::new(move |place| normal::density((place - mean) / error) / error) as _,
        }
    };
    let axis = Axis { value: |place| place, slope: |_| 1.0 };
    let ranking = joint::rank(&variants.iter().map(arm).collect::<Vec<_>>(), &axis);
    let z = normal::exceeded_with(0.5 * alpha);
    let around = |centre: f64, half: f64| Interval { low: centre - half, high: centre + half };
    let control = variants[0];
    let intervals = variants[1..]
        .iter()
        .map(|moments| (around(moments.mean() - control.mean(), z * error(moments).hypot(error(&control))), None));
    let own = variants.iter().map(|moments| (moments.mean(), around(moments.mean(), z * error(moments))));
    Some(Posterior::of(&ranking, own, intervals))
}

impl Posterior {
    fn of(
        ranking: &Ranking,
        variants: impl Iterator<Item = (f64, Interval)>,
        intervals: impl Iterator<Item = (Interval, Option<Interval>)>,
    ) -> Self {
        let variants = variants.enumerate().map(|(position, (mean, credible_interval))| VariantPosterior {
            mean,
            credible_interval,
            probability_best: ranking.best[position].clamp(0.0, 1.0),
            expected_loss: ranking.loss[position],
        });
        let comparisons = intervals.zip(1..).map(|((absolute_interval, relative_interval), position)| Comparison {
            chance_to_beat_control: ranking.beats_first[position].clamp(0.0, 1.0),
            expected_loss: ranking.behind_first[position],
            expected_gain: ranking.ahead_of_first[position],
            absolute_interval,
            relative_interval,
        });
        Self { variants: variants.collect(), comparisons: comparisons.collect() }
    }
}

/// Control's rates, with what each weighs: the sum that every interval against it asks for again and again.
struct Nodes<'a> {
    control: &'a Beta,
    /// Panel by panel: a rate, and what it weighs.
    panels: Vec<[(f64, f64); NODES]>,
}

/// What a rate of control becomes before the other's is compared with it, and between which rates that lies in 0 to 1.
struct Moved<F> {
    to: F,
    /// Control's rate that becomes 0: nothing of the other lies below.
    zero: f64,
    /// Control's rate that becomes 1: all of the other lies below.
    one: f64,
}

impl<'a> Nodes<'a> {
    /// Panels towards a kink, each a fifth of the one before: the sum stays exact where the other's chances bend.
    const GRADES: usize = 8;
    /// A chance that is met so nearly is met: sums of this many terms have no more digits.
    const SETTLED: f64 = 1e-14;
    /// Panels whose nodes weigh less are in no digit of an interval.
    const LEAST_WEIGHT: f64 = 1e-16;

    fn of(control: &'a Beta) -> Self {
        let edge = |panel: usize| Beta::low(control) + control.width() * panel as f64;
        let panels = (0..PANELS).map(|panel| Self::weighed(control, edge(panel), edge(panel + 1))).collect();
        Self { control, panels }
    }

    fn weighed(control: &Beta, start: f64, end: f64) -> [(f64, f64); NODES] {
        let (centre, half) = (0.5 * (start + end), 0.5 * (end - start));
        std::array::from_fn(|position| {
            let place = centre + half * RULE.nodes[position];
            (rate(place), RULE.weights[position] * half * control.density(place - control.peak))
        })
    }

    /// The chance that the other's rate is at most what control's becomes.
    fn chance(&self, other: &Beta, moved: &Moved<impl Fn(f64) -> f64>) -> f64 {
        let term = |(rate, weight): &(f64, f64)| {
            let moved = (moved.to)(*rate);
            let below = if moved <= 0.0 {
                0.0
            } else if moved >= 1.0 {
                1.0
            } else {
                other.below(moved.ln() - (-moved).ln_1p() - other.peak)
            };
            weight * below
        };
        let (first, last) = (logit(moved.zero), logit(moved.one));
        let (mut sum, width) = (0.0, self.control.width());
        for (panel, nodes) in self.panels.iter().enumerate() {
            let start = Beta::low(self.control) + width * panel as f64;
            let end = start + width;
            let light = nodes.iter().all(|(_, weight)| *weight < Self::LEAST_WEIGHT);
            if light || end <= first || start >= last {
                continue;
            }
            if first <= start && end <= last {
                sum += nodes.iter().map(term).sum::<f64>();
            } else {
                let pieces = graded(start.max(first), end.min(last), start < first, end > last);
                sum += pieces
                    .flat_map(|(start, end)| Self::weighed(self.control, start, end))
                    .map(|node| term(&node))
                    .sum::<f64>();
            }
        }
        sum + 1.0 - self.control.below(last - self.control.peak)
    }

    /// Where a normal distribution has this chance below it, in standard deviations: where the search begins.
    fn deviation(chance: f64) -> f64 {
        if chance < 0.5 { -normal::exceeded_with(chance) } else { normal::exceeded_with(1.0 - chance) }
    }

    fn lift(&self, other: &Beta, alpha: f64) -> Interval {
        let centre = (other.mean() / self.control.mean()).ln();
        let reach = 12.0 * (other.log_spread() + self.control.log_spread());
        let end = |chance: f64| {
            let chance_at = |log_ratio: f64| {
                let ratio = log_ratio.exp();
                self.chance(other, &Moved { to: |rate| rate * ratio, zero: 0.0, one: 1.0 / ratio }) - chance
            };
            let guess = centre + Self::deviation(chance) * self.control.log_spread().hypot(other.log_spread());
            root::crossing_near(guess, centre - reach, centre + reach, Self::SETTLED, chance_at).exp_m1()
        };
        Interval { low: end(0.5 * alpha), high: end(1.0 - 0.5 * alpha) }
    }

    fn difference(&self, other: &Beta, alpha: f64) -> Interval {
        let centre = other.mean() - self.control.mean();
        let reach = 12.0 * (other.spread() + self.control.spread());
        let end = |chance: f64| {
            let chance_at =
                |by: f64| self.chance(other, &Moved { to: |rate| rate + by, zero: -by, one: 1.0 - by }) - chance;
            let guess = centre + Self::deviation(chance) * self.control.spread().hypot(other.spread());
            root::crossing_near(guess, (centre - reach).max(-1.0), (centre + reach).min(1.0), Self::SETTLED, chance_at)
        };
        Interval { low: end(0.5 * alpha), high: end(1.0 - 0.5 * alpha) }
    }
}

/// The logit of a rate; of one outside 0 to 1, infinitely far.
fn logit(rate: f64) -> f64 {
    if rate <= 0.0 {
        f64::NEG_INFINITY
    } else if rate >= 1.0 {
        f64::INFINITY
    } else {
        rate.ln() - (-rate).ln_1p()
    }
}

/// A stretch in pieces that grow finer towards the ends that are kinks.
fn graded(start: f64, end: f64, kink_at_start: bool, kink_at_end: bool) -> impl Iterator<Item = (f64, f64)> {
    let middle = match (kink_at_start, kink_at_end) {
        (true, true) => 0.5 * (start + end),
        (true, false) => end,
        (false, _) => start,
    };
    let towards = |kink: f64| {
        let edge = move |grade: usize| {
            if grade == Nodes::GRADES { kink } else { kink + (middle - kink) * 0.2_f64.powi(grade as i32) }
        };
        (0..Nodes::GRADES).map(move |grade| (edge(grade).min(edge(grade + 1)), edge(grade).max(edge(grade + 1))))
    };
    towards(start).chain(towards(end)).filter(|(start, end)| start < end)
}
