//! Student's t distribution, for any degrees of freedom ≥ 1, whole or not.
//!
//! Published quantiles in Rust are wrong at large degrees of freedom. With T = √df·sinh(y) the density of y is
//! proportional to cosh(y)^-df, which is smooth and never underflows where it matters; its own sum normalises it.

use crate::legendre::RULE;
use crate::normal;
use crate::root;

/// How far below its start the logarithm of the density is still summed.
const DEPTH: f64 = 60.0;
/// Panels of a sum.
const PANELS: usize = 32;
/// From here on the expansion of the quantile is exact to 1e-11.
const MANY: f64 = 2000.0;

/// The chance of a deviation of at least `t` in either direction.
pub(crate) fn two_sided(t: f64, df: f64) -> f64 {
    let start = (t.abs() / df.sqrt()).asinh();
    (area_from(start, df) / area_from(0.0, df)).min(1.0)
}

/// The t that is exceeded, in one direction, with the chance `tail` (0 < `tail` < 0.5).
pub(crate) fn exceeded_with(tail: f64, df: f64) -> f64 {
    let z = normal::exceeded_with(tail);
    if df > MANY {
        return expanded(z, df);
    }
    let whole = area_from(0.0, df);
    let wanted = (2.0 * tail).ln();
    // In y, where the logarithm of the tail falls almost linearly.
    let farthest = (-wanted + 5.0) / df + 3.0;
    let y = root::crossing(0.0, farthest, |y| wanted - (area_from(y, df) / whole).ln());
    df.sqrt() * y.sinh()
}

/// Source: Abramowitz & Stegun 26.7.5.
fn expanded(z: f64, df: f64) -> f64 {
    let square = z * z;
    let first = z * (square + 1.0) / 4.0;
    let second = z * ((5.0 * square + 16.0) * square + 3.0) / 96.0;
    let third = z * (((3.0 * square + 19.0) * square + 17.0) * square - 15.0) / 384.0;
    let fourth = z * ((((79.0 * square + 776.0) * square + 1482.0) * square - 1920.0) * square - 945.0) / 92160.0;
    z + (first + (second + (third + fourth / df) / df) / df) / df
}

fn ln_cosh(y: f64) -> f64 {
    if y < 1.0 { 0.5 * (y.sinh() * y.sinh()).ln_1p() } else { y + (-2.0 * y).exp().ln_1p() - std::f64::consts::LN_2 }
}

/// ∫ cosh(y)^-df from `start` on. Where it starts far out, the sum keeps its relative precision.
fn area_from(start: f64, df: f64) -> f64 {
    let at_start = ln_cosh(start);
    let fallen = |y: f64| df * (ln_cosh(y) - at_start);
    let end = root::crossing(start, start + DEPTH / df + (2.0 * DEPTH / df).sqrt() + 1.0, |y| fallen(y) - DEPTH);
    let half = 0.5 * (end - start) / PANELS as f64;
    let panels = (0..PANELS).map(|panel| {
        let centre = start + half * (2 * panel + 1) as f64;
        let terms =
            RULE.nodes.iter().zip(RULE.weights).map(|(node, weight)| weight * (-fallen(centre + half * node)).exp());
        half * terms.sum::<f64>()
    });
    panels.sum::<f64>() * (-df * at_start).exp()
}
