//! The nodes along one axis of a grid: evenly spaced, or closer together in some ranges.

/// Nodes in ascending order, and a table to find them.
#[derive(Clone, Debug)]
pub struct Axis {
    nodes: Vec<f32>,
    /// For each even interval, the last node at or before its start.
    table: Vec<u32>,
    per_metre: f32,
}

impl Axis {
    /// Nodes `step` apart.
    pub fn even(low: f32, high: f32, step: f32) -> Self {
        Self::refined(low, high, step, &[])
    }

    /// Nodes `step` apart, and closer within ranges of (low, high, step), which must not overlap and be in order.
    pub fn refined(low: f32, high: f32, step: f32, ranges: &[(f32, f32, f32)]) -> Self {
        let mut nodes = vec![low];
        let mut at = low;
        while at < high {
            let here = ranges.iter().find(|range| (range.0..range.1).contains(&at)).map_or(step, |range| range.2);
            at += here;
            nodes.push(at);
        }
        let finest = ranges.iter().map(|range| range.2).fold(step, f32::min);
        let intervals = ((at - low) / finest).ceil() as usize;
        let mut node = 0;
        let table = (0..intervals)
            .map(|interval| {
                while node + 2 < nodes.len() && nodes[node + 1] <= low + interval as f32 * finest {
                    node += 1;
                }
                node as u32
            })
            .collect();
        Self { nodes, table, per_metre: 1.0 / finest }
    }

    /// How many nodes there are.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Where a node is.
    pub fn at(&self, node: usize) -> f32 {
        self.nodes[node]
    }

    /// The node before a place, and how far the place is on the way to the next, 0 to 1. Places outside count as the border.
    pub fn locate(&self, place: f32) -> (usize, f32) {
        let interval = ((place - self.nodes[0]) * self.per_metre).max(0.0) as usize;
        let mut node = self.table[interval.min(self.table.len() - 1)] as usize;
        while node + 2 < self.nodes.len() && self.nodes[node + 1] <= place {
            node += 1;
        }
        let (from, to) = (self.nodes[node], self.nodes[node + 1]);
        (node, ((place - from) / (to - from)).clamp(0.0, 1.0))
    }

    /// The step between nodes at a place.
    pub fn step_at(&self, place: f32) -> f32 {
        let (node, _) = self.locate(place);
        self.nodes[node + 1] - self.nodes[node]
    }

    /// The nodes within a range, as a half-open range of their numbers.
    pub fn within(&self, low: f32, high: f32) -> std::ops::Range<usize> {
        self.nodes.partition_point(|node| *node < low)..self.nodes.partition_point(|node| *node <= high)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_is_found_between_its_nodes() {
        let axis = Axis::refined(-1.0, 1.0, 0.1, &[(-0.3, 0.0, 0.02), (0.5, 0.6, 0.05)]);
        for step in 0..=400 {
            let place = -1.0 + 0.005 * step as f32;
            let (node, share) = axis.locate(place);
            let found = axis.at(node) + (axis.at(node + 1) - axis.at(node)) * share;
            assert!((found - place).abs() < 1e-5, "{place} was found at {found}");
        }
        assert_eq!(axis.locate(-9.0), (0, 0.0));
        assert_eq!(axis.locate(9.0), (axis.len() - 2, 1.0));
    }

    #[test]
    fn ranges_are_finer() {
        let axis = Axis::refined(0.0, 1.0, 0.1, &[(0.4, 0.6, 0.01)]);
        assert!(axis.step_at(0.5) < 0.011 && axis.step_at(0.9) > 0.09);
        assert!(axis.within(0.4, 0.6).len() >= 20);
    }
}
