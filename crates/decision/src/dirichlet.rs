//! The evidence that counts did not fall into categories with the shares they should: the Dirichlet mixture of
//! multinomials, centred on those shares. Source: Lindon & Malek 2022.
//!
//! Differences of lnΓ lose seven digits at 10^7 and all at 10^12. Written with Stirling's formula the large terms cancel
//! on paper instead: what is left is a sum of non-negative deviations, a few logarithms, and Stirling's small remainders.

use std::f64::consts::PI;

use statrs::function::gamma::ln_gamma;

/// ln E of `counts` against `shares` (all above 0, total 1), mixed with `concentration` over the shares.
pub(crate) fn log_e_value(counts: &[f64], shares: &[f64], concentration: f64) -> f64 {
    let total: f64 = counts.iter().sum();
    let all = concentration + total;
    let of_category = |(count, share): (&f64, &f64)| {
        let (prior, posterior, expected) = (concentration * share, concentration * share + count, all * share);
        let shape = prior * share.ln() - ln_gamma(prior) + remainder(posterior) - 0.5 * posterior.ln();
        shape + expected * deviation((count - total * share) / expected)
    };
    let categories: f64 = counts.iter().zip(shares).map(of_category).sum();
    let constants = ln_gamma(concentration) + 0.5 * (counts.len() as f64 - 1.0) * (2.0 * PI).ln();
    categories + constants + 0.5 * all.ln() - remainder(all)
}

/// (1+δ)·ln(1+δ) - δ, which is near δ²/2 where the plain form would cancel.
fn deviation(delta: f64) -> f64 {
    if delta <= -1.0 {
        return 1.0;
    }
    if delta.abs() > 0.05 {
        return (1.0 + delta) * delta.ln_1p() - delta;
    }
    let terms = (2..16).rev().map(f64::from);
    delta * delta * terms.fold(0.0, |sum, order| 1.0 / (order * (order - 1.0)) - delta * sum)
}

/// What Stirling's formula (x-½)·ln x - x + ½·ln 2π leaves of lnΓ(x). Source: Abramowitz & Stegun 6.1.41.
fn remainder(x: f64) -> f64 {
    if x < 12.0 {
        return ln_gamma(x) - ((x - 0.5) * x.ln() - x + 0.5 * (2.0 * PI).ln());
    }
    let square = 1.0 / (x * x);
    (1.0 / 12.0 - square * (1.0 / 360.0 - square * (1.0 / 1260.0 - square * (1.0 / 1680.0 - square / 1188.0)))) / x
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_difference_of_log_gammas_where_those_still_hold() {
        let (counts, shares, kappa) = ([520.0, 410.0, 70.0], [0.5, 0.4, 0.1], 100.0);
        let plain = ln_gamma(kappa) - ln_gamma(kappa + 1000.0)
            + counts
                .iter()
                .zip(shares)
                .map(|(n, w): (&f64, f64)| ln_gamma(kappa * w + n) - ln_gamma(kappa * w) - n * w.ln())
                .sum::<f64>();
        assert!((log_e_value(&counts, &shares, kappa) - plain).abs() < 1e-11);
    }

    #[test]
    fn nobody_is_no_evidence() {
        assert!(log_e_value(&[0.0, 0.0], &[0.3, 0.7], 100.0).abs() < 1e-12);
    }

    #[test]
    fn the_two_forms_of_the_deviation_meet() {
        for delta in [0.05, -0.05] {
            let plain = (1.0 + delta) * f64::ln_1p(delta) - delta;
            assert!((deviation(delta) - plain).abs() < 1e-16 * 100.0);
        }
    }
}
