//! Contact shadows on the plinth: one for the sleeper, one for who stands.
//!
//! A file of this kind cannot fade a thing. So each shadow is a few thin ones, one above the other, which share one mesh:
//! sunk into the plinth one by one, they leave a little more light each time.

use std::rc::Rc;

use glam::Vec3;

use super::plinth::TOP;
use super::{Ornament, Place};
use crate::material::Material;
use crate::maths::{power, soft_step, v};
use crate::mesh::Mesh;
use crate::rise::{DURATION, pose};

/// How many thin shadows make a whole one.
const LAYERS: usize = 6;
/// How high the lowest lies over the plinth, and how high each next one lies over it.
const LOWEST: f32 = 0.0012;
const STEP: f32 = 0.0003;
/// How deep a layer goes that is not to be seen.
const SUNK: f32 = 0.03;
/// Cells of the shadow, and of what stands over it.
const CELL: f32 = 0.034;
const RELIEF: f32 = 0.04;
/// Stone higher than this casts none.
const CEILING: f32 = 0.45;
/// Fainter shadow is left out.
const FAINTEST: f32 = 0.03;

/// Both shadows.
pub fn shadows(statue: &Mesh) -> Vec<Ornament> {
    let moments = [("ShadowLying", 0.0, 0.25, 1.05), ("ShadowStanding", DURATION, 2.45, 1.75)];
    let mut layers = Vec::new();
    for (name, cast_at, full, gone) in moments {
        let mesh = Rc::new(shadow(&pose(cast_at).points_of(statue)));
        for layer in 0..LAYERS {
            // The uppermost goes first and comes last.
            let moment = full + (gone - full) * ((LAYERS - layer) as f32 - 0.5) / LAYERS as f32;
            let place = move |t: f32| {
                let is_sunk = (t > moment) == (gone > full);
                let height = if is_sunk { -SUNK } else { STEP * layer as f32 };
                Place { at: v(0.0, height, 0.0), ..Place::ORIGIN }
            };
            let (name, mesh, place) = (format!("{name}{}", layer + 1), Rc::clone(&mesh), Box::new(place));
            layers.push(Ornament { name, mesh, material: Material::Shadow, carrier: None, place });
        }
    }
    layers
}

/// The lowest stone over each cell of the plinth.
struct Overhang {
    columns: usize,
    heights: Vec<Option<f32>>,
}

impl Overhang {
    fn of(points: &[Vec3]) -> Self {
        let columns = (TOP.x * 2.0 / RELIEF) as usize + 1;
        let rows = (TOP.y * 2.0 / RELIEF) as usize + 1;
        let mut heights = vec![None; columns * rows];
        for point in points.iter().filter(|point| point.y < CEILING) {
            let (x, z) = ((point.x + TOP.x) / RELIEF, (point.z + TOP.y) / RELIEF);
            if x >= 0.0 && z >= 0.0 && (x as usize) < columns && (z as usize) < rows {
                let height: &mut Option<f32> = &mut heights[z as usize * columns + x as usize];
                *height = Some(height.map_or(point.y, |lowest| lowest.min(point.y)));
            }
        }
        Self { columns, heights }
    }

    /// The share of the sky that is taken from a place: each cell above counts by its solid angle and its cosine.
    fn dark(&self, x: f32, z: f32) -> f32 {
        let cells = self.heights.iter().enumerate().filter_map(|(cell, height)| height.map(|height| (cell, height)));
        let taken: f32 = cells
            .map(|(cell, height)| {
                let dx = (cell % self.columns) as f32 * RELIEF + RELIEF * 0.5 - TOP.x - x;
                let dz = (cell / self.columns) as f32 * RELIEF + RELIEF * 0.5 - TOP.y - z;
                let height = height.max(0.012);
                let distance2 = dx * dx + dz * dz + height * height;
                height * height * RELIEF * RELIEF / (std::f32::consts::PI * distance2 * distance2)
            })
            .sum();
        taken.min(1.0)
    }
}

fn shadow(points: &[Vec3]) -> Mesh {
    let overhang = Overhang::of(points);
    let columns = (TOP.x * 2.0 / CELL) as usize;
    let rows = (TOP.y * 2.0 / CELL) as usize;
    let at = |column: usize, row: usize| (column as f32 * CELL - TOP.x + 0.02, row as f32 * CELL - TOP.y + 0.02);
    let dark: Vec<f32> = (0..columns * rows)
        .map(|cell| {
            let (x, z) = at(cell % columns, cell / columns);
            // The last centimetres before the edge are left out: a shadow does not stand over a step.
            let edge = soft_step(0.0, 0.06, (TOP.x - x.abs()).min(TOP.y - z.abs()) - 0.015);
            (power(overhang.dark(x, z), 0.8) * 0.94 * edge - FAINTEST).max(0.0)
        })
        .collect();
    let mut mesh = Mesh::default();
    let mut numbers = vec![None; dark.len()];
    for row in 0..rows - 1 {
        for column in 0..columns - 1 {
            let cells = [(column, row), (column, row + 1), (column + 1, row + 1), (column + 1, row)];
            if cells.iter().all(|(column, row)| dark[row * columns + column] == 0.0) {
                continue;
            }
            let [a, b, c, d] = cells.map(|(column, row)| {
                let cell = row * columns + column;
                *numbers[cell].get_or_insert_with(|| {
                    let (x, z) = at(column, row);
                    let vertex = mesh.vertex(v(x, LOWEST, z), Vec3::Y, Vec3::ZERO);
                    // What light a layer lets through, all layers together let through as much as the shadow.
                    mesh.colours[vertex as usize][3] = 1.0 - power(1.0 - dark[cell].min(0.99), 1.0 / LAYERS as f32);
                    vertex
                })
            });
            mesh.triangles.extend([a, b, c, a, c, d]);
        }
    }
    mesh
}
