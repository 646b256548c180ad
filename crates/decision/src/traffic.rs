//! Whether visitors were shared out as configured: the sample ratio mismatch, which makes results worthless.

use serde::Serialize;
use statrs::distribution::{ChiSquared, ContinuousCDF};

use crate::dirichlet;

/// How sharply the always-valid test expects the configured shares.
const CONCENTRATION: f64 = 100.0;
/// Below this an expected count is too small for the familiar test.
const LEAST_EXPECTED: f64 = 5.0;

/// What the traffic shows.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Traffic {
    /// Pearson's statistic, summed over the revisions.
    pub chi_square: f64,
    /// Its degrees of freedom.
    pub degrees_of_freedom: u32,
    /// For one look; `None` when an expected count is below 5 or only one variant takes traffic.
    pub p_value: Option<f64>,
    /// Valid at every look and every number of visitors.
    pub p_value_always_valid: f64,
    /// Somebody was seen in a variant with a share of 0, whom no test over shares sees.
    pub impossible_assignment: bool,
}

/// One revision: the visitors of each variant, and the share each should have.
#[derive(Clone, Copy, Debug)]
pub struct Split<'a> {
    /// Visitors, in the order of the variants.
    pub visitors: &'a [u64],
    /// Shares in the same order, which total 1.
    pub shares: &'a [f64],
}

/// Judges the traffic of all revisions together.
///
/// Sources: Pearson 1900; Lindon & Malek 2022 (multinomial counts, Dirichlet mixture).
pub fn judge(revisions: &[Split<'_>]) -> Traffic {
    let mut sums = Sums::default();
    for revision in revisions {
        sums.add(revision);
    }
    let tested = sums.degrees_of_freedom > 0 && sums.least_expected >= LEAST_EXPECTED;
    Traffic {
        chi_square: sums.chi_square,
        degrees_of_freedom: sums.degrees_of_freedom,
        p_value: tested.then(|| tail(sums.chi_square, sums.degrees_of_freedom)),
        p_value_always_valid: (-sums.log_e_value).exp().min(1.0),
        impossible_assignment: sums.impossible_assignment,
    }
}

fn tail(chi_square: f64, degrees_of_freedom: u32) -> f64 {
    let distribution = ChiSquared::new(f64::from(degrees_of_freedom)).expect("at least one degree of freedom");
    distribution.sf(chi_square)
}

struct Sums {
    chi_square: f64,
    degrees_of_freedom: u32,
    least_expected: f64,
    log_e_value: f64,
    impossible_assignment: bool,
}

impl Default for Sums {
    fn default() -> Self {
        Self {
            chi_square: 0.0,
            degrees_of_freedom: 0,
            least_expected: f64::INFINITY,
            log_e_value: 0.0,
            impossible_assignment: false,
        }
    }
}

impl Sums {
    fn add(&mut self, revision: &Split<'_>) {
        let paired = || revision.visitors.iter().map(|count| *count as f64).zip(revision.shares.iter().copied());
        self.impossible_assignment |= paired().any(|(count, share)| share <= 0.0 && count > 0.0);
        let (counts, shares): (Vec<f64>, Vec<f64>) = paired().filter(|(_, share)| *share > 0.0).unzip();
        let total: f64 = counts.iter().sum();
        if counts.len() < 2 || total == 0.0 {
            return;
        }
        self.degrees_of_freedom += counts.len() as u32 - 1;
        self.log_e_value += dirichlet::log_e_value(&counts, &shares, CONCENTRATION);
        for (count, share) in counts.into_iter().zip(shares) {
            let expected = total * share;
            self.chi_square += (count - expected).powi(2) / expected;
            self.least_expected = self.least_expected.min(expected);
        }
    }
}
