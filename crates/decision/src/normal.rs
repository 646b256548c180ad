//! The normal distribution.

use std::f64::consts::{FRAC_1_SQRT_2, PI};

use statrs::distribution::{ContinuousCDF, Normal};

/// The chance of a deviation of at least `z` in either direction. By `erfc`, because `2(1 - Φ(z))` is 0 from 8.3 on.
pub(crate) fn two_sided(z: f64) -> f64 {
    libm::erfc(z.abs() * FRAC_1_SQRT_2)
}

/// The density at `z`.
pub(crate) fn density(z: f64) -> f64 {
    (-0.5 * z * z).exp() / (2.0 * PI).sqrt()
}

/// The `z` that is exceeded, in one direction, with the chance `tail` (0 < `tail` < 1).
pub(crate) fn exceeded_with(tail: f64) -> f64 {
    // From the lower end, where small chances keep their digits.
    -Normal::standard().inverse_cdf(tail)
}
