//! Several independent distributions at once: which of them is the largest, and by how much.
//!
//! All are summed over the same panels, the merged edges of everybody's own. Every integrand is non-negative, so
//! nothing cancels. Source of the integrals: Stucchio 2014 (expected loss), by quadrature instead of sampling.

use crate::legendre::{NODES, RULE};

/// One distribution, as the sums see it.
pub(crate) struct Arm<'a> {
    /// Where it begins and ends to matter, on the common axis.
    pub(crate) low: f64,
    pub(crate) high: f64,
    /// How many panels its range needs.
    pub(crate) panels: usize,
    /// The density on the common axis.
    pub(crate) density: Box<dyn Fn(f64) -> f64 + 'a>,
}

/// What the common axis measures.
pub(crate) struct Axis {
    /// The quantity at a place of the axis.
    pub(crate) value: fn(f64) -> f64,
    /// Its slope there.
    pub(crate) slope: fn(f64) -> f64,
}

/// What came out, in the order of the arms.
#[derive(Debug, Default)]
pub(crate) struct Ranking {
    /// The chance to be the largest.
    pub(crate) best: Vec<f64>,
    /// How much, on average, the largest exceeds this one.
    pub(crate) loss: Vec<f64>,
    /// The chance to exceed the first.
    pub(crate) beats_first: Vec<f64>,
    /// How much, on average, the first exceeds this one (0 where it does not).
    pub(crate) behind_first: Vec<f64>,
    /// How much, on average, this one exceeds the first.
    pub(crate) ahead_of_first: Vec<f64>,
}

/// Ranks the arms.
pub(crate) fn rank(arms: &[Arm<'_>], axis: &Axis) -> Ranking {
    let none = || vec![0.0; arms.len()];
    let mut ranking =
        Ranking { best: none(), loss: none(), beats_first: none(), behind_first: none(), ahead_of_first: none() };
    let mut below = none();
    for edges in merged_edges(arms).windows(2) {
        let (start, end) = (edges[0], edges[1]);
        let centre = 0.5 * (start + end);
        if arms.iter().all(|arm| centre < arm.low || centre > arm.high) {
            // Between two that are far apart nothing changes, and the way across is exact.
            ranking.add(&none(), &below, (axis.value)(end) - (axis.value)(start));
        } else {
            let panel = Panel::new(arms, start, end, &below);
            for (position, node) in RULE.nodes.iter().enumerate() {
                let place = centre + 0.5 * (end - start) * node;
                let weight = 0.5 * (end - start) * RULE.weights[position];
                let mass: Vec<f64> = panel.densities.iter().map(|values| weight * values[position]).collect();
                let chances: Vec<f64> = panel.below.iter().map(|values| values[position]).collect();
                ranking.add(&mass, &chances, weight * (axis.slope)(place));
            }
            below = panel.end;
        }
    }
    ranking
}

/// Densities and chances at the nodes of one panel.
struct Panel {
    densities: Vec<[f64; NODES]>,
    below: Vec<[f64; NODES]>,
    end: Vec<f64>,
}

impl Panel {
    fn new(arms: &[Arm<'_>], start: f64, end: f64, before: &[f64]) -> Self {
        let (centre, half) = (0.5 * (start + end), 0.5 * (end - start));
        let mut panel = Self { densities: Vec::new(), below: Vec::new(), end: Vec::new() };
        for (arm, before) in arms.iter().zip(before) {
            if centre < arm.low || centre > arm.high {
                panel.densities.push([0.0; NODES]);
                panel.below.push([*before; NODES]);
                panel.end.push(*before);
                continue;
            }
            let values = RULE.nodes.map(|node| (arm.density)(centre + half * node));
            let sum = |weights: &[f64; NODES]| half * weights.iter().zip(values).map(|(w, v)| w * v).sum::<f64>();
            panel.below.push(RULE.running.each_ref().map(|row| (before + sum(row)).min(1.0)));
            panel.end.push((before + sum(&RULE.weights)).min(1.0));
            panel.densities.push(values);
        }
        panel
    }
}

impl Ranking {
    /// Adds one node: `mass` is each arm's density there times the node's weight, `below` each arm's chance to be
    /// smaller, `length` the node's share of the quantity.
    fn add(&mut self, mass: &[f64], below: &[f64], length: f64) {
        // The product over all others is that over those before times that over those after: one pass each way.
        let mut after = vec![1.0; below.len() + 1];
        for arm in (0..below.len()).rev() {
            after[arm] = after[arm + 1] * below[arm];
        }
        let mut before = 1.0;
        for arm in 0..below.len() {
            let others = before * after[arm + 1];
            before *= below[arm];
            self.best[arm] += mass[arm] * others;
            self.loss[arm] += length * below[arm] * (1.0 - others);
            self.beats_first[arm] += mass[arm] * below[0];
            self.behind_first[arm] += length * below[arm] * (1.0 - below[0]);
            self.ahead_of_first[arm] += length * below[0] * (1.0 - below[arm]);
        }
    }
}

/// Everybody's edges, without those that nobody needs: no panel is wider than the panels of those whose range it is in,
/// or than the gap between two edges.
fn merged_edges(arms: &[Arm<'_>]) -> Vec<f64> {
    let width = |arm: &Arm<'_>| (arm.high - arm.low) / arm.panels as f64;
    let edges_of =
        |arm: &Arm<'_>| (0..=arm.panels).map(move |panel| arm.low + width(arm) * panel as f64).collect::<Vec<_>>();
    let mut edges: Vec<f64> = arms.iter().flat_map(edges_of).collect();
    edges.sort_by(f64::total_cmp);
    edges.dedup();
    let mut kept: Vec<f64> = Vec::with_capacity(edges.len());
    for (position, edge) in edges.iter().enumerate() {
        let needed = match (kept.last(), edges.get(position + 1)) {
            (Some(last), Some(next)) => {
                let inside = arms.iter().filter(|arm| arm.low < *next && *last < arm.high);
                // Where nobody is, the way across is exact, but its ends must be edges.
                inside.map(width).min_by(f64::total_cmp).is_none_or(|least| next - last > least)
                    || arms.iter().all(|arm| *next <= arm.low || arm.high <= *edge)
                    || arms.iter().all(|arm| *edge <= arm.low || arm.high <= *last)
            }
            _ => true,
        };
        if needed {
            kept.push(*edge);
        }
    }
    kept
}
