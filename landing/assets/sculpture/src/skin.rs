//! Which bones each vertex follows: first a rule for each place, then diffusion along the mesh, so that the skin bends softly.

use glam::Vec3;
use rayon::prelude::*;

use crate::drapery::Drapery;
use crate::maths::{mix, soft_step};
use crate::mesh::{Bonds, Mesh};
use crate::skeleton::{BONE_COUNT, Bone, Bone::*};
use crate::solid::Solid;

/// How often each vertex takes over half of what its neighbours follow.
const ROUNDS: usize = 26;

/// A weight for every bone.
type Weights = [f32; BONE_COUNT];

/// The bonds of all vertices.
pub fn bonds(mesh: &Mesh, body: &Solid, drapery: &Drapery) -> Vec<Bonds> {
    let first: Vec<Weights> = mesh.points.par_iter().map(|point| rule(*point, body, drapery)).collect();
    let mut weights = diffuse(first, mesh);
    weights.iter_mut().for_each(soften_shoulder);
    weights.iter().map(four_heaviest).collect()
}

fn only(bone: Bone) -> Weights {
    let mut weights = [0.0; BONE_COUNT];
    weights[bone as usize] = 1.0;
    weights
}

/// Body follows the nearest bone, cloth what carries it.
fn rule(point: Vec3, body: &Solid, drapery: &Drapery) -> Weights {
    let distances = drapery.sheets().map(|sheet| {
        sheet.points.iter().map(|particle| particle.distance_squared(point)).fold(f32::MAX, f32::min).sqrt()
    });
    let nearest = (0..4).min_by(|a, b| distances[*a].total_cmp(&distances[*b])).unwrap_or(0);
    let to_cloth = distances[nearest] - 0.0065;
    let to_body = body.distance(point);
    let is_roll = point.y > 0.90 && point.y < 1.12 && to_body > 0.004 && to_cloth > 0.01;
    if is_roll {
        return only(Hips);
    }
    if to_body < to_cloth {
        return only(body.nearest_bone(point));
    }
    match nearest {
        0 | 1 => skirt(point),
        2 => forearm_drape(point),
        _ => shoulder_drape(point),
    }
}

/// The hips at the top, then thighs and shins, left and right.
fn skirt(point: Vec3) -> Weights {
    let mut weights = [0.0; BONE_COUNT];
    let top = soft_step(0.50, 0.98, point.y);
    let left = soft_step(-0.16, 0.20, point.x);
    let thigh = soft_step(0.42, 0.62, point.y);
    let rest = 1.0 - top;
    weights[Hips as usize] = top;
    weights[ThighLeft as usize] = rest * left * thigh;
    weights[ThighRight as usize] = rest * (1.0 - left) * thigh;
    weights[ShinLeft as usize] = rest * left * (1.0 - thigh);
    weights[ShinRight as usize] = rest * (1.0 - left) * (1.0 - thigh);
    weights
}

/// The forearm at the top, then two bones of its own.
fn forearm_drape(point: Vec3) -> Weights {
    let mut weights = [0.0; BONE_COUNT];
    let arm = soft_step(1.02, 1.13, point.y);
    let upper = soft_step(0.66, 0.90, point.y);
    weights[ForearmLeft as usize] = arm;
    weights[DrapeUpper as usize] = (1.0 - arm) * upper;
    weights[DrapeLower as usize] = (1.0 - arm) * (1.0 - upper);
    weights
}

/// Chest and spine above, what the skirt follows below.
fn shoulder_drape(point: Vec3) -> Weights {
    let above = soft_step(0.80, 1.15, point.y);
    let chest = soft_step(1.05, 1.30, point.y);
    let mut weights = skirt(point).map(|weight| weight * (1.0 - above));
    weights[Chest as usize] += above * chest;
    weights[Spine as usize] += above * (1.0 - chest);
    weights
}

fn diffuse(first: Vec<Weights>, mesh: &Mesh) -> Vec<Weights> {
    let mut neighbours: Vec<Vec<u32>> = vec![Vec::new(); mesh.points.len()];
    for triangle in mesh.triangles.chunks_exact(3) {
        for side in 0..3 {
            let (from, to) = (triangle[side], triangle[(side + 1) % 3]);
            neighbours[from as usize].push(to);
        }
    }
    // Each edge is between two triangles, which name it once from either end.
    (0..ROUNDS).fold(first, |weights, _| {
        (0..weights.len())
            .into_par_iter()
            .map(|vertex| {
                let others = &neighbours[vertex];
                let mut mixed = weights[vertex];
                for other in others {
                    (0..BONE_COUNT).for_each(|bone| mixed[bone] += weights[*other as usize][bone]);
                }
                mixed.map(|weight| weight / (1.0 + others.len() as f32))
            })
            .collect()
    })
}

/// Hands the border between chest and raised arm to the bone that turns half as far.
fn soften_shoulder(weights: &mut Weights) {
    let trunk = [ClavicleRight, Chest, Neck, Spine];
    let trunk_weight: f32 = trunk.iter().map(|bone| weights[*bone as usize]).sum();
    let arm = weights[ArmRight as usize];
    let both = arm.min(trunk_weight);
    if both > 0.0 {
        weights[DeltoidRight as usize] += 2.0 * both;
        weights[ArmRight as usize] -= both;
        for bone in trunk {
            weights[bone as usize] *= mix(1.0, 0.0, both / trunk_weight);
        }
    }
}

/// What a file can hold: four bones, heaviest first, adding up to 1.
fn four_heaviest(weights: &Weights) -> Bonds {
    let mut bonds: Vec<(Bone, f32)> = Bone::all().map(|bone| (bone, weights[bone as usize])).collect();
    bonds.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let sum: f32 = bonds[..4].iter().map(|bond| bond.1).sum();
    [0, 1, 2, 3].map(|place| (bonds[place].0, bonds[place].1 / sum))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_bonds_add_up_to_one_and_come_heaviest_first() {
        let mut weights = [0.01; BONE_COUNT];
        weights[Head as usize] = 0.5;
        weights[Neck as usize] = 0.3;
        let bonds = four_heaviest(&weights);
        assert_eq!((bonds[0].0, bonds[1].0), (Head, Neck));
        assert!((bonds.iter().map(|bond| bond.1).sum::<f32>() - 1.0).abs() < 1e-6);
    }

    #[test]
    fn the_shoulder_keeps_its_sum() {
        let mut weights = [0.0; BONE_COUNT];
        weights[ArmRight as usize] = 0.4;
        weights[Chest as usize] = 0.6;
        soften_shoulder(&mut weights);
        assert!((weights.iter().sum::<f32>() - 1.0).abs() < 1e-6);
        assert!((weights[DeltoidRight as usize] - 0.8).abs() < 1e-6);
    }
}
