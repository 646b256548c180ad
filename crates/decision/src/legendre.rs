//! Gauss–Legendre quadrature with 16 nodes, and the integral of what is known at those nodes as a polynomial.
//!
//! Source of the nodes: the roots of P₁₆ by Newton's method from Tricomi's approximation; weights 2/((1-x²)P'²).
//! Source of the running integral: the Legendre expansion, ∫Pₙ = (Pₙ₊₁ - Pₙ₋₁)/(2n+1).

use std::f64::consts::PI;
use std::sync::LazyLock;

/// Nodes a panel. With the panels of this crate the error is below 1e-14 a panel.
pub(crate) const NODES: usize = 16;

/// The rule on [-1, 1].
pub(crate) struct Rule {
    /// Where the function is asked, ascending.
    pub(crate) nodes: [f64; NODES],
    /// What its values weigh.
    pub(crate) weights: [f64; NODES],
    /// `running[k][j]`: what the value at node `j` adds to the integral from -1 to node `k`.
    pub(crate) running: [[f64; NODES]; NODES],
    /// `coefficients[n][j]`: what the value at node `j` adds to the coefficient of Pₙ of the integral from -1.
    pub(crate) integral: [[f64; NODES]; NODES + 1],
}

/// The one rule that this crate uses.
pub(crate) static RULE: LazyLock<Rule> = LazyLock::new(Rule::new);

impl Rule {
    fn new() -> Self {
        let mut nodes = [0.0; NODES];
        let mut weights = [0.0; NODES];
        for position in 0..NODES {
            let node = root(position);
            let (_, slope) = with_slope(node);
            nodes[position] = node;
            weights[position] = 2.0 / ((1.0 - node * node) * slope * slope);
        }
        let integral = integral_coefficients(&nodes, &weights);
        let mut running = [[0.0; NODES]; NODES];
        for (row, node) in running.iter_mut().zip(nodes) {
            let values = polynomials(node);
            for (j, entry) in row.iter_mut().enumerate() {
                *entry = (0..=NODES).map(|n| integral[n][j] * values[n]).sum();
            }
        }
        Self { nodes, weights, running, integral }
    }
}

/// The root of P₁₆ at `position`, ascending.
fn root(position: usize) -> f64 {
    let n = NODES as f64;
    let mut x = -(PI * (position as f64 + 0.75) / (n + 0.5)).cos();
    for _ in 0..20 {
        let (value, slope) = with_slope(x);
        x -= value / slope;
    }
    x
}

/// P₁₆ and its derivative.
fn with_slope(x: f64) -> (f64, f64) {
    let values = polynomials(x);
    let n = NODES as f64;
    (values[NODES], n * (x * values[NODES] - values[NODES - 1]) / (x * x - 1.0))
}

/// P₀ to P₁₇ at `x`, by Bonnet's recursion.
fn polynomials(x: f64) -> [f64; NODES + 2] {
    let mut values = [1.0; NODES + 2];
    values[1] = x;
    for n in 1..=NODES {
        let order = n as f64;
        values[n + 1] = ((2.0 * order + 1.0) * x * values[n] - order * values[n - 1]) / (order + 1.0);
    }
    values
}

fn integral_coefficients(nodes: &[f64; NODES], weights: &[f64; NODES]) -> [[f64; NODES]; NODES + 1] {
    let mut integral = [[0.0; NODES]; NODES + 1];
    for j in 0..NODES {
        let values = polynomials(nodes[j]);
        let half = 0.5 * weights[j];
        // ∫P₀ from -1 is P₀ + P₁.
        integral[0][j] += half;
        integral[1][j] += half;
        for n in 1..NODES {
            // The coefficient of Pₙ is (2n+1)/2 · w·Pₙ(x); its integral spreads over Pₙ₊₁ and Pₙ₋₁.
            integral[n + 1][j] += half * values[n];
            integral[n - 1][j] -= half * values[n];
        }
    }
    integral
}

/// The sum of `coefficients[n]·Pₙ(x)`, by Clenshaw's recursion.
pub(crate) fn series(coefficients: &[f64; NODES + 1], x: f64) -> f64 {
    let (mut next, mut after) = (0.0, 0.0);
    for n in (1..=NODES).rev() {
        let order = n as f64;
        let here =
            coefficients[n] + (2.0 * order + 1.0) / (order + 1.0) * x * next - (order + 1.0) / (order + 2.0) * after;
        (next, after) = (here, next);
    }
    coefficients[0] + x * next - 0.5 * after
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn polynomials_of_degree_31_are_exact() {
        for power in 0..32_i32 {
            let sum: f64 = RULE.nodes.iter().zip(RULE.weights).map(|(x, w)| w * x.powi(power)).sum();
            let exact = if power % 2 == 0 { 2.0 / f64::from(power + 1) } else { 0.0 };
            assert!((sum - exact).abs() < 1e-14, "x^{power}: {sum} against {exact}");
        }
    }

    #[test]
    fn the_running_integral_is_that_of_the_function() {
        let values = RULE.nodes.map(f64::exp);
        let mut coefficients = [0.0; NODES + 1];
        for (n, coefficient) in coefficients.iter_mut().enumerate() {
            *coefficient = (0..NODES).map(|j| RULE.integral[n][j] * values[j]).sum();
        }
        for (k, node) in RULE.nodes.iter().enumerate() {
            let exact = node.exp() - (-1.0_f64).exp();
            let sum: f64 = (0..NODES).map(|j| RULE.running[k][j] * values[j]).sum();
            assert!((sum - exact).abs() < 1e-14, "at {node}: {sum} against {exact}");
            assert!((series(&coefficients, *node) - exact).abs() < 1e-14);
        }
    }
}
