//! A field of distances, sampled on a grid whose steps may be finer where detail is: around the head they are half as long.

mod axis;
mod surface;

pub use axis::Axis;

use glam::Vec3;
use rayon::prelude::*;

use crate::maths::v;
use crate::solid::Solid;

/// Nodes along the edge of a block; a block that is far from every surface is sampled once.
const BLOCK: usize = 8;
/// A block this much farther from the surface than its own radius is far: farther than any blend reaches.
const FAR: f32 = 0.03;

/// Distances at the nodes of three axes.
#[derive(Clone, Debug)]
pub struct Grid {
    /// Where the nodes are, in x, y and z.
    pub axes: [Axis; 3],
    /// One distance per node: x runs fastest, then z, then y.
    pub values: Vec<f32>,
}

impl Grid {
    /// A grid that holds one value everywhere.
    pub fn filled(axes: [Axis; 3], value: f32) -> Self {
        let count = axes.iter().map(Axis::len).product();
        Self { axes, values: vec![value; count] }
    }

    /// Samples a solid. Layers are worked on in parallel, each into its own part of the grid.
    pub fn of(solid: &Solid, axes: [Axis; 3]) -> Self {
        let mut grid = Self::filled(axes, 1.0);
        let axes = &grid.axes;
        let layer = axes[0].len() * axes[2].len();
        grid.values.par_chunks_mut(layer * BLOCK).enumerate().for_each(|(index, slab)| {
            for z in (0..axes[2].len()).step_by(BLOCK) {
                for x in (0..axes[0].len()).step_by(BLOCK) {
                    sample_block(solid, axes, [x, index * BLOCK, z], slab);
                }
            }
        });
        grid
    }

    /// The place of a node in `values`.
    pub fn index(&self, x: usize, y: usize, z: usize) -> usize {
        (y * self.axes[2].len() + z) * self.axes[0].len() + x
    }

    /// Where a node is.
    pub fn node(&self, x: usize, y: usize, z: usize) -> Vec3 {
        v(self.axes[0].at(x), self.axes[1].at(y), self.axes[2].at(z))
    }

    /// Changes each node by where it is.
    pub fn change(&mut self, change: impl Fn(Vec3, f32) -> f32 + Sync) {
        let [along, up, across] = &self.axes;
        self.values.par_chunks_mut(along.len()).enumerate().for_each(|(row, values)| {
            let (y, z) = (up.at(row / across.len()), across.at(row % across.len()));
            for (x, value) in values.iter_mut().enumerate() {
                *value = change(v(along.at(x), y, z), *value);
            }
        });
    }

    /// The distance between the nodes; outside the grid, that of its border.
    pub fn distance(&self, point: Vec3) -> f32 {
        let [(x, fx), (y, fy), (z, fz)] =
            [self.axes[0].locate(point.x), self.axes[1].locate(point.y), self.axes[2].locate(point.z)];
        let (row, layer) = (self.axes[0].len(), self.axes[0].len() * self.axes[2].len());
        let corner = self.index(x, y, z);
        let edge = |at: usize| self.values[at] + (self.values[at + 1] - self.values[at]) * fx;
        let side = |at: usize| edge(at) + (edge(at + row) - edge(at)) * fz;
        side(corner) + (side(corner + layer) - side(corner)) * fy
    }

    /// The direction away from the surface.
    pub fn normal(&self, point: Vec3) -> Vec3 {
        let step = [0, 1, 2].map(|axis| self.axes[axis].step_at(point[axis]) * 0.7);
        let slope = |axis: usize| {
            let offset = Vec3::AXES[axis] * step[axis];
            (self.distance(point + offset) - self.distance(point - offset)) / step[axis]
        };
        v(slope(0), slope(1), slope(2)).normalize_or(Vec3::Y)
    }
}

/// Samples one block, with only those parts of the solid that matter in it.
fn sample_block(solid: &Solid, axes: &[Axis; 3], first: [usize; 3], slab: &mut [f32]) {
    let last = [0, 1, 2].map(|axis| (first[axis] + BLOCK).min(axes[axis].len()) - 1);
    let corner = |node: [usize; 3]| v(axes[0].at(node[0]), axes[1].at(node[1]), axes[2].at(node[2]));
    let (low, high) = (corner(first), corner(last));
    let (centre, radius) = ((low + high) * 0.5, (high - low).length() * 0.5);
    let distance = solid.distance(centre);
    let far = distance.abs() > radius * 1.3 + FAR;
    let near = if far { Solid::default() } else { solid.near(centre, radius) };
    for y in first[1]..=last[1] {
        for z in first[2]..=last[2] {
            for x in first[0]..=last[0] {
                let place = ((y - first[1]) * axes[2].len() + z) * axes[0].len() + x;
                slab[place] = if far { distance } else { near.distance(corner([x, y, z])) };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::skeleton::Bone;

    fn ball() -> Grid {
        let mut solid = Solid::default();
        solid.ellipsoid(Bone::Hips, Vec3::ZERO, Vec3::splat(0.3), glam::Quat::IDENTITY, 0.0);
        let axis = || Axis::refined(-0.5, 0.5, 0.02, &[(-0.1, 0.1, 0.01)]);
        Grid::of(&solid, [axis(), axis(), axis()])
    }

    #[test]
    fn distances_and_normals_are_those_of_the_solid() {
        let grid = ball();
        for direction in crate::maths::sphere_of_directions(50) {
            let point = direction * 0.31;
            assert!((grid.distance(point) - 0.01).abs() < 2e-3);
            assert!(grid.normal(point).dot(direction) > 0.99);
        }
    }

    #[test]
    fn the_surface_of_a_ball_is_closed_and_faces_outward() {
        let (points, triangles) = ball().surface();
        let mut edges = std::collections::HashMap::new();
        let mut volume = 0.0;
        for triangle in triangles.chunks(3) {
            let [a, b, c] = [0, 1, 2].map(|corner| points[triangle[corner] as usize]);
            volume += a.dot(b.cross(c)) / 6.0;
            for side in 0..3 {
                let (from, to) = (triangle[side], triangle[(side + 1) % 3]);
                *edges.entry((from.min(to), from.max(to))).or_insert(0) += if from < to { 1 } else { -1 };
            }
        }
        assert!(edges.values().all(|&balance| balance == 0));
        let expected = 4.0 / 3.0 * std::f32::consts::PI * 0.027;
        assert!((volume / expected - 1.0).abs() < 0.02, "{volume} instead of {expected}");
    }
}
