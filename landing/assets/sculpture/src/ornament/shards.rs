//! Splinters of the same marble: they lie around the sleeper, rise with him, and stay in the air.

use std::rc::Rc;

use glam::{Quat, Vec3};

use super::{Ornament, Place};
use crate::chance::Chance;
use crate::marble::STATUARY;
use crate::material::Material;
use crate::maths::{mix, sin, soft_step, v};
use crate::mesh::Mesh;

/// Where a splinter lies, where it floats at the end, how large it is, and when it leaves the ground.
struct Flight {
    lies: Vec3,
    floats: Vec3,
    radius: f32,
    leaves_at: f32,
}

const FLIGHTS: [Flight; 6] = [
    Flight { lies: v(-0.86, 0.035, 0.30), floats: v(-0.80, 0.98, 0.22), radius: 0.070, leaves_at: 0.45 },
    Flight { lies: v(0.90, 0.040, 0.26), floats: v(0.74, 1.62, -0.10), radius: 0.082, leaves_at: 0.60 },
    Flight { lies: v(0.62, 0.028, 0.35), floats: v(0.83, 0.86, 0.26), radius: 0.050, leaves_at: 0.75 },
    Flight { lies: v(-0.58, 0.022, 0.38), floats: v(-0.70, 1.50, -0.28), radius: 0.044, leaves_at: 0.65 },
    Flight { lies: v(0.30, 0.018, 0.40), floats: v(0.56, 2.06, 0.05), radius: 0.036, leaves_at: 0.85 },
    Flight { lies: v(-0.28, 0.015, 0.41), floats: v(-0.90, 1.86, 0.04), radius: 0.030, leaves_at: 0.95 },
];
const SEED: u64 = 4_242;

/// All splinters.
pub fn shards() -> impl Iterator<Item = Ornament> {
    FLIGHTS.iter().enumerate().map(|(number, flight)| {
        let mut chance = Chance::new(SEED + number as u64);
        let mesh = splinter(&mut chance, flight.radius);
        let axis = v(chance.offset(), chance.offset() + 0.6, chance.offset()).normalize_or(Vec3::Y);
        let turn = 2.4 + 2.2 * chance.share();
        let place = move |t: f32| {
            let risen = soft_step(flight.leaves_at, 2.75, t);
            // Faster than the smooth way at first, then slowly to rest: thrown, not lifted.
            let height = mix(flight.lies.y, flight.floats.y, risen) + 0.16 * sin(risen * 3.14159) * risen;
            let sideways = flight.lies.lerp(flight.floats, risen);
            Place {
                at: v(sideways.x, height, sideways.z),
                turn: Quat::from_axis_angle(axis, turn * risen),
                size: 1.0,
            }
        };
        Ornament {
            name: format!("Shard{}", number + 1),
            mesh: Rc::new(mesh),
            material: Material::Crystal,
            carrier: None,
            place: Box::new(place),
        }
    })
}

/// A long bipyramid whose belt is broken irregularly; every face is flat, as stone breaks.
fn splinter(chance: &mut Chance, radius: f32) -> Mesh {
    const SIDES: usize = 6;
    let corner = |chance: &mut Chance, side: usize, height: f32, wide: f32| {
        let angle = crate::maths::TURN * (side as f32 + 0.35 * chance.offset()) / SIDES as f32;
        let out = crate::maths::around(-angle) * wide * (0.72 + 0.40 * chance.share());
        (out + Vec3::Y * (height + 0.22 * chance.offset())) * radius
    };
    let upper: Vec<Vec3> = (0..SIDES).map(|side| corner(chance, side, 0.34, 0.78)).collect();
    let lower: Vec<Vec3> = (0..SIDES).map(|side| corner(chance, side, -0.34, 0.66)).collect();
    let top = v(0.25 * chance.offset(), 1.15 + 0.3 * chance.share(), 0.25 * chance.offset()) * radius;
    let bottom = v(0.25 * chance.offset(), -1.05 - 0.4 * chance.share(), 0.25 * chance.offset()) * radius;
    let mut mesh = Mesh::default();
    let mut face = |corners: [Vec3; 3]| {
        let middle = (corners[0] + corners[1] + corners[2]) / 3.0;
        mesh.facet(corners, STATUARY.colour(middle * 6.0, 1.0));
    };
    for side in 0..SIDES {
        let next = (side + 1) % SIDES;
        face([upper[side], upper[next], top]);
        face([upper[side], lower[side], upper[next]]);
        face([upper[next], lower[side], lower[next]]);
        face([lower[side], bottom, lower[next]]);
    }
    mesh
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_splinter_faces_outward_everywhere() {
        for seed in 0..6 {
            let mesh = splinter(&mut Chance::new(SEED + seed), 1.0);
            let outward = mesh.points.iter().zip(&mesh.normals).filter(|(point, normal)| point.dot(**normal) > 0.0);
            assert_eq!(outward.count(), mesh.points.len());
        }
    }

    #[test]
    fn splinters_lie_on_the_plinth_first_and_float_last() {
        for shard in shards() {
            assert!((shard.place)(0.0).at.y < 0.05);
            assert!((shard.place)(3.2).at.y > 0.8);
        }
    }
}
