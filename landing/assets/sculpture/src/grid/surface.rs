//! Surface nets: one vertex in each cell that the surface passes, at the mean of its crossings with the cell's edges, and one
//! quad around each edge that is crossed.

use glam::Vec3;

use super::Grid;
use crate::maths::v;

/// No vertex in this cell.
const NONE: u32 = u32::MAX;

/// Corners of a cell: bit 0 is x, bit 1 is y, bit 2 is z.
const CORNERS: [[usize; 3]; 8] =
    [[0, 0, 0], [1, 0, 0], [0, 1, 0], [1, 1, 0], [0, 0, 1], [1, 0, 1], [0, 1, 1], [1, 1, 1]];

impl Grid {
    /// The surface where the distance is 0: vertices, and triangles that face outward.
    pub fn surface(&self) -> (Vec<Vec3>, Vec<u32>) {
        let (points, cells) = self.vertices();
        let mut triangles = Vec::new();
        let [nx, ny, nz] = [0, 1, 2].map(|axis| self.axes[axis].len());
        for y in 1..ny - 1 {
            for z in 1..nz - 1 {
                for x in 1..nx - 1 {
                    self.quads_at(&cells, [x, y, z], &mut triangles);
                }
            }
        }
        (points, triangles)
    }

    /// One vertex per crossed cell, and which cell has which.
    fn vertices(&self) -> (Vec<Vec3>, Vec<u32>) {
        let mut cells = vec![NONE; self.values.len()];
        let mut points = Vec::new();
        let [nx, ny, nz] = [0, 1, 2].map(|axis| self.axes[axis].len());
        for y in 0..ny - 1 {
            for z in 0..nz - 1 {
                for x in 0..nx - 1 {
                    if let Some(inside) = self.crossing([x, y, z]) {
                        cells[self.index(x, y, z)] = points.len() as u32;
                        let low = self.node(x, y, z);
                        points.push(low + (self.node(x + 1, y + 1, z + 1) - low) * inside);
                    }
                }
            }
        }
        (points, cells)
    }

    /// The mean of the crossings with a cell's edges, as shares of the cell; none when the surface does not pass.
    fn crossing(&self, [x, y, z]: [usize; 3]) -> Option<Vec3> {
        let values = CORNERS.map(|[dx, dy, dz]| self.values[self.index(x + dx, y + dy, z + dz)]);
        let inside = values.iter().filter(|value| **value < 0.0).count();
        if inside == 0 || inside == values.len() {
            return None;
        }
        let (mut sum, mut count) = (Vec3::ZERO, 0.0);
        for from in 0..8 {
            for axis in 0..3 {
                let to = from | 1 << axis;
                if to == from || (values[from] < 0.0) == (values[to] < 0.0) {
                    continue;
                }
                let [cx, cy, cz] = CORNERS[from].map(|bit| bit as f32);
                sum += v(cx, cy, cz) + Vec3::AXES[axis] * (values[from] / (values[from] - values[to]));
                count += 1.0;
            }
        }
        Some(sum / count)
    }

    /// The quads around the three edges that start at a node.
    fn quads_at(&self, cells: &[u32], [x, y, z]: [usize; 3], triangles: &mut Vec<u32>) {
        let here = self.index(x, y, z);
        let (dx, dy, dz) = (1, self.axes[0].len() * self.axes[2].len(), self.axes[0].len());
        let inside = self.values[here] < 0.0;
        // For each direction of an edge, the two directions in which its four cells lie, in the order that faces along it.
        for (edge, [first, second]) in [(dx, [dy, dz]), (dy, [dz, dx]), (dz, [dx, dy])] {
            if inside == (self.values[here + edge] < 0.0) {
                continue;
            }
            let quad = [here - first - second, here - second, here, here - first].map(|cell| cells[cell]);
            let [a, b, c, d] = quad;
            if inside {
                triangles.extend([a, b, c, a, c, d]);
            } else {
                triangles.extend([a, c, b, a, d, c]);
            }
        }
    }
}
