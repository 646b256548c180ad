//! How much light reaches a place between folds and limbs: rays are walked through the field in all directions.

use glam::Vec3;
use rayon::prelude::*;

use crate::grid::Grid;
use crate::maths::{power, soft_step, sphere_of_directions};
use crate::mesh::Mesh;

const DIRECTIONS: usize = 64;
/// How far away stone still takes light from a place.
const REACH: f32 = 0.22;

/// The light that is left at each vertex, 0 to 1.
pub fn light(field: &Grid, mesh: &Mesh) -> Vec<f32> {
    let directions: Vec<Vec3> = sphere_of_directions(DIRECTIONS).collect();
    let places = mesh.points.par_iter().zip(&mesh.normals);
    places
        .map(|(point, normal)| {
            let (mut sum, mut whole) = (0.0, 0.0);
            for direction in &directions {
                let cosine = normal.dot(*direction);
                if cosine > 0.02 {
                    whole += cosine;
                    sum += cosine * open(field, *point, *normal, *direction);
                }
            }
            // Deep folds are dark, but not black: stone is never quite without light.
            0.05 + 0.95 * power(sum / whole, 1.45)
        })
        .collect()
}

/// 1 when nothing stands in a direction, less the nearer it stands.
fn open(field: &Grid, point: Vec3, normal: Vec3, direction: Vec3) -> f32 {
    let step = field.axes[1].step_at(point.y);
    let start = point + normal * step * 0.8;
    let mut way = step * 1.5;
    while way < REACH {
        let distance = field.distance(start + direction * way);
        if distance < 0.0005 {
            return soft_step(0.0, REACH, way) * 0.8;
        }
        way += distance.clamp(step * 0.7, 0.05);
    }
    1.0
}
